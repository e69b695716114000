import { LedgerError } from "./ledger-error.ts";

/** A SELECT over a landing table, and the names of its columns in order. */
export interface LandingSelect {
  readonly columns: readonly string[];
  readonly select: string;
}

/** How the columns that facts are read from come out of a landing table, whatever version of the exporter made it. */
const readings: Readonly<Record<string, (column: string, type: string) => string>> = {
  Timestamp: asItIs,
  TraceId: asItIs,
  SpanId: asItIs,
  ParentSpanId: asItIs,
  SpanName: asItIs,
  SpanKind: withoutPrefix("SPAN_KIND_"),
  ServiceName: asItIs,
  ResourceAttributes: attributeMap,
  ScopeName: asItIs,
  ScopeVersion: asItIs,
  SpanAttributes: attributeMap,
  Duration: (column) => `toUInt64(greatest(${column}, 0))`,
  StatusCode: withoutPrefix("STATUS_CODE_"),
};

/** Tables made before 2024 have no columns for the scope. */
const optional = new Set(["ScopeName", "ScopeVersion"]);

/**
 * Reads a table of the collector's ClickHouse exporter, made by whatever version of it and with attributes as maps or as
 * JSON, as `otel_traces` of this version is read. `columns`: types by name.
 *
 * @throws LedgerError `unknown_landing` where a column is missing
 */
export function landingSelect(table: string, columns: ReadonlyMap<string, string>): LandingSelect {
  const missing = Object.keys(readings).filter((name) => !columns.has(name) && !optional.has(name));
  if (missing.length > 0) {
    throw new LedgerError(
      "unknown_landing",
      columns.size === 0
        ? `There is no table ${table}, or it may not be read. Name the table that the collector's ClickHouse exporter writes spans to: --landing otel.otel_traces.`
        : `${table} is no table of spans as the collector's ClickHouse exporter makes them: it lacks ${missing.join(", ")}.`,
    );
  }
  const read = Object.entries(readings).filter(([name]) => columns.has(name));
  const list = read.map(([name, reading]) => `${reading(`source.${name}`, columns.get(name) ?? "")} AS ${name}`);
  return { columns: read.map(([name]) => name), select: `SELECT ${list.join(",\n    ")}\nFROM ${table} AS source` };
}

function asItIs(column: string): string {
  return column;
}

/** `Error`, where old versions wrote STATUS_CODE_ERROR. */
function withoutPrefix(prefix: string): (column: string) => string {
  return (column) => `initcap(lower(replaceOne(${column}, '${prefix}', '')))`;
}

function attributeMap(column: string, type: string): string {
  return type.startsWith("JSON") ? flattened(column) : column;
}

/** Names of attributes have parts, which JSON columns take for levels. */
const deepestName = 10;

/** Attributes out of a JSON column, as they stand in a map: names whole again, texts as they are, the rest as JSON. */
function flattened(column: string): string {
  let pairs = `JSONExtractKeysAndValuesRaw(toJSONString(${column}))`;
  for (let level = 1; level < deepestName; level += 1) {
    pairs = `arrayFlatten(arrayMap(pair -> if(startsWith(pair.2, '{'), arrayMap(inner -> (concat(pair.1, '.', inner.1), inner.2), JSONExtractKeysAndValuesRaw(pair.2)), [pair]), ${pairs}))`;
  }
  const named = `arrayMap(pair -> (pair.1, if(startsWith(pair.2, '"'), JSONExtractString(pair.2), pair.2)), ${pairs})`;
  return `CAST(${named}, 'Map(LowCardinality(String), String)')`;
}
