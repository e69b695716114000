/** An attribute's value as received. Integers are bigint, so that a `number` is always a double. */
export type Value = undefined | string | boolean | bigint | number | Uint8Array | Value[] | Map<string, Value>;

/**
 * The text under which a value is stored: what the Collector's ClickHouse exporter writes.
 *
 * Text as it is, integers in decimal, the shortest decimal of a double, `true` and `false`, base64 of
 * bytes, JSON of lists and maps, nothing for an empty value.
 */
export const valueText = (value: Value): string => {
  switch (typeof value) {
    case "string":
      return value;
    case "bigint":
    case "boolean":
      return value.toString();
    case "number":
      return Number.isFinite(value) ? doubleText(value) : `json: unsupported value: ${nonFiniteText(value)}`;
    case "undefined":
      return "";
    default:
      return value instanceof Uint8Array ? base64(value) : valueJson(value);
  }
};

/** JSON of a value, map keys sorted; a number that JSON lacks becomes `null`. */
const valueJson = (value: Value): string => {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "bigint":
    case "boolean":
      return value.toString();
    case "number":
      return Number.isFinite(value) ? doubleText(value) : "null";
    case "undefined":
      return "null";
    default:
  }
  if (value instanceof Uint8Array) return quote(base64(value));
  if (Array.isArray(value)) return `[${value.map(valueJson).join(",")}]`;
  const entries = [...value].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, item]) => `${quote(key)}:${valueJson(item)}`).join(",")}}`;
};

/** What may not stand in a JSON string as it is. */
const needsEscape = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** JSON text of a string. */
export const quote = (text: string): string => (needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`);

const doubleText = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));
const nonFiniteText = (value: number): string => (Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
