import type { Attributes } from "@opentelemetry/api";
import type { BilledLineSpan, Usage, UsageSource } from "@tokenledger/core";
import type { ImportOrigin } from "./imported-row.ts";
import type { RecordedPrompt } from "./recorded-prompt.ts";

/**
 * What the logs of one session of a coding agent say, whichever program wrote them. Times are milliseconds
 * since the epoch; ids are the session's own, so that importing again gives the same rows.
 */
export interface RecordedSession {
  readonly id: string;
  readonly origin: ImportOrigin;
  /** Name of the folder it worked in. */
  readonly project: string | undefined;
  /** Its agents by id; the main one has the empty id. */
  readonly agents: ReadonlyMap<string, RecordedAgent>;
  readonly calls: readonly RecordedCall[];
  readonly tools: ReadonlyMap<string, RecordedTool>;
  readonly refusals: readonly RecordedRefusal[];
}

/** An agent, and what started it: the main one has neither parent nor tool call. */
export interface RecordedAgent {
  readonly name: string;
  readonly parent: string | undefined;
  readonly toolCallId: string | undefined;
}

/** One billed model call. */
export interface RecordedCall {
  readonly id: string;
  readonly agentId: string;
  readonly provider: string;
  readonly model: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly usageSource: UsageSource;
  readonly usage: Usage | undefined;
  /** `undefined` where the log does not tell. */
  readonly prompt: RecordedPrompt | undefined;
  /** Response id, service tier: whatever the source knows beyond the fields here. */
  readonly attributes: Attributes;
  readonly toolCallIds: readonly string[];
  /** What the call billed beside its own counts: a compaction, an advisor. */
  readonly beside: readonly BilledLineSpan[];
}

/** One use of a tool, from the call that asked for it to its result. */
export interface RecordedTool {
  readonly id: string;
  readonly name: string;
  readonly agentId: string;
  readonly callId: string | undefined;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly failed: boolean;
}

/** A request that the provider refused, and that its log tells of: billed nothing, or nobody knows. */
export interface RecordedRefusal {
  readonly id: string;
  readonly agentId: string;
  readonly provider: string;
  readonly at: number;
  readonly status: number | undefined;
}

/** Names from the main agent to this one; a loop in damaged data ends the climb. */
export function agentPath({ agents }: RecordedSession, agentId: string): string[] {
  const chain: string[] = [];
  for (let at: string | undefined = agentId; at !== undefined && !chain.includes(at); at = agents.get(at)?.parent) {
    chain.unshift(at);
  }
  return chain.map((id) => agents.get(id)?.name ?? "subagent");
}

/** Place of each call in its agent's loop, from 1, in order of time. */
export function stepsOf(session: RecordedSession): Map<string, number> {
  const reached = new Map<string, number>();
  const ordered = session.calls.toSorted((a, b) => a.startedAt - b.startedAt);
  return new Map(
    ordered.map((call) => {
      const step = (reached.get(call.agentId) ?? 0) + 1;
      reached.set(call.agentId, step);
      return [call.id, step];
    }),
  );
}
