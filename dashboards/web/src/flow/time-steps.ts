/** How long a span of time is that views add up over: what they take as `every`. */
export type TimeStep = "hour" | "day" | "week" | "month";

/** The step that shows a stretch of time in as many spans as can be told apart. */
export function stepFor(first: string | null, last: string | null): TimeStep {
  if (first === null || last === null) return "day";
  const days = (secondsOf(last) - secondsOf(first)) / 86_400;
  if (days <= 4) return "hour";
  if (days <= 120) return "day";
  return days <= 800 ? "week" : "month";
}

/** An instant as ClickHouse writes it, in UTC, in seconds since 1970. */
export const secondsOf = (text: string): number => Date.parse(`${text.slice(0, 19).replace(" ", "T")}Z`) / 1000;

/** When a span of time began, as short as it is clear. */
export function stepText(seconds: number, step: TimeStep): string {
  const text = new Date(seconds * 1000).toISOString();
  if (step === "hour") return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
  return step === "month" ? text.slice(0, 7) : `${step === "week" ? "week of " : ""}${text.slice(0, 10)}`;
}
