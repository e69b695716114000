import {
  type Attributes,
  type Baggage,
  type Context,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { settings } from "./config.ts";
import { agentRunIn, setRun, setTask, taskIn } from "./context.ts";
import { quietly } from "./guard.ts";

/** All that we put into baggage, in the order in which it is left out where space is short: last first. */
const keys = {
  customer: "tokenledger.customer",
  feature: "tokenledger.feature",
  task: "tokenledger.task",
  runId: "tokenledger.run_id",
  path: "tokenledger.path",
} as const;

/** Longest share of the baggage header that is ours, in bytes once encoded. */
const longest = 1_024;

/** Where instrumentations of HTTP clients write the host they are about to call, newest first. */
const hostAttributes = ["server.address", "net.peer.name", "url.full", "http.url", "http.host"];

/**
 * Wraps the application's propagator so that the agent context travels as W3C baggage to hosts the
 * user allow-lists, and to no other: a model host must never see a customer's id, so our entries are
 * taken out of baggage on its way anywhere else, wherever they came from. Received entries count only
 * where the user trusts them. Needs a propagator of baggage inside, which OpenTelemetry has by default.
 */
export class AgentContextPropagator implements TextMapPropagator {
  readonly #inner: TextMapPropagator;

  constructor(inner: TextMapPropagator) {
    this.#inner = inner;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const outgoing = quietly("preparing baggage", withOutgoing, context) ?? propagation.deleteBaggage(context);
    this.#inner.inject(outgoing, carrier, setter);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const extracted = this.#inner.extract(context, carrier, getter);
    return quietly("reading baggage", withIncoming, extracted) ?? extracted;
  }

  fields(): string[] {
    return this.#inner.fields();
  }
}

function withOutgoing(context: Context): Context {
  const present = propagation.getBaggage(context);
  const allowed = isAllowed(destinationOf(context));
  if (!present && !allowed) return context;
  const baggage = withoutOurs(present ?? propagation.createBaggage());
  return propagation.setBaggage(context, allowed ? withOurs(baggage, context) : baggage);
}

/** The host in the span of the HTTP request that is about to be sent. */
function destinationOf(context: Context): string | undefined {
  const { attributes } = (trace.getSpan(context) ?? {}) as { readonly attributes?: Attributes };
  for (const name of hostAttributes) {
    const value = attributes?.[name];
    if (typeof value === "string") return (URL.parse(value)?.hostname || value.replace(/:\d+$/, "")).toLowerCase();
  }
  return undefined;
}

/** `example.com` is that host alone; `*.example.com` is every host below it. */
function isAllowed(host: string | undefined): boolean {
  if (host === undefined) return false;
  return settings().baggageHosts.some((entry) =>
    entry.startsWith("*.") ? host.endsWith(entry.slice(1)) : host === entry,
  );
}

function withoutOurs(baggage: Baggage): Baggage {
  return baggage.removeEntries(...Object.values(keys));
}

function withOurs(baggage: Baggage, context: Context): Baggage {
  const run = agentRunIn(context);
  const task = taskIn(context);
  const values: readonly (readonly [string, string | undefined])[] = [
    [keys.customer, task?.customer],
    [keys.feature, task?.feature],
    [keys.task, task?.id],
    [keys.runId, run?.id],
    [keys.path, run?.pathText],
  ];
  let filled = baggage;
  let size = 0;
  for (const [key, value] of values) {
    if (value === undefined) continue;
    size += key.length + encodeURIComponent(value).length + 2;
    if (size > longest) break;
    filled = filled.setEntry(key, { value });
  }
  return filled;
}

function withIncoming(context: Context): Context {
  const baggage = propagation.getBaggage(context);
  if (!baggage) return context;
  const read = (key: string): string | undefined => baggage.getEntry(key)?.value || undefined;
  const rest = propagation.setBaggage(context, withoutOurs(baggage));
  if (!settings().trustBaggage) return rest;
  const task = { id: read(keys.task), feature: read(keys.feature), customer: read(keys.customer), outcome: undefined };
  const labelled = (task.id ?? task.feature ?? task.customer) ? setTask(rest, task) : rest;
  const path = quietly("reading an agent path", readPath, read(keys.path));
  const id = read(keys.runId);
  const name = path?.at(-1);
  if (!path || id === undefined || name === undefined) return labelled;
  // The calls of the run are counted where it runs, which is not here.
  const run = { name, id, parentId: undefined, path, pathText: JSON.stringify(path), handoffFrom: undefined };
  return setRun(labelled, { ...run, steps: undefined, span: undefined });
}

function readPath(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const path: unknown = JSON.parse(text);
  return Array.isArray(path) ? path.filter((step): step is string => typeof step === "string") : undefined;
}
