import { checkJsonShape } from "./json-shape.ts";
import { MalformedInput, maxValueDepth } from "./malformed.ts";
import type { Attributes } from "./received.ts";
import { type Value, valueText } from "./value.ts";

/** A parsed object. Its names are only ever looked up one by one, never copied onto another object. */
export type JsonObject = Readonly<Record<string, unknown>>;
export const empty: JsonObject = Object.freeze({});

/** @throws MalformedInput when it is not an object, or nested without end */
export const parse = (body: Buffer): JsonObject => {
  checkJsonShape(body);
  try {
    // Integers beyond 2^53 that a sender wrote as bare numbers keep their digits.
    const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
      typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
        ? context?.source
        : value;
    const text = body.toString("utf8");
    return object(/[:[,]\s*-?\d{16}/.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text), "the request");
  } catch (error) {
    if (error instanceof MalformedInput) throw error;
    throw new MalformedInput("not valid JSON");
  }
};

export const readAttributes = (owner: JsonObject): Attributes => {
  const attributes: Attributes = new Map();
  for (const item of objects(owner, "attributes")) {
    attributes.set(text(item, "key"), valueText(readValue(field(item, "value"), 1)));
  }
  return attributes;
};

export const readValue = (value: JsonObject | undefined, depth = 1): Value => {
  if (value === undefined) return undefined;
  if (depth > maxValueDepth) throw new MalformedInput(`a value nested deeper than ${maxValueDepth}`);
  const given = (name: string): boolean => value[name] !== undefined && value[name] !== null;
  if (given("stringValue")) return text(value, "stringValue");
  if (given("intValue")) return readInteger(value);
  if (given("boolValue")) return value["boolValue"] === true;
  if (given("doubleValue")) return readDouble(value["doubleValue"]);
  if (given("bytesValue")) return Buffer.from(text(value, "bytesValue"), "base64");
  if (given("arrayValue")) return readList(field(value, "arrayValue") ?? empty, depth);
  if (given("kvlistValue")) return readMap(field(value, "kvlistValue") ?? empty, depth);
  return undefined;
};

const readList = (value: JsonObject, depth: number): Value[] =>
  objects(value, "values").map((item) => readValue(item, depth + 1));

const readMap = (value: JsonObject, depth: number): Map<string, Value> =>
  new Map(objects(value, "values").map((item) => [text(item, "key"), readValue(field(item, "value"), depth + 1)]));

/** Some senders write every whole number as an integer, those beyond 64 bits too: no reason to lose the record. */
const readInteger = (value: JsonObject): Value => {
  const given = value["intValue"];
  if (typeof given === "number") return Number.isSafeInteger(given) ? BigInt(given) : given;
  if (typeof given === "string" && /^-?\d{19,}$/.test(given)) return given;
  return integer(value, "intValue");
};

/** Doubles that JSON has no number for are written as text. */
const readDouble = (value: unknown): number => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && (value === "NaN" || !Number.isNaN(number))) return number;
  throw new MalformedInput("a doubleValue that is not a number");
};

export const object = (value: unknown, name: string): JsonObject => {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new MalformedInput(`${name} is not an object`);
};

export const field = (owner: JsonObject, name: string): JsonObject | undefined => {
  const value = owner[name];
  return value === undefined || value === null ? undefined : object(value, name);
};

export const list = (owner: JsonObject, name: string): unknown[] => {
  const value = owner[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new MalformedInput(`${name} is not a list`);
  return value;
};

export const objects = (owner: JsonObject, name: string): JsonObject[] =>
  list(owner, name).map((item) => object(item, name));

/** A lone surrogate, which an escape can smuggle in, is replaced: UTF-8 has none and the database refuses it. */
export const text = (owner: JsonObject, name: string): string => {
  const value = owner[name];
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value.isWellFormed() ? value : value.toWellFormed();
  throw new MalformedInput(`${name} is not text`);
};

/** A 64-bit integer, signed or not: text by the mapping, but many senders write a number. */
export const integer = (owner: JsonObject, name: string): bigint => {
  const value = owner[name];
  if (value === undefined || value === null) return 0n;
  const whole =
    typeof value === "number" ? Number.isInteger(value) : typeof value === "string" && /^-?\d{1,20}$/.test(value);
  const number = whole ? BigInt(value as string | number) : undefined;
  if (number !== undefined && (BigInt.asIntN(64, number) === number || BigInt.asUintN(64, number) === number))
    return number;
  throw new MalformedInput(`${name} is not a 64-bit integer`);
};
