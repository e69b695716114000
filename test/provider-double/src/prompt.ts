/** One cacheable piece of a prompt, in the order in which the provider's cache sees it. */
export interface Segment {
  readonly text: string;
  /** Set where the caller put a cache breakpoint at the end of this piece. */
  readonly writeFor?: CacheLifetime;
}

export type CacheLifetime = "5m" | "1h";

/** What a request asks, whichever API it came in by. */
export interface Prompt {
  readonly segments: readonly Segment[];
  /** System text or instructions. */
  readonly system: string;
  /** Text of the last message that a user (and no tool) wrote. */
  readonly lastUser: string;
  /** Name of the tool whose result ends the prompt; `undefined` when a user's message does. */
  readonly lastTool: string | undefined;
  /** How often tools have answered since the last user message. */
  readonly round: number;
  /** Names of the tools on offer. */
  readonly tools: readonly string[];
}

/** One message reduced to what scripts match on. */
export interface Turn {
  readonly from: "user" | "model" | "tool";
  readonly text: string;
  /** The tool that answered, where `from` is `tool`. */
  readonly tool?: string | undefined;
}

/** The script's view of a conversation. */
export function lastTurns(turns: readonly Turn[]): Pick<Prompt, "lastUser" | "lastTool" | "round"> {
  const lastUser = turns.findLastIndex((turn) => turn.from === "user");
  const since = turns.slice(lastUser + 1);
  const answers = since.filter((turn, index) => turn.from === "tool" && since[index - 1]?.from !== "tool");
  return { lastUser: turns[lastUser]?.text ?? "", lastTool: since.at(-1)?.tool, round: answers.length };
}

export const CHARACTERS_PER_TOKEN = 4;

/** Tokens of a text as the double bills them: four characters each, rounded up. */
export const tokensOf = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

export const tokensOfAll = (segments: readonly Segment[]): number =>
  segments.reduce((total, segment) => total + tokensOf(segment.text), 0);
