import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { landSpans, settle } from "@tokenledger/clickhouse";
import { type RunningLedger, up } from "@tokenledger/local";
import { afterAll, type Assertion, beforeAll, describe, expect, test } from "vitest";
import { accountsOf } from "./harness/check.ts";
import { expectedOf, listEmitters } from "./harness/emitters.ts";
import { type Expected, staleDifferences } from "./harness/expected.ts";
import { isInstalled } from "./harness/install.ts";
import { landedSpans } from "./harness/ledger-facts.ts";
import { runLive } from "./harness/live-run.ts";
import { isPublic, readRecording } from "./harness/recording.ts";

const emitters = listEmitters();
const missing = emitters.filter((emitter) => !isInstalled(emitter)).map(({ name }) => name);
if (missing.length > 0) {
  console.warn(`only recordings are checked of ${missing.join(", ")}: \`npm run emitters -- --install\` installs them`);
}

/** A program of somebody else's starts in its own time. */
const timeout = 180_000;

const directory = mkdtempSync(join(tmpdir(), "tokenledger-emitters-"));
let ledger: RunningLedger;
beforeAll(async () => {
  ledger = await up({ directory, port: 0 });
  await landSpans(
    ledger.target,
    emitters.flatMap((emitter) => readRecording(emitter).spans),
  );
  await settle(ledger.target);
}, timeout);
afterAll(async () => {
  await ledger?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Turns an expectation round where it names a fault that is still there. */
const judge = (expectation: Assertion, { fault }: Expected): Assertion =>
  fault === undefined ? expectation : expectation.not;

describe.each(emitters)("$name", { timeout }, (emitter) => {
  test("the ledger reads its recorded spans as the provider billed", async () => {
    const recording = readRecording(emitter);
    const expected = await expectedOf(emitter);
    const { ledger: found, provider } = await accountsOf(ledger.target, emitter, expected, recording);
    judge(expect(found, expected.fault), expected).toEqual(provider);
  });

  test("every deviation from the bill is a real one", async () => {
    expect(staleDifferences(readRecording(emitter).calls, await expectedOf(emitter))).toEqual([]);
  });

  test("its recording holds no content", () => {
    const { spans } = readRecording(emitter);
    const texts = spans.flatMap((span) => [
      span.SpanName,
      span.StatusMessage,
      ...Object.values(span.SpanAttributes),
      ...Object.values(span.ResourceAttributes),
    ]);
    expect(texts.length).toBeGreaterThan(spans.length);
    expect(texts.filter((text) => !isPublic(text))).toEqual([]);
  });

  test.skipIf(!isInstalled(emitter))("the ledger reads what it emits now as the provider bills", async () => {
    const seen = new Set((await landedSpans(ledger.target, new Set())).map(({ TraceId }) => TraceId));
    const calls = await runLive(emitter, ledger.receiver);
    await settle(ledger.target);
    const spans = await landedSpans(ledger.target, seen);
    const expected = await expectedOf(emitter);
    const { ledger: found, provider } = await accountsOf(ledger.target, emitter, expected, { calls, spans });
    judge(expect(found, expected.fault), expected).toEqual(provider);
  });
});
