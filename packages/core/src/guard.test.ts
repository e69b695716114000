import { afterEach, expect, test } from "vitest";
import { DiagLogLevel, diag, type DiagLogger } from "@opentelemetry/api";
import { innerErrors, observedCleanly, observing, quietly, resetGuard } from "./guard.ts";

const said: string[] = [];
const logger: DiagLogger = {
  error: (message) => said.push(message),
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  verbose: () => undefined,
};

afterEach(() => {
  resetGuard();
  diag.disable();
  said.length = 0;
});

const broken = (): never => {
  throw new Error("ours");
};

test("a failure of ours is swallowed and reported, and the result is unknown", () => {
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
  expect(quietly("testing", broken)).toBeUndefined();
  expect(said).toEqual(["tokenledger: testing failed; the call itself is unaffected"]);
});

test("arguments and results pass through", () => {
  expect(quietly("adding", (left: number, right: number) => left + right, 2, 3)).toBe(5);
});

test("repeated failures switch observation off, and say so once", () => {
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
  for (let failure = 0; failure < 200; failure += 1) quietly("testing", broken);
  expect(observing()).toBe(false);
  expect(said.filter((message) => message.includes("switched itself off"))).toHaveLength(1);
  expect(said).toHaveLength(51);
});

test("a call without inner errors forgives earlier ones", () => {
  for (let failure = 0; failure < 49; failure += 1) quietly("testing", broken);
  observedCleanly();
  expect(innerErrors()).toBe(0);
  quietly("testing", broken);
  expect(observing()).toBe(true);
});
