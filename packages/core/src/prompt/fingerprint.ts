import { hash } from "node:crypto";
import { fingerprintKey } from "./fingerprint-key.ts";

/** 64 bits that stand for a text: equal under one key where the texts are equal, and nothing without the key. */
export interface Fingerprint {
  readonly low: number;
  readonly high: number;
}

export const nothing: Fingerprint = { low: 0, high: 0 };

/** Of a text: HMAC-SHA-256 under the installation's key, cut to 64 bits. */
export function textFingerprint(text: string): Fingerprint {
  const { inner } = keyed();
  // UTF-8 takes at most three bytes for a UTF-16 code unit.
  if (text.length * 3 > scratch.length - blockBytes) {
    return cut(finished(hash("sha256", Buffer.concat([inner, Buffer.from(text)]), "buffer")));
  }
  inner.copy(scratch);
  const length = scratch.write(text, blockBytes);
  return cut(finished(hash("sha256", scratch.subarray(0, blockBytes + length), "buffer")));
}

/** Of a run of words, given by their hashes, in the same way. */
export function chunkFingerprint(words: Int32Array, start: number, end: number): Fingerprint {
  keyed().inner.copy(scratch);
  let length = blockBytes;
  for (let index = start; index < end; index += 1) length = scratch.writeInt32LE(words[index] ?? 0, length);
  return cut(finished(hash("sha256", scratch.subarray(0, length), "buffer")));
}

/** Four words that follow from the key, for hashes too frequent for an HMAC each. */
export function seeds(): Seeds {
  return keyed().seeds;
}

type Seeds = readonly [number, number, number, number];

/** RFC 2104's two keyed blocks. `createHmac` costs ten times as much to set up as a message costs to hash. */
interface KeyBlocks {
  readonly key: Buffer;
  readonly inner: Buffer;
  readonly outer: Buffer;
  readonly seeds: Seeds;
}

const blockBytes = 64;
const digestBytes = 32;
/** Filled and read within one call: an allocation for every message would cost more than its hash. */
const scratch: Buffer = Buffer.alloc(65_536);
const outerScratch: Buffer = Buffer.alloc(blockBytes + digestBytes);
let blocks: KeyBlocks | undefined;

function keyed(): KeyBlocks {
  const key = fingerprintKey();
  if (blocks?.key === key) return blocks;
  const [inner, outer] = [masked(key, 0x36), masked(key, 0x5c)];
  const digest = finished(hash("sha256", Buffer.concat([inner, Buffer.from("seeds")]), "buffer"), outer);
  const word = (index: number): number => digest.readInt32LE(index * 4);
  return (blocks = { key, inner, outer, seeds: [word(0), word(1), word(2), word(3)] });
}

function finished(message: Buffer, outer: Buffer = keyed().outer): Buffer {
  outer.copy(outerScratch);
  message.copy(outerScratch, blockBytes);
  return hash("sha256", outerScratch, "buffer");
}

const cut = (digest: Buffer): Fingerprint => ({ low: digest.readUInt32LE(0), high: digest.readUInt32LE(4) });

/** The key, filled up with zeros to a block of SHA-256. */
const masked = (key: Buffer, mask: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: blockBytes }, (_, index) => mask ^ (key[index] ?? 0)));

/**
 * The fingerprint of a sequence, from that of all before and the next one. A mixing function is
 * enough here: what goes in is keyed already.
 */
export function chained(before: Fingerprint, kind: number, next: Fingerprint): Fingerprint {
  const low = mixed(before.low ^ Math.imul(next.low, 0xcc9e2d51) ^ Math.imul(kind, 0x9e3779b1), before.high);
  const high = mixed(before.high ^ Math.imul(next.high, 0x1b873593) ^ next.low, low);
  return { low, high };
}

/** The finalizer of MurmurHash3, fed with a second word. */
export function mixed(value: number, other: number): number {
  let hash = value ^ Math.imul(other, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Base64 of the fingerprints, eight bytes each, least significant first. */
export function packed(fingerprints: readonly Fingerprint[]): string {
  const bytes = Buffer.allocUnsafe(fingerprints.length * 8);
  for (const [index, { low, high }] of fingerprints.entries()) {
    bytes.writeUInt32LE(low >>> 0, index * 8);
    bytes.writeUInt32LE(high >>> 0, index * 8 + 4);
  }
  return bytes.toString("base64");
}

/** The smallest of them by value, at most `most`: whoever samples another text alike picks the same ones. */
export function smallest(fingerprints: readonly Fingerprint[], most: number): readonly Fingerprint[] {
  if (fingerprints.length <= most) return fingerprints;
  return fingerprints.toSorted((one, other) => one.high - other.high || one.low - other.low).slice(0, most);
}
