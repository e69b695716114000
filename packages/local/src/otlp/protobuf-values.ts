import { MalformedInput, maxValueDepth } from "./malformed.ts";
import type { Attributes } from "./received.ts";
import { type Value, valueText } from "./value.ts";
import { bytesTag, fixed64Tag, varintTag, type WireReader } from "./wire-reader.ts";

const keyValue = { key: bytesTag(1), value: bytesTag(2) } as const;
const anyValue = {
  string: bytesTag(1),
  bool: varintTag(2),
  int: varintTag(3),
  double: fixed64Tag(4),
  array: bytesTag(5),
  map: bytesTag(6),
  bytes: bytesTag(7),
} as const;
const list = { items: bytesTag(1) } as const;

/** Reads the attribute at the current field; of equal keys the last one counts. */
export const readAttribute = (reader: WireReader, attributes: Attributes): void => {
  const [key, value] = readKeyValue(reader, 1);
  attributes.set(key, valueText(value));
};

const readKeyValue = (reader: WireReader, depth: number): [string, Value] => {
  const outer = reader.enter();
  let key = "";
  let value: Value;
  while (reader.next()) {
    if (reader.tag === keyValue.key) key = reader.text();
    else if (reader.tag === keyValue.value) value = readValue(reader, depth);
    else reader.skip();
  }
  reader.leave(outer);
  return [key, value];
};

/** Reads the value at the current field. */
export const readValue = (reader: WireReader, depth = 1): Value => {
  if (depth > maxValueDepth) throw new MalformedInput(`a value nested deeper than ${maxValueDepth}`);
  const outer = reader.enter();
  let value: Value;
  while (reader.next()) {
    if (reader.tag === anyValue.string) value = reader.text();
    else if (reader.tag === anyValue.int) value = reader.int64();
    else if (reader.tag === anyValue.bool) value = reader.small() !== 0;
    else if (reader.tag === anyValue.double) value = reader.double();
    else if (reader.tag === anyValue.bytes) value = reader.slice();
    else if (reader.tag === anyValue.array) value = readList(reader, depth);
    else if (reader.tag === anyValue.map) value = readMap(reader, depth);
    else reader.skip();
  }
  reader.leave(outer);
  return value;
};

const readList = (reader: WireReader, depth: number): Value[] => {
  const items: Value[] = [];
  readMessage(reader, list.items, () => items.push(readValue(reader, depth + 1)));
  return items;
};

const readMap = (reader: WireReader, depth: number): Map<string, Value> => {
  const items = new Map<string, Value>();
  readMessage(reader, list.items, () => items.set(...readKeyValue(reader, depth + 1)));
  return items;
};

/** Reads a message of which only one repeated field matters. */
export const readMessage = (reader: WireReader, tag: number, read: () => void): void => {
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.tag === tag) read();
    else reader.skip();
  }
  reader.leave(outer);
};
