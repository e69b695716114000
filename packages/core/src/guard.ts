import { diag } from "./telemetry.ts";

/** Inner errors in a row, without one call observed cleanly between them, after which we stop observing. */
const tolerated = 50;

let failures = 0;
let open = true;

/**
 * Runs code of ours that must never reach the user: every mapper of an adapter and every step of
 * bookkeeping. The only `catch` in the product that swallows; what it swallows goes to
 * OpenTelemetry's `diag`.
 */
export function quietly<Args extends readonly unknown[], Result>(
  what: string,
  run: (...args: Args) => Result,
  ...args: Args
): Result | undefined {
  try {
    return run(...args);
  } catch (error) {
    report(what, error);
    return undefined;
  }
}

/** False once repeated inner errors have switched observation off: calls then pass through untouched. */
export function observing(): boolean {
  return open;
}

/** Tells the guard that a call was observed from start to end without an inner error. */
export function observedCleanly(): void {
  failures = 0;
}

/** How many inner errors there have been since the last clean call. */
export function innerErrors(): number {
  return failures;
}

/** Closes the breaker again; for tests. */
export function resetGuard(): void {
  failures = 0;
  open = true;
}

function report(what: string, error: unknown): void {
  if (!open) return;
  failures += 1;
  diag.error(`tokenledger: ${what} failed; the call itself is unaffected`, error);
  if (failures < tolerated) return;
  open = false;
  diag.error(
    `tokenledger: ${tolerated} inner errors in a row, so it has switched itself off for the rest of this process. ` +
      "Calls go on as without it. Please report the errors above.",
  );
}
