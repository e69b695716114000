/** An instant as ClickHouse writes it, without a zone and in UTC, in milliseconds since 1970. */
export const instantOf = (text: string): number => {
  const [day = "", time = "00:00:00"] = text.split(/[ T]/);
  return Date.parse(`${day}T${time.slice(0, 12)}Z`);
};

export type Every = "hour" | "day" | "week" | "month";

const day = 86_400_000;

/** How finely a range of time is drawn: enough bars to see a shape, few enough to read. */
export function everyOf(milliseconds: number): Every {
  if (milliseconds <= 3 * day) return "hour";
  if (milliseconds <= 100 * day) return "day";
  return milliseconds <= 730 * day ? "week" : "month";
}

const shapes: Readonly<Record<Every | "minute", Intl.DateTimeFormatOptions>> = {
  minute: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  hour: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  day: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  week: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "long", year: "numeric" },
};

/** An instant for people, in UTC as everything here. */
export const timeText = (milliseconds: number, every: Every | "minute" = "minute"): string =>
  new Intl.DateTimeFormat("en-GB", { ...shapes[every], timeZone: "UTC" }).format(milliseconds);

/** A span of time by its beginning. */
export const spanText = (milliseconds: number, every: Every): string =>
  every === "week" ? `week of ${timeText(milliseconds, every)}` : timeText(milliseconds, every);
