import { type Context, type Span, SpanKind, type Tracer } from "@opentelemetry/api";
import type { ClientFacts, Operation, ProviderAdapter, RequestFacts, ResponseFacts } from "./adapter.ts";
import type { AttemptCounter } from "./attempts.ts";
import { CallContext } from "./call-context.ts";
import { settings } from "./config.ts";
import { type CallOutcome, names } from "./attributes.ts";
import { setBilledLines } from "./billed-lines.ts";
import { recordContent } from "./content.ts";
import { contextToStartIn, rememberTools } from "./context.ts";
import { errorType, failureOutcome, setError } from "./errors.ts";
import { identityAttributes, setAnswer, setDetails } from "./facts.ts";
import { innerErrors, observedCleanly, quietly } from "./guard.ts";
import type { Observer } from "./observer.ts";
import { isAsyncIterable } from "./stream.ts";
import { isReported, usageAttributes } from "./usage.ts";
import { estimateLater } from "./estimate.ts";
import { promptAttributes } from "./prompt/prompt-attributes.ts";
import { answerParts, type PromptPart, promptParts, textOf } from "./prompt/prompt-parts.ts";

/** What the engine asked of a stream on its own account. */
export type Asked = NonNullable<ReturnType<NonNullable<Operation["ask"]>>>;

/** One observed call of an SDK: starts its span, gathers facts and ends it exactly once. */
export class Call implements Observer, AttemptCounter {
  readonly context: Context;
  readonly entersEveryStep = false;
  attempts = 0;
  /** Set where chunks arrive that the user did not ask for. */
  asked: Asked | undefined;
  readonly #span: Span;
  readonly #tracer: Tracer;
  readonly #adapter: ProviderAdapter;
  readonly #operation: Operation;
  readonly #request: RequestFacts;
  readonly #startedAt = performance.now();
  /** Read before the call: its pieces are the texts themselves, which no later change of a message can touch. */
  readonly #prompt: readonly PromptPart[];
  #facts: ResponseFacts = {};
  #firstChunkAfter: number | undefined;
  #settled = false;
  readonly #errorsBefore = innerErrors();

  constructor(
    tracer: Tracer,
    adapter: ProviderAdapter,
    operation: Operation,
    request: RequestFacts,
    client: ClientFacts,
  ) {
    const parent = contextToStartIn();
    const name = request.operation ?? operation.name;
    this.#tracer = tracer;
    this.#adapter = adapter;
    this.#operation = operation;
    this.#request = request;
    this.#span = tracer.startSpan(
      request.model === undefined ? name : `${name} ${request.model}`,
      { kind: SpanKind.CLIENT, attributes: identityAttributes(adapter, operation, request, client) },
      parent,
    );
    this.context = new CallContext(parent, this.#span, this);
    this.#prompt = (this.#fingerprints && quietly("reading the prompt", readPrompt, request)) || [];
  }

  get #fingerprints(): boolean {
    return this.#operation.billed !== false && this.recording && settings().fingerprints;
  }

  /** False where a sampler dropped the span or there is no SDK: nothing would come of watching. */
  get recording(): boolean {
    return this.#span.isRecording();
  }

  streamIn(value: unknown): AsyncIterable<unknown> | undefined {
    const operation = this.#operation;
    if (operation.stream) return quietly("finding the stream", () => operation.stream?.(value));
    return isAsyncIterable(value) ? value : undefined;
  }

  chunk(value: unknown): boolean {
    this.#firstChunkAfter ??= performance.now() - this.#startedAt;
    if (this.#settled) return false;
    return quietly("reading a chunk", readChunk, this.#operation, this.#facts, this.asked, value) ?? false;
  }

  complete(result: unknown): void {
    if (this.#settled) return;
    const facts = quietly("reading a response", () => this.#operation.response(result));
    if (facts) this.#facts = facts;
    this.close("completed");
  }

  close(outcome: CallOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    quietly("ending a span", () => this.#finish(this.#judge(outcome)));
  }

  /** A provider may answer, and say in the answer that the call failed. */
  #judge(outcome: CallOutcome): CallOutcome {
    const { failed } = this.#facts;
    if (failed === undefined || outcome !== "completed") return outcome;
    setError(this.#span, undefined, failed);
    return "failed";
  }

  fail(error: unknown): void {
    if (this.#settled) return;
    quietly("recording a failure", () => this.#recordFailure(error));
    this.close(failureOutcome(error));
  }

  #recordFailure(error: unknown): void {
    const failure = this.#operation.failure?.(error);
    if (failure?.usage) this.#facts.usage = failure.usage;
    if (failure?.responseId !== undefined) this.#facts.id ??= failure.responseId;
    setError(this.#span, error, failure?.type ?? errorType(error));
  }

  /** Economics first: where an attribute limit cuts, it cuts what only describes. */
  #finish(outcome: CallOutcome): void {
    const span = this.#span;
    const facts = this.#facts;
    const provider = this.#request.provider ?? this.#adapter.provider;
    if (this.#operation.billed !== false) this.#setUsage(outcome);
    span.setAttribute(names.callOutcome, outcome);
    setAnswer(span, facts, provider);
    if (this.attempts > 0) span.setAttribute(names.requestAttempts, this.attempts);
    if (this.#firstChunkAfter !== undefined) {
      span.setAttribute(names.timeToFirstChunk, this.#firstChunkAfter / 1000);
    }
    setDetails(span, this.#request, facts);
    if (facts.toolCalls?.length) rememberTools(span, this.context, facts.toolCalls);
    if (facts.usage?.lines) setBilledLines(this.#tracer, this.context, facts, provider);
    if (this.#fingerprints) {
      quietly("fingerprinting", () => span.setAttributes(promptAttributes(this.#prompt, readAnswer(facts))));
    }
    recordContent(span, this.#request.content, facts.content);
    if (!this.#awaitsEstimate(outcome)) span.end();
    if (innerErrors() === this.#errorsBefore) observedCleanly();
  }

  #setUsage(outcome: CallOutcome): void {
    const { usage } = this.#facts;
    if (!isReported(usage)) return;
    this.#span.setAttributes(usageAttributes(usage));
    // A stream cut before its last count leaves the input side known and the output side open, also
    // where the provider cut it and the SDK lets that pass for an end.
    const partial = usage.output?.total === undefined && (usage.output !== undefined || outcome !== "completed");
    this.#span.setAttribute(names.usageSource, partial ? "partial" : "reported");
  }

  #awaitsEstimate(outcome: CallOutcome): boolean {
    const { usage, pending } = this.#facts;
    if (this.#operation.billed === false || isReported(usage) || pending) return false;
    // Refused before anything was generated: nothing to count.
    if (outcome === "failed" && this.#firstChunkAfter === undefined) return false;
    return estimateLater(
      this.#span,
      () => textOf(this.#prompt.length > 0 ? this.#prompt : readPrompt(this.#request)),
      () => textOf(readAnswer(this.#facts)),
    );
  }
}

const readPrompt = (request: RequestFacts): PromptPart[] => promptParts(request.content?.() ?? {});
const readAnswer = (facts: ResponseFacts): PromptPart[] => answerParts(facts.content?.() ?? {});

function readChunk(operation: Operation, facts: ResponseFacts, asked: Asked | undefined, value: unknown): boolean {
  operation.fold?.(facts, value);
  if (!asked) return false;
  if (asked.hide(value)) return true;
  asked.restore?.(value);
  return false;
}
