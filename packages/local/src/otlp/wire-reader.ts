import { MalformedInput } from "./malformed.ts";

/** Tag of a length-delimited field: text, bytes or a message. */
export const bytesTag = (field: number): number => (field << 3) | 2;
/** Tag of a varint field. */
export const varintTag = (field: number): number => field << 3;
/** Tag of an 8-byte field. */
export const fixed64Tag = (field: number): number => (field << 3) | 1;

/**
 * Reads the protobuf wire format in place.
 *
 * Every length is checked against the message that holds it before anything is read, so no input makes
 * it read beyond the body or allocate more than the body's size. A message is entered and left rather
 * than copied: `end` is the end of the one being read.
 */
export class WireReader {
  readonly bytes: Buffer;
  position = 0;
  end: number;
  /** Field number and wire type of the field that `next` found. */
  tag = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /** Moves to the next field of the message; `false` at its end. */
  next(): boolean {
    if (this.position >= this.end) return false;
    this.tag = this.#uint32();
    if (this.tag >>> 3 === 0) throw new MalformedInput("a field without a number");
    return true;
  }

  /** Narrows the reader to the message at the current field; `leave` takes what this returns. */
  enter(): number {
    const length = this.#length();
    const outer = this.end;
    if (length > outer - this.position) throw new MalformedInput("a message that ends too early");
    this.end = this.position + length;
    return outer;
  }

  leave(outer: number): void {
    this.position = this.end;
    this.end = outer;
  }

  text(): string {
    const start = this.#take(this.#length());
    return this.bytes.toString("utf8", start, this.position);
  }

  hex(): string {
    const start = this.#take(this.#length());
    return this.bytes.toString("hex", start, this.position);
  }

  /** A view of the body, not a copy. */
  slice(): Buffer {
    const start = this.#take(this.#length());
    return this.bytes.subarray(start, this.position);
  }

  fixed64(): bigint {
    return this.bytes.readBigUInt64LE(this.#take(8));
  }

  double(): number {
    return this.bytes.readDoubleLE(this.#take(8));
  }

  int64(): bigint {
    const first = this.bytes[this.position];
    if (first !== undefined && first < 0x80 && this.position < this.end) {
      this.position += 1;
      return BigInt(first);
    }
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new MalformedInput("a number longer than 64 bits");
  }

  /** A varint whose exact value matters only when it is small: an enumeration or a truth value. */
  small(): number {
    return Number(this.int64());
  }

  /** Passes over a field that is not known here. */
  skip(): void {
    switch (this.tag & 7) {
      case 0:
        this.int64();
        return;
      case 1:
        this.#take(8);
        return;
      case 2:
        this.#take(this.#length());
        return;
      case 5:
        this.#take(4);
        return;
      default:
        throw new MalformedInput("a field of unknown type");
    }
  }

  #byte(): number {
    const byte = this.position < this.end ? this.bytes[this.position] : undefined;
    if (byte === undefined) throw new MalformedInput("a message that ends too early");
    this.position += 1;
    return byte;
  }

  #take(length: number): number {
    const start = this.position;
    if (length > this.end - start) throw new MalformedInput("a message that ends too early");
    this.position = start + length;
    return start;
  }

  #length(): number {
    return this.#uint32();
  }

  #uint32(): number {
    // Nearly every tag and length is one byte.
    const first = this.bytes[this.position];
    if (first !== undefined && first < 0x80 && this.position < this.end) {
      this.position += 1;
      return first;
    }
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw new MalformedInput("a length or field number longer than 32 bits");
  }
}
