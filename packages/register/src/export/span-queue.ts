import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { processState } from "@tokenledger/core";
import { findDestination } from "./destination.ts";
import { Holding } from "./holding.ts";
import { OpenSpans } from "./open-spans.ts";
import { post, type Answer } from "./post.ts";
import { approximateBytes, encode } from "./span-batch.ts";

/** Sizes and times of a {@link SpanQueue}. */
export interface QueueLimits {
  /** How long a span may wait for others to travel with, in milliseconds. */
  readonly delayMillis: number;
  readonly batchSpans: number;
  /** What may wait in memory; beyond it the oldest are held on disk. */
  readonly queuedSpans: number;
  readonly queuedBytes: number;
  /** How long unsent spans may delay the end of the process, in milliseconds. */
  readonly exitMillis: number;
}

/** How long a sender waits before it tries again, at first and at most. */
export const firstRetryMillis = 1_000;
export const longestRetryMillis = 30_000;

/**
 * Sends spans in batches and loses none in silence.
 *
 * Every span that ends is sent, or held in the spool for the next start, or declared lost. Requests
 * and timers do not keep the process alive, except for one short timer while spans are on their way:
 * a program that returns right after its last call then still delivers it, and `beforeExit` fires
 * once, as it does without us.
 */
export class SpanQueue implements SpanProcessor {
  readonly #home: string;
  readonly #limits: QueueLimits;
  readonly #holding: Holding;
  readonly #open = new OpenSpans();
  #batchSpans: number;
  #pending: ReadableSpan[] = [];
  #pendingBytes = 0;
  #inFlight: readonly ReadableSpan[] = [];
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;
  #retryMillis = 0;
  #exiting = false;

  constructor(home: string, limits: QueueLimits, holding: Holding) {
    this.#home = home;
    this.#limits = limits;
    this.#holding = holding;
    this.#batchSpans = limits.batchSpans;
  }

  onStart(span: Span, _parent: Context): void {
    this.#open.add(span);
  }

  onEnd(span: ReadableSpan): void {
    this.#open.delete(span);
    if ((span.spanContext().traceFlags & 1) === 0) return;
    this.#pending.push(span);
    this.#pendingBytes += approximateBytes([span]);
    if (this.#exiting) return this.hold();
    if (this.#pending.length > this.#limits.queuedSpans || this.#pendingBytes > this.#limits.queuedBytes) this.#spill();
    this.#stay();
    this.#schedule(this.#pending.length >= this.#batchSpans ? 0 : this.#limits.delayMillis);
  }

  /** Sends what waits, now. Settles when all is sent or a request has failed. */
  async forceFlush(): Promise<void> {
    this.#clearTimer();
    await this.#sending;
    await this.#send();
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    this.hold();
  }

  /**
   * For the end of the process: ends spans that wait for an estimate and calls that are under way, and
   * holds all that is not known to be stored.
   */
  finish(): void {
    this.#exiting = true;
    for (const end of processState().waiting) end();
    this.#open.endAll();
    this.hold();
  }

  /**
   * Writes everything that is not known to be stored to the spool, at once. A batch that is on its
   * way is held too: it may arrive twice, which the ledger undoes, but never not at all.
   */
  hold(): void {
    const spans = [...this.#inFlight, ...this.#pending];
    this.#inFlight = [];
    this.#take(this.#pending.length);
    this.#leave();
    this.#holding.hold(findDestination(this.#home).key, spans);
  }

  #schedule(delayMillis: number): void {
    const wait = Math.max(delayMillis, this.#retryMillis);
    if (this.#sending !== undefined || (this.#timer !== undefined && wait > 0)) return;
    this.#clearTimer();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, wait).unref();
  }

  /** Never rejects: nobody waits for it but us. */
  #send(): Promise<void> {
    this.#sending ??= this.#sendAll()
      .catch((error: unknown) => {
        this.#holding.account({ kind: "refused", reason: String(error) }, this.#inFlight.length, "json");
        this.#inFlight = [];
      })
      .finally(() => {
        this.#sending = undefined;
        if (this.#pending.length > 0) this.#schedule(this.#limits.delayMillis);
      });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#take(this.#batchSpans);
      this.#inFlight = batch;
      const destination = findDestination(this.#home);
      const answer = await post(destination, encode(batch, destination.format));
      // Held by `hold` while it was on its way.
      if (this.#inFlight !== batch) return;
      this.#inFlight = [];
      if (!this.#settle(batch, answer, destination.format)) break;
    }
    if (this.#retryMillis === 0) await this.#holding.drain(findDestination(this.#home));
    this.#leave();
  }

  /** Accounts for a batch by its answer; false where sending should pause. */
  #settle(batch: readonly ReadableSpan[], answer: Answer, format: "json" | "protobuf"): boolean {
    if (answer.kind === "later") {
      this.#pending.unshift(...batch);
      this.#pendingBytes += approximateBytes(batch);
      this.#retryMillis = Math.min(longestRetryMillis, this.#retryMillis * 2 || firstRetryMillis);
      if (answer.afterMillis !== undefined) this.#retryMillis = Math.min(longestRetryMillis, answer.afterMillis);
      return false;
    }
    this.#retryMillis = 0;
    if (answer.kind === "too-large" && batch.length > 1) {
      this.#pending.unshift(...batch);
      this.#pendingBytes += approximateBytes(batch);
      this.#batchSpans = Math.ceil(batch.length / 2);
      return true;
    }
    this.#holding.account(answer, batch.length, format);
    return true;
  }

  #take(count: number): ReadableSpan[] {
    const taken = this.#pending.splice(0, count);
    this.#pendingBytes -= approximateBytes(taken);
    return taken;
  }

  #spill(): void {
    this.#holding.hold(findDestination(this.#home).key, this.#take(this.#batchSpans));
  }

  #stay(): void {
    if (this.#retryMillis > 0) return;
    if (this.#linger === undefined)
      this.#linger = setTimeout(() => (this.#linger = undefined), this.#limits.exitMillis);
    else this.#linger.refresh();
  }

  #leave(): void {
    clearTimeout(this.#linger);
    this.#linger = undefined;
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
