/** Half-open, as views take it. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

/** The nanosecond in which a call began: a view that takes a range is then asked about hardly any other call. */
export const instantOf = (startedAt: string): TimeRange => ({ from: startedAt, to: nextInstant(startedAt) });

/** One nanosecond later than an instant as views write it, `2026-05-01 10:00:00.123456789`. */
export function nextInstant(instant: string): string {
  const [seconds = "", fraction = ""] = instant.split(".");
  const next = BigInt(fraction.padEnd(9, "0")) + 1n;
  if (next < 1_000_000_000n) return `${seconds}.${next.toString().padStart(9, "0")}`;
  const later = new Date(Date.parse(`${seconds.replace(" ", "T")}Z`) + 1000);
  return `${later.toISOString().slice(0, 19).replace("T", " ")}.000000000`;
}
