import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { forgetSettings } from "../config.ts";
import { fingerprintKey, forgetFingerprintKey } from "./fingerprint-key.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tokenledger-key-"));
  start({ TOKENLEDGER_HOME: join(home, "new") });
});
afterEach(() => {
  vi.unstubAllEnvs();
  start({});
  rmSync(home, { recursive: true, force: true });
});

/** As a new process in that environment would. */
function start(environment: Record<string, string>): void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  forgetSettings();
  forgetFingerprintKey();
}

it("is made once per installation, for its owner's eyes only", () => {
  const key = fingerprintKey();
  start({});
  expect(fingerprintKey()).toEqual(key);
  expect(key).toHaveLength(32);
  expect(readdirSync(join(home, "new"))).toEqual(["fingerprint.key"]);
  expect(statSync(join(home, "new", "fingerprint.key")).mode & 0o777).toBe(0o600);
});

it("differs between installations, and agrees where they share a phrase", () => {
  const key = fingerprintKey();
  start({ TOKENLEDGER_HOME: join(home, "other") });
  expect(fingerprintKey()).not.toEqual(key);
  start({ TOKENLEDGER_FINGERPRINT_KEY: "fleet" });
  const shared = fingerprintKey();
  start({ TOKENLEDGER_HOME: join(home, "third") });
  expect(fingerprintKey()).toEqual(shared);
});

it("lasts for the process where no file can be kept", () => {
  writeFileSync(join(home, "file"), "");
  chmodSync(join(home, "file"), 0o400);
  start({ TOKENLEDGER_HOME: join(home, "file") });
  const key = fingerprintKey();
  expect(key).toHaveLength(32);
  expect(fingerprintKey()).toBe(key);
});

it("is not replaced where its file is damaged", () => {
  fingerprintKey();
  writeFileSync(join(home, "new", "fingerprint.key"), "short");
  start({});
  expect(fingerprintKey()).toHaveLength(32);
  expect(statSync(join(home, "new", "fingerprint.key")).size).toBe(5);
});
