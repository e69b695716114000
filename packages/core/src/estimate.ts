import { Worker } from "node:worker_threads";
import type { Span } from "@opentelemetry/api";
import { names } from "./attributes.ts";
import { settings } from "./config.ts";
import { quietly } from "./guard.ts";
import { processState } from "./process-state.ts";
import { sampleOf } from "./text-sample.ts";
import { totalAttributes } from "./token-classes.ts";
import type { CountReply, CountRequest } from "./worker.ts";

/** How long a span waits for its counts, in milliseconds; then it ends without them. */
const patience = 10_000;
/** Spans that may wait at once; beyond it they end without an estimate. */
const longestQueue = 1_000;
/** How long an unused worker lives, in milliseconds: it holds some 60 MB of vocabulary. */
const idleTime = 60_000;

type Text = () => string;

/**
 * Counts, where the provider reported no usage, what the call's texts come to under a public
 * vocabulary. Happens on another thread and after the user has their result; the span stays open for
 * it but keeps the time at which the call ended. False where nothing will be counted: the caller then
 * ends the span itself.
 */
export function estimateLater(span: Span, input: Text, output: Text): boolean {
  if (!settings().estimateUsage || unavailable) return false;
  const { waiting } = processState();
  if (waiting.size >= longestQueue) return false;
  return quietly("starting an estimate", start, span, input, output) ?? false;
}

function start(span: Span, input: Text, output: Text): boolean {
  const { waiting } = processState();
  const request = { id: (lastId += 1), input: sample(input()), output: sample(output()) };
  if (!request.input && !request.output) return false;
  const endTime = performance.now();
  counter().postMessage(request satisfies CountRequest);
  const timer = setTimeout(() => end(), patience).unref();
  const end = (): void => {
    clearTimeout(timer);
    pending.delete(request.id);
    waiting.delete(end);
    span.end(endTime);
  };
  waiting.add(end);
  pending.set(request.id, (reply) => {
    if (reply.input !== undefined) span.setAttribute(totalAttributes.input, reply.input);
    if (reply.output !== undefined) span.setAttribute(totalAttributes.output, reply.output);
    span.setAttribute(names.usageSource, "estimated");
    end();
  });
  return true;
}

function sample(text: string): CountRequest["input"] {
  return text === "" ? undefined : sampleOf(text);
}

const pending = new Map<number, (reply: CountReply) => void>();
let lastId = 0;
let worker: Worker | undefined;
let idle: NodeJS.Timeout | undefined;
/** Set once the tokenizer turned out not to be installed. */
let unavailable = false;

/** The worker, started on first use. It holds no process open and inherits no preloads. */
function counter(): Worker {
  clearTimeout(idle);
  idle = setTimeout(retire, idleTime).unref();
  if (worker) return worker;
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  worker = new Worker(new URL(`./worker${extension}`, import.meta.url), { execArgv: [], env: {}, name: "tokenledger" });
  worker.on("message", (reply: CountReply | "unavailable") => {
    if (reply === "unavailable") giveUp();
    else quietly("recording an estimate", () => pending.get(reply.id)?.(reply));
  });
  worker.on("error", giveUp);
  // Last: a listener for messages would hold the process open again.
  worker.unref();
  return worker;
}

function giveUp(): void {
  unavailable = true;
  retire();
  for (const end of processState().waiting) quietly("ending a span", end);
}

function retire(): void {
  const retired = worker;
  worker = undefined;
  void retired?.terminate();
}
