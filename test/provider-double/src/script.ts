import type { Prompt } from "./prompt.ts";
import type { TrueUsage } from "./usage.ts";

export type ProviderApi =
  | "chat"
  | "responses"
  | "embeddings"
  | "completions"
  | "conversations"
  | "messages"
  | "generate_content"
  | "count_tokens";

/** Who bills, as `gen_ai.provider.name` words it. */
export type ProviderName = "openai" | "anthropic" | "mistral_ai" | "gcp.vertex_ai" | "gcp.gemini" | "aws.bedrock";

/** A request as a script sees it. */
export interface ProviderCall {
  readonly api: ProviderApi;
  readonly model: string;
  readonly stream: boolean;
  /** 0 on the first attempt; the SDKs say which retry they are on in a header. */
  readonly attempt: number;
  readonly prompt: Prompt;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** What the model does. Everything is optional; nothing at all answers "Done.". */
export interface Answer {
  readonly text?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: unknown; readonly id?: string }[];
  /** Reasoning tokens spent before the answer. */
  readonly reasoning?: number;
  /** Counts that replace the computed ones, for exact cases. */
  readonly usage?: Partial<TrueUsage>;
  /** The model that the response names, where not the one asked for. */
  readonly model?: string;
  /** The tier that served the call, where not what was asked for. */
  readonly serviceTier?: string;
  /** Answers with this HTTP error instead. */
  readonly failure?: Failure;
  /** Milliseconds before the first byte. */
  readonly delayMs?: number;
  /** Milliseconds between the events of a stream. */
  readonly eventDelayMs?: number;
  /** What happens in the middle of a stream, after this many events. */
  readonly interruption?: Interruption;
}

export interface Failure {
  readonly status: number;
  readonly message?: string;
  readonly type?: string;
  /** Sent as `retry-after-ms`. */
  readonly retryAfterMs?: number;
}

export interface Interruption {
  readonly afterEvents: number;
  /**
   * `cut`: the connection breaks. `error`: the API's own error event. `wait`: nothing more is sent
   * until the client hangs up, so that an early `break` is billed the same at every run.
   */
  readonly kind: "cut" | "error" | "wait";
}

/** A rule of a script: all conditions that are given must hold; the first rule that holds answers. */
export interface Rule {
  readonly api?: ProviderApi;
  readonly model?: string;
  readonly stream?: boolean;
  /** Part of the system text. */
  readonly system?: string;
  /** Part of the last user message. */
  readonly user?: string;
  /** The tool whose result ends the prompt; `null`: none does. */
  readonly afterTool?: string | null;
  readonly round?: number;
  /** One answer, or one per attempt: the last repeats. */
  readonly answer: Answer | readonly Answer[];
}

/** Rules, or a function for what rules cannot say; `undefined` leaves the default answer. */
export type Script = readonly Rule[] | ((call: ProviderCall) => Answer | undefined);

const DEFAULT_ANSWER: Answer = { text: "Done." };

/** The answer that the script gives to a call. */
export function answerTo(call: ProviderCall, script: Script): Answer {
  if (typeof script === "function") return script(call) ?? DEFAULT_ANSWER;
  const rule = script.find((candidate) => holds(candidate, call));
  if (!rule) return DEFAULT_ANSWER;
  if (!isList(rule.answer)) return rule.answer;
  return rule.answer[Math.min(call.attempt, rule.answer.length - 1)] ?? DEFAULT_ANSWER;
}

function holds(rule: Rule, call: ProviderCall): boolean {
  const { prompt } = call;
  return (
    (rule.api ?? call.api) === call.api &&
    (rule.model ?? call.model) === call.model &&
    (rule.stream ?? call.stream) === call.stream &&
    prompt.system.includes(rule.system ?? "") &&
    prompt.lastUser.includes(rule.user ?? "") &&
    (rule.afterTool === undefined || (rule.afterTool ?? undefined) === prompt.lastTool) &&
    (rule.round ?? prompt.round) === prompt.round
  );
}

const isList = (answer: Rule["answer"]): answer is readonly Answer[] => Array.isArray(answer);
