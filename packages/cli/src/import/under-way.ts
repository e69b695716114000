/** Work that runs side by side, as much at once as its weight allows. The first failure ends it all. */
export class UnderWay {
  readonly #limit: number;
  readonly #running: Set<Promise<void>> = new Set();
  #weight = 0;
  #failure: { error: unknown } | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Starts a piece of work as soon as there is room for it. @throws what an earlier piece threw */
  async start(weight: number, work: () => Promise<void>): Promise<void> {
    while (this.#weight > 0 && this.#weight + weight > this.#limit) await Promise.race(this.#running);
    this.#throwFailure();
    this.#weight += weight;
    const running = work()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#weight -= weight;
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  /** Waits for everything. @throws what a piece threw */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
