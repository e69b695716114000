import { nanosecondsOf, spanIdentity, type ExportedSpan } from "./exported-span.ts";
import { object, text } from "./json-fields.ts";
import { parsedJson } from "./json-records.ts";

type Fields = Record<string, unknown>;

/**
 * The spans of a Langfuse export: a trace with its observations, as its page downloads it and its API
 * answers, or observations one by one. `undefined` where the record is none.
 *
 * Langfuse keeps the attributes of other emitters beside what it made of them, and of its own SDK only the
 * latter: an observation becomes a span with the former, and with what its SDK would have sent.
 */
export function langfuseSpans(record: Fields): ExportedSpan[] | undefined {
  const trace = object(record["trace"]) ?? record;
  const given = record["observations"] ?? trace["observations"];
  if (Array.isArray(given)) {
    const observations = given.map((observation: unknown) => object(observation) ?? {});
    return observations.every(isObservation) ? observations.map((each) => spanOf(each, trace)) : undefined;
  }
  return isObservation(record) ? [spanOf(record, {})] : undefined;
}

const isObservation = (record: Fields): boolean =>
  text(record["traceId"]) !== undefined && text(record["type"]) !== undefined && record["startTime"] !== undefined;

function spanOf(observation: Fields, trace: Fields): ExportedSpan {
  const metadata = unpacked(observation["metadata"]) ?? {};
  const scope = object(metadata["scope"]);
  const name = text(observation["name"]) ?? "";
  const start = nanosecondsOf(observation["startTime"]);
  return {
    traceId: spanIdentity(16, observation["traceId"]),
    spanId: spanIdentity(8, observation["id"]),
    parentSpanId: spanIdentity(8, observation["parentObservationId"]),
    name,
    kind: internalKind,
    start,
    end: observation["endTime"] === null ? start : nanosecondsOf(observation["endTime"]),
    failed: observation["level"] === "ERROR",
    statusMessage: text(observation["statusMessage"]) ?? "",
    attributes: { ...unpacked(metadata["attributes"]), ...langfuseAttributes(observation, trace) },
    resource: unpacked(metadata["resourceAttributes"]) ?? {},
    scope: { name: text(scope?.["name"]) ?? "langfuse-sdk", version: text(scope?.["version"]) ?? "" },
  };
}

/** What Langfuse's SDK sends of an observation; prompts and answers stay in the export. */
function langfuseAttributes(observation: Fields, trace: Fields): Fields {
  return {
    "langfuse.observation.type": text(observation["type"])?.toLowerCase(),
    "langfuse.observation.model.name": text(observation["model"]),
    "langfuse.observation.usage_details": details(observation["usageDetails"] ?? observation["usage"]),
    "langfuse.observation.cost_details": details(observation["costDetails"]),
    "langfuse.environment": text(observation["environment"]) ?? text(trace["environment"]),
    "langfuse.trace.name": text(trace["name"]),
    "session.id": text(trace["sessionId"]),
    "user.id": text(trace["userId"]),
  };
}

const internalKind = 1;

function details(value: unknown): string | undefined {
  const found = object(value);
  return found && Object.keys(found).length > 0 ? JSON.stringify(found) : undefined;
}

/** Exports hold nested values as they are, or as text of JSON. */
const unpacked = (value: unknown): Fields | undefined =>
  object(value) ?? (typeof value === "string" ? object(parsedJson(value)) : undefined);
