import type { Attributes } from "@opentelemetry/api";
import type { LandingRow } from "@tokenledger/clickhouse";
import { names, usageAttributes } from "@tokenledger/core";
import { identifier, importedRow, type ImportedSpan } from "./imported-row.ts";
import { promptAttributesOf } from "./recorded-prompt.ts";
import {
  agentPath,
  stepsOf,
  type RecordedCall,
  type RecordedRefusal,
  type RecordedSession,
  type RecordedTool,
} from "./recorded-session.ts";

/**
 * The spans a session would have made: its agents, their model calls, their tools, and the requests
 * that were refused. Ids derive from the session's own, so that importing again gives the same rows.
 */
export function sessionRows(session: RecordedSession): LandingRow[] {
  const spans = new SessionSpans(session);
  return [
    ...spans.agentRuns(),
    ...session.calls.flatMap((call) => [spans.call(call), ...spans.billedBeside(call)]),
    ...[...session.tools.values()].map((tool) => spans.tool(tool)),
    ...session.refusals.map((refusal) => spans.refusal(refusal)),
  ];
}

class SessionSpans {
  readonly #session: RecordedSession;
  readonly #traceId: string;
  readonly #steps: Map<string, number>;
  readonly #prompts: Map<string, Attributes>;

  constructor(session: RecordedSession) {
    this.#session = session;
    this.#traceId = identifier(16, "session", session.id);
    this.#steps = stepsOf(session);
    this.#prompts = promptAttributesOf(session.calls);
  }

  agentRuns(): LandingRow[] {
    return [...this.#session.agents].flatMap(([agentId, agent]) => {
      const extent = this.#extent(agentId);
      if (!extent) return [];
      const parent = agent.parent === undefined ? "" : this.#runSpan(agent.parent);
      return this.#row({
        id: this.#runSpan(agentId),
        parent: this.#toolSpan(agent.toolCallId) || parent,
        name: `invoke_agent ${agent.name}`,
        kind: "Internal",
        ...extent,
        attributes: { [names.operationName]: "invoke_agent", ...this.#agentAttributes(agentId) },
      });
    });
  }

  call(call: RecordedCall): LandingRow {
    return this.#row({
      id: this.#callSpan(call.id),
      parent: this.#runSpan(call.agentId),
      name: `chat ${call.model}`,
      kind: "Client",
      startedAt: call.startedAt,
      endedAt: call.endedAt,
      attributes: {
        [names.operationName]: "chat",
        [names.usageScope]: "call",
        [names.usageSource]: call.usageSource,
        [names.providerName]: call.provider,
        [names.requestModel]: call.model,
        [names.responseModel]: call.model,
        [names.callOutcome]: "completed",
        [names.agentStep]: this.#steps.get(call.id),
        ...(call.usage && usageAttributes(call.usage)),
        ...call.attributes,
        ...this.#prompts.get(call.id),
        ...(call.toolCallIds.length > 0 && { [names.toolCallIds]: [...call.toolCallIds] }),
        ...this.#agentAttributes(call.agentId),
      },
    });
  }

  billedBeside(call: RecordedCall): LandingRow[] {
    return call.beside.map(({ name, line, attributes }) =>
      this.#row({
        id: identifier(8, "message", this.#session.id, call.id, line),
        parent: this.#callSpan(call.id),
        name,
        kind: "Client",
        startedAt: call.endedAt,
        endedAt: call.endedAt,
        attributes: {
          ...attributes,
          [names.agentStep]: this.#steps.get(call.id),
          ...this.#agentAttributes(call.agentId),
        },
      }),
    );
  }

  tool(tool: RecordedTool): LandingRow {
    return this.#row({
      id: this.#toolSpan(tool.id),
      parent: this.#runSpan(tool.agentId),
      name: `execute_tool ${tool.name}`,
      kind: "Internal",
      startedAt: tool.startedAt,
      endedAt: tool.endedAt ?? tool.startedAt,
      status: tool.failed ? "Error" : "Unset",
      attributes: {
        [names.operationName]: "execute_tool",
        [names.toolName]: tool.name,
        [names.toolCallId]: tool.id,
        ...(tool.callId !== undefined && { [names.toolCallOriginSpanId]: this.#callSpan(tool.callId) }),
        ...(tool.failed && { [names.errorType]: "tool_error" }),
        ...this.#agentAttributes(tool.agentId),
      },
    });
  }

  refusal({ id, agentId, provider, at, status }: RecordedRefusal): LandingRow {
    return this.#row({
      id: identifier(8, "error", this.#session.id, id),
      parent: this.#runSpan(agentId),
      name: "chat",
      kind: "Client",
      startedAt: at,
      endedAt: at,
      status: "Error",
      attributes: {
        [names.operationName]: "chat",
        [names.usageScope]: "call",
        [names.providerName]: provider,
        [names.callOutcome]: "failed",
        [names.errorType]: status === undefined ? "api_error" : String(status),
        [names.httpStatus]: status,
        ...this.#agentAttributes(agentId),
      },
    });
  }

  #agentAttributes(agentId: string): Attributes {
    const path = agentPath(this.#session, agentId);
    const parentRun = this.#session.agents.get(agentId)?.parent;
    return {
      [names.agentName]: path.at(-1),
      [names.agentPath]: path,
      [names.agentRunId]: this.#runSpan(agentId),
      [names.agentParentRunId]: parentRun === undefined ? undefined : this.#runSpan(parentRun),
      [names.conversationId]: this.#session.id,
      [names.featureName]: this.#session.project,
    };
  }

  #runSpan(agentId: string): string {
    return identifier(8, "agent", this.#session.id, agentId);
  }

  #callSpan(callId: string): string {
    return identifier(8, "message", this.#session.id, callId);
  }

  #toolSpan(toolCallId: string | undefined): string {
    return toolCallId !== undefined && this.#session.tools.has(toolCallId)
      ? identifier(8, "tool", this.#session.id, toolCallId)
      : "";
  }

  /** From an agent's first call to its last; the main agent was there all the time. */
  #extent(agentId: string): { startedAt: number; endedAt: number } | undefined {
    const { calls, refusals } = this.#session;
    const times = [
      ...calls
        .filter((call) => agentId === "" || call.agentId === agentId)
        .flatMap((call) => [call.startedAt, call.endedAt]),
      ...refusals.filter((refusal) => agentId === "" || refusal.agentId === agentId).map((refusal) => refusal.at),
    ];
    if (times.length === 0) return undefined;
    return { startedAt: times.reduce((a, b) => Math.min(a, b)), endedAt: times.reduce((a, b) => Math.max(a, b)) };
  }

  #row(span: Omit<ImportedSpan, "traceId">): LandingRow {
    return importedRow({ traceId: this.#traceId, ...span }, this.#session.origin);
  }
}
