import { cpSync, mkdtempSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { up, type RunningLedger } from "@tokenledger/local";
import { startProviderDouble } from "@tokenledger/provider-double";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attribute, heldResponses, heldSpans, makeHome, notices, storedResponses } from "./accounts.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { packProject, type PackedProject } from "./packed-project.ts";
import { runApp, type Ended } from "./run-app.ts";

const token = "unused";
const calls = 5;
/** The delay that an exit may have beyond the same exit without us, in milliseconds, on a busy machine. */
const exitBound = 5_000;

let ledger: RunningLedger;
let slow: FaultProxy;
let quick: FaultProxy;
let project: PackedProject;
let serial = 0;

beforeAll(async () => {
  project = packProject();
  ledger = await up({ directory: mkdtempSync(join(tmpdir(), "tokenledger-e2e-store-")), port: 0 });
  slow = await startFaultProxy(ledger.receiver.url);
  slow.delayMillis = 30_000;
  quick = await startFaultProxy(ledger.receiver.url);
  quick.disturb(() => "early");
});
afterAll(async () => {
  slow?.stop();
  quick?.stop();
  project?.remove();
  await ledger?.stop();
});

const receivers = {
  up: () => ({ url: ledger.receiver.url, token: ledger.receiver.token }),
  slow: () => ({ url: slow.url, token: ledger.receiver.token }),
  quick: () => ({ url: quick.url, token: ledger.receiver.token }),
  // Port 9, discard, is closed on every machine that tests run on.
  down: () => ({ url: "http://127.0.0.1:9", token }),
};

interface Trial {
  readonly ended: Ended;
  readonly bare: Ended;
  readonly home: string;
  readonly service: string;
  readonly billed: string[];
}

/** Ends the same program twice, bare and under the hook, and keeps the provider's bill of the latter. */
const end = async (ending: string, receiver: keyof typeof receivers, signal?: NodeJS.Signals): Promise<Trial> => {
  const double = await startProviderDouble({
    script: [{ user: "nobody hears", answer: { delayMs: 60_000 } }, { answer: { text: "An answer." } }],
  });
  serial += 1;
  const service = `exit-${serial}-${ending}-${receiver}`;
  const home = makeHome(receivers[receiver]());
  const env = {
    TOKENLEDGER_HOME: home,
    OTEL_SERVICE_NAME: service,
    PROVIDER_URL: double.openai,
    CALLS: String(calls),
    ENDING: ending,
    MIDWAY_MILLIS: "200",
  };
  const app = { directory: project.directory, env, signal };
  const bare = await runApp({ ...app, args: ["apps/ending.mjs"] });
  const before = double.bill().length;
  const ended = await runApp({ ...app, args: ["--import", "@tokenledger/register", "apps/ending.mjs"] });
  const billed = double
    .bill()
    .slice(before)
    .flatMap(({ responseId }) => responseId ?? []);
  await double.close();
  return { ended, bare, home, service, billed };
};

const lost = (home: string): number =>
  notices(home, "lost")
    .flatMap((notice) => Object.values(notice["spans"] as Record<string, number>))
    .reduce((sum, spans) => sum + spans, 0);

const endings: [string, string, NodeJS.Signals?][] = [
  ["a natural return", "return"],
  ["process.exit", "exit"],
  ["an uncaught error", "throw"],
  ["an unhandled rejection", "rejection"],
  ["SIGTERM", "signal", "SIGTERM"],
  ["SIGINT", "signal", "SIGINT"],
];
const matrix = endings.flatMap(([name, ending, signal]) =>
  (["up", "slow", "down"] as const).map((receiver) => ({ name, ending, signal, receiver })),
);

describe("what the provider billed is stored, held or declared lost", () => {
  test.each(matrix)("$name, receiver $receiver", async ({ ending, signal, receiver }) => {
    const { ended, bare, home, service, billed } = await end(ending, receiver, signal);
    expect({ code: ended.code, signal: ended.signal, stdout: ended.stdout }).toEqual({
      code: bare.code,
      signal: bare.signal,
      stdout: bare.stdout,
    });
    expect(ended.millis - bare.millis).toBeLessThan(exitBound);
    const stored = await storedResponses(ledger.target, service);
    const accounted = new Set([...stored, ...heldResponses(home)]);
    expect(billed).toHaveLength(calls);
    expect([...accounted].toSorted()).toEqual(billed.toSorted());
    expect(lost(home)).toBe(0);
  });
});

test("a receiver that answers has everything before a program that returns has ended", async () => {
  const { home, service, billed } = await end("return", "quick");
  expect(heldSpans(home)).toHaveLength(0);
  await expect
    .poll(async () => (await storedResponses(ledger.target, service)).toSorted(), { timeout: 30_000 })
    .toEqual(billed.toSorted());
});

test("held spans are private, and the next start delivers them", async () => {
  const first = await end("exit", "down");
  const spool = join(first.home, "spool", "local");
  expect(readdirSync(spool).map((file) => statSync(join(spool, file)).mode & 0o777)).toEqual([0o600]);
  const home = makeHome(receivers.up());
  cpSync(join(first.home, "spool"), join(home, "spool"), { recursive: true });
  const double = await startProviderDouble();
  const env = { TOKENLEDGER_HOME: home, OTEL_SERVICE_NAME: first.service, PROVIDER_URL: double.openai };
  await runApp({
    directory: project.directory,
    args: ["--import", "@tokenledger/register", "apps/ending.mjs"],
    env: { ...env, CALLS: "0", ENDING: "signal" },
    signal: "SIGTERM",
    until: async () => {
      await expect.poll(() => heldSpans(home).length, { timeout: 30_000 }).toBe(0);
    },
  });
  await double.close();
  expect((await storedResponses(ledger.target, first.service)).toSorted()).toEqual(first.billed.toSorted());
});

test("a call that is under way when the process ends is held as abandoned, its usage unknown", async () => {
  const { ended, bare, home } = await end("midway", "down");
  expect(ended.code).toBe(bare.code);
  const abandoned = heldSpans(home).filter((span) => attribute(span, "tokenledger.call.outcome") === "abandoned");
  expect(abandoned).toHaveLength(1);
  expect(abandoned[0] && attribute(abandoned[0], "gen_ai.usage.input_tokens")).toBeUndefined();
});

describe("the application's own say on how it ends", () => {
  test.each([
    ["a graceful shutdown takes its time", "graceful"],
    ["a listener that ends the process only where it is alone still does", "polite"],
  ])("%s", async (_name, ending) => {
    const { ended, bare, billed, home } = await end(ending, "down", "SIGTERM");
    expect({ code: ended.code, signal: ended.signal }).toEqual({ code: bare.code, signal: bare.signal });
    expect(heldResponses(home).toSorted()).toEqual(billed.toSorted());
  });

  test("beforeExit fires as often as without us", async () => {
    const { ended, bare } = await end("beforeExit", "up");
    expect(ended.stdout).toBe(bare.stdout);
  });
});
