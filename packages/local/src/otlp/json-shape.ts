import { MalformedInput } from "./malformed.ts";

/**
 * Far above what a value may nest, three JSON levels for each of its own, so that one span too deep does not
 * cost its neighbours; far below what could overflow the stack of any code after the parser.
 */
const maxDepth = 1_000;
/** A body of 20 MiB with real spans holds some 700,000 objects and lists. */
const maxContainers = 1_000_000;

const quoteMark = 0x22;
const backslash = 0x5c;

/**
 * Refuses JSON whose nesting or number of objects would cost far more than its bytes, before it is parsed.
 *
 * The parser accepts millions of levels, and code after it would overflow the stack; and a body of empty
 * objects takes twenty times its size in memory.
 *
 * @throws MalformedInput
 */
export const checkJsonShape = (body: Buffer): void => {
  let depth = 0;
  let containers = 0;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index];
    if (byte === quoteMark) index = endOfString(body, index + 1);
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      containers += 1;
      if (depth > maxDepth) throw new MalformedInput(`JSON nested deeper than ${maxDepth}`);
      if (containers > maxContainers) throw new MalformedInput(`JSON of more than ${maxContainers} objects and lists`);
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
};

/** Index of the quotation mark that ends a string, or the end of the body. */
const endOfString = (body: Buffer, start: number): number => {
  let end = body.indexOf(quoteMark, start);
  while (end !== -1 && isEscaped(body, start, end)) end = body.indexOf(quoteMark, end + 1);
  return end === -1 ? body.length : end;
};

const isEscaped = (body: Buffer, start: number, index: number): boolean => {
  let first = index;
  while (first > start && body[first - 1] === backslash) first -= 1;
  return (index - first) % 2 === 1;
};
