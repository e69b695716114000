/** A fault that will pass: the sender keeps what it sent and tries again after a while. */
export class PassingFault extends Error {
  /** 429 when the receiver has too much at hand, 503 when the store cannot take it. */
  readonly status: 429 | 503;
  readonly retryAfterSeconds: number;

  constructor(status: 429 | 503, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PassingFault";
    this.status = status;
    this.retryAfterSeconds = status === 429 ? 1 : 2;
  }
}
