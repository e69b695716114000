import { createHash, randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { settings } from "../config.ts";
import { quietly } from "../guard.ts";

const keyBytes = 32;
let key: Buffer | undefined;

/**
 * The key of this installation's fingerprints: what `TOKENLEDGER_FINGERPRINT_KEY` says, or a file that only
 * its owner can read, made on first use. Never exported. Where no file can be kept, a key for the life
 * of this process: its fingerprints then match each other and no others.
 */
export function fingerprintKey(): Buffer {
  return (key ??= givenKey() ?? quietly("reading the fingerprint key", storedKey) ?? randomBytes(keyBytes));
}

/** Reads the key again on the next use; for tests. */
export function forgetFingerprintKey(): void {
  key = undefined;
}

function givenKey(): Buffer | undefined {
  const phrase = settings().fingerprintKey;
  return phrase === undefined ? undefined : createHash("sha256").update(phrase).digest();
}

function storedKey(): Buffer {
  const path = join(settings().home, "fingerprint.key");
  if (!existsSync(path)) makeKey(path);
  const stored = Buffer.from(readFileSync(path, "utf8").trim(), "hex");
  if (stored.length !== keyBytes) throw new Error(`${path} holds no key; remove it, and a new one is made`);
  return stored;
}

/** Of processes that start at once, the first to link its key wins and the others read it: nobody sees half a key. */
function makeKey(path: string): void {
  mkdirSync(settings().home, { recursive: true, mode: 0o700 });
  const offer = `${path}.${randomBytes(4).toString("hex")}`;
  writeFileSync(offer, randomBytes(keyBytes).toString("hex"), { mode: 0o600 });
  try {
    linkSync(offer, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    unlinkSync(offer);
  }
}
