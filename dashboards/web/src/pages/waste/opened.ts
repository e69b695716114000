import { place } from "../../data/url-state.ts";

/** What spending on a cause can be divided by. */
export const divisions = ["agent", "customer", "model", "session", "service"] as const;
export type Division = (typeof divisions)[number];

/** How far the areas are opened: all causes, one of them, and one name of what it is divided by. */
export interface Opened {
  /** Empty: all causes. */
  readonly cause: string;
  readonly by: Division;
  /** Undefined: every name; empty: what has none. */
  readonly name: string | undefined;
}

/** What the address says is opened. */
export function opened(): Opened {
  const { parameters } = place.value;
  const by = divisions.find((one) => one === parameters.get("by")) ?? "agent";
  const of = parameters.get("of");
  return { cause: parameters.get("cause") ?? "", by, name: of === null ? undefined : of.slice(mark.length) };
}

/** How the address says it, as changes of its parameters. */
export const openedAs = ({ cause, by, name }: Opened): Record<string, string> => ({
  cause,
  by: by === "agent" ? "" : by,
  of: name === undefined ? "" : `${mark}${name}`,
});

/** Stands before a name: an empty one is no missing one. */
const mark = "=";

/** What is shown of something without a name. */
export const nameless: Readonly<Record<Division, string>> = {
  agent: "no agent",
  customer: "no customer",
  model: "no model",
  session: "no session",
  service: "no service",
};
