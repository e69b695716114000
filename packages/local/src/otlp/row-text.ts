import type { Attributes, RecordSource } from "./received.ts";
import { quote } from "./value.ts";

interface SourceText {
  serviceName: string;
  attributes: string;
  scope: string;
}

const sourceTexts = new WeakMap<RecordSource, SourceText>();
const resourceTexts = new WeakMap<Attributes, string>();

/** The columns that the records of a source have in common, built once. */
export const sourceText = (source: RecordSource): SourceText => {
  let built = sourceTexts.get(source);
  if (built === undefined) {
    let attributes = resourceTexts.get(source.resource);
    if (attributes === undefined) {
      attributes = mapText(source.resource);
      resourceTexts.set(source.resource, attributes);
    }
    built = {
      serviceName: quote(source.resource.get("service.name") ?? ""),
      attributes,
      scope: `${quote(source.scopeName)},${quote(source.scopeVersion)}`,
    };
    sourceTexts.set(source, built);
  }
  return built;
};

/** A `Map(String, String)` in JSON. */
export const mapText = (attributes: Attributes): string => {
  let text = "";
  for (const [name, value] of attributes) text += `${text === "" ? "" : ","}${quote(name)}:${quote(value)}`;
  return `{${text}}`;
};

/** Upper bound of a text's length in JSON: a control character takes six times its place. */
export const quotedSize = (text: string): number => {
  let size = text.length;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) < 0x20) size += 5;
  return size;
};

const nanosPerSecond = 1_000_000_000n;

/** Nanoseconds since 1970 as decimal seconds, the form in which the column takes them exactly. */
export const seconds = (nanos: bigint): string =>
  `${nanos / nanosPerSecond}.${(nanos % nanosPerSecond).toString().padStart(9, "0")}`;
