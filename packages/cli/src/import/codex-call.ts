import type { Usage } from "@tokenledger/core";
import type { RecordedPrompt } from "./recorded-prompt.ts";

/** One model call of a thread. */
export interface ThreadCall {
  /** Only newer versions of Codex write it down. */
  responseId: string | undefined;
  turnId: string | undefined;
  /** Model and service tier in force when its usage was written; its turn's own record knows the model better. */
  model: string | undefined;
  serviceTier: string | undefined;
  usage: Usage;
  prompt: RecordedPrompt;
  startedAt: number;
  endedAt: number;
  toolCallIds: string[];
}

/** One use of a tool in a thread. */
export interface ThreadTool {
  name: string;
  startedAt: number;
  endedAt: number | undefined;
  failed: boolean;
  /** Its call's place among the calls of the thread; `undefined` where none was recorded. */
  call: ThreadCall | undefined;
}
