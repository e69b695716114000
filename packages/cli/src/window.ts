import { UsageError } from "./usage-error.ts";

/** A half-open range of time, as the views take it. */
export interface Window {
  from: Date;
  to: Date;
  /** How it was asked for, for headings. */
  label: string;
}

const units: Record<string, number> = { m: 60, h: 3600, d: 86_400, w: 604_800 };
const beginning = new Date("1970-01-01T00:00:00Z");

/**
 * Reads `--since` and `--until`: a span back from now (`90m`, `24h`, `7d`, `2w`) or an ISO date or
 * instant, taken as UTC where it has no zone. Without `--since` the window starts with the ledger.
 */
export function parseWindow(since: string | undefined, until: string | undefined, now: Date = new Date()): Window {
  const from = since === undefined ? beginning : instant("--since", since, now);
  // A day ahead by default: calls of a machine whose clock is fast are not hidden.
  const to = until === undefined ? new Date(now.getTime() + 86_400_000) : instant("--until", until, now);
  if (from >= to) throw new UsageError(`--since (${since ?? "1970-01-01"}) must be before --until (${until ?? "now"})`);
  const label =
    since === undefined && until === undefined ? "all time" : `${since ?? "the beginning"} to ${until ?? "now"}`;
  return { from, to, label };
}

/** Reads an option that names an instant, as `--since` does; now where it is left out. */
export function parseInstant(option: string, value: string | undefined, now: Date = new Date()): Date {
  return value === undefined ? now : instant(option, value, now);
}

function instant(option: string, value: string, now: Date): Date {
  const [, amount, unit] = /^(\d+)([mhdw])$/.exec(value) ?? [];
  if (amount !== undefined && unit !== undefined) {
    // Farther back than the beginning is the beginning.
    return new Date(Math.max(0, now.getTime() - Number(amount) * (units[unit] ?? 0) * 1000));
  }
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(value);
  const date = new Date(iso && value.includes("T") && iso[4] === undefined ? `${value}Z` : value);
  if (!iso || Number.isNaN(date.getTime()) || !isDay(value.slice(0, 10))) {
    throw new UsageError(`${option}: "${value}" is no time; write 24h, 7d, 2026-11-01 or 2026-11-01T12:00Z`);
  }
  return date;
}

/** Dates such as 2026-02-31 are read as days of March otherwise. */
const isDay = (day: string): boolean => new Date(day).toISOString().startsWith(day);
