import { type Tracer } from "@opentelemetry/api";
import type { ClientFacts, Operation, ProviderAdapter, RequestFacts } from "./adapter.ts";
import { countAttempts } from "./attempts.ts";
import { Call } from "./call.ts";
import { settings } from "./config.ts";
import { observing, quietly } from "./guard.ts";
import { holdBack, isLeftToNative } from "./native-tracing.ts";
import type { Method } from "./patch.ts";
import { observeReturn } from "./promise.ts";
import { observeStructure } from "./observe-structure.ts";
import { isSuppressed } from "./suppression.ts";
import { context } from "./telemetry.ts";

/** What a patched method needs of the instrumentation that patched it. */
export interface Tracing {
  readonly adapter: ProviderAdapter;
  /** `undefined` where OpenTelemetry has no provider. */
  tracer(): Tracer | undefined;
  enabled(): boolean;
}

/** Whether calls are observed just now: not switched off by anyone, us included, or by the context. */
export function observes(tracing: Tracing): boolean {
  return tracing.enabled() && observing() && !isSuppressed(context.active());
}

type Args = readonly unknown[];

/** The method that takes an SDK method's place: the same call, observed. */
export function observeMethod(tracing: Tracing, operation: Operation, original: Method): Method {
  const { native } = tracing.adapter;
  return function observed(this: unknown, ...args: unknown[]): unknown {
    const tracer = observes(tracing) ? tracing.tracer() : undefined;
    if (!tracer) return original.apply(this, args);
    if (native && isLeftToNative(native, operation, this)) return original.apply(this, args);
    const client = clientOf(this);
    const facts = clientFacts(client);
    const request = readRequest(operation, args, facts);
    if (!request) return original.apply(this, args);
    if ((request.operation ?? operation.name) === "invoke_agent") {
      return observeStructure(operation, request, original, this, args);
    }
    const call = quietly("starting a call", start, tracer, tracing.adapter, operation, request, facts);
    if (!call) return original.apply(this, args);
    // Not sampled: what is below must still see the sampler's decision.
    if (!call.recording) return context.with(call.context, original, this, ...args);
    if (client) countAttempts(client);
    const sent = quietly("asking for usage", ask, call, operation, request, args, facts) ?? args;
    return watch(run(call, original, this, sent, holdBack(native, this)), call);
  };
}

function run(call: Call, original: Method, receiver: unknown, args: Args, release: (() => void) | undefined): unknown {
  // Context managers turn a missing receiver into `null`, and the SDK's error would say so.
  const method = receiver === undefined ? original.bind(undefined) : original;
  try {
    return context.with(call.context, method, receiver, ...args);
  } catch (error) {
    call.fail(error);
    throw error;
  } finally {
    if (release) quietly("releasing native tracing", release);
  }
}

function watch(returned: unknown, call: Call): unknown {
  return quietly("observing a result", observeReturn, returned, call) ?? returned;
}

function start(
  tracer: Tracer,
  adapter: ProviderAdapter,
  operation: Operation,
  request: RequestFacts,
  client: ClientFacts,
): Call {
  return new Call(tracer, adapter, operation, request, client);
}

/** A mapper that throws (a getter of the user's may) costs facts, not the span. */
function readRequest(operation: Operation, args: Args, client: ClientFacts): RequestFacts | undefined {
  let understood: RequestFacts | undefined = {};
  quietly("reading a request", () => {
    understood = operation.request(args, client);
  });
  return understood;
}

function ask(call: Call, operation: Operation, request: RequestFacts, args: Args, client: ClientFacts): Args {
  if (!operation.ask || request.stream !== true || !settings().askForUsage) return args;
  const asked = operation.ask(args, client);
  if (!asked) return args;
  call.asked = asked;
  return asked.args;
}

/** Stainless resources keep their client in `_client`; elsewhere the receiver is the client. */
function clientOf(receiver: unknown): object | undefined {
  if (typeof receiver !== "object" || receiver === null) return undefined;
  const { _client: client } = receiver as { _client?: unknown };
  return typeof client === "object" && client !== null ? client : receiver;
}

const noFacts: ClientFacts = {};

function clientFacts(client: object | undefined): ClientFacts {
  if (!client) return noFacts;
  const { baseURL, apiVersion } = client as { baseURL?: unknown; apiVersion?: unknown };
  return {
    baseURL: typeof baseURL === "string" ? baseURL : undefined,
    apiVersion: typeof apiVersion === "string" ? apiVersion : undefined,
  };
}
