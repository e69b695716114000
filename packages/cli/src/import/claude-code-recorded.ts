import { billedLines, names } from "@tokenledger/core";
import { usageOf } from "@tokenledger/instrumentation-anthropic";
import type { Session, SessionCall } from "./claude-code-session.ts";
import type { RecordedAgent, RecordedCall, RecordedSession } from "./recorded-session.ts";

const provider = "anthropic";

/** A Claude Code session as every importer describes one. */
export function recordedSession(session: Session): RecordedSession {
  return {
    id: session.id,
    origin: { service: "claude-code", version: session.version, scope: "tokenledger.import.claude-code" },
    project: session.project,
    agents: agentsOf(session),
    calls: [...session.calls.values()].map(recordedCall),
    tools: session.tools,
    refusals: [...session.errors.values()].map(({ id, at, status }) => ({ id, at, status, agentId: "", provider })),
  };
}

function agentsOf(session: Session): Map<string, RecordedAgent> {
  const agents = new Map<string, RecordedAgent>([
    ["", { name: "claude-code", parent: undefined, toolCallId: undefined }],
  ]);
  for (const [id, { toolCallId }] of session.agents) {
    // The agent whose tool call started it.
    const parent = session.tools.get(toolCallId ?? "")?.agentId ?? "";
    agents.set(id, { name: session.agentName(id), parent, toolCallId });
  }
  return agents;
}

function recordedCall(call: SessionCall): RecordedCall {
  const facts = { ...usageOf(call.usage), id: call.messageId, model: call.model };
  return {
    id: call.messageId,
    agentId: call.agentId,
    provider,
    model: call.model,
    startedAt: call.startedAt,
    endedAt: call.endedAt,
    // Without a stop reason Claude Code wrote the line before the final count was known.
    usageSource: call.stopReason === undefined ? "partial" : "reported",
    usage: facts.usage,
    prompt: call.prompt,
    attributes: {
      [names.responseId]: call.messageId,
      [names.requestId]: call.requestId,
      [names.serviceTier]: facts.serviceTier,
      [names.speed]: facts.speed,
      [names.inferenceGeo]: facts.inferenceGeo,
      ...(call.stopReason !== undefined && { [names.finishReasons]: [call.stopReason] }),
    },
    toolCallIds: call.toolCalls.map((tool) => tool.id),
    beside: billedLines(facts, provider),
  };
}
