import type { Session } from "./claude-code-session.ts";

const mainAgent = "claude-code";

/** Name of an agent of the session; the main one has the empty id. */
export const agentName = (session: Session, agentId: string): string =>
  agentId === "" ? mainAgent : session.agentName(agentId);

/** The agent whose tool call started this one; `undefined` for the main agent. */
export function parentAgent(session: Session, agentId: string): string | undefined {
  if (agentId === "") return undefined;
  const started = session.agents.get(agentId)?.toolCallId;
  return session.tools.get(started ?? "")?.agentId ?? "";
}

/** Names from the main agent to this one; a loop in damaged data ends the climb. */
export function agentPath(session: Session, agentId: string): string[] {
  const chain: string[] = [];
  for (let at: string | undefined = agentId; at !== undefined && !chain.includes(at); at = parentAgent(session, at)) {
    chain.unshift(at);
  }
  return chain.map((id) => agentName(session, id));
}

/** Place of each call in its agent's loop, from 1, in order of time. */
export function stepsOf(session: Session): Map<string, number> {
  const reached = new Map<string, number>();
  const ordered = [...session.calls.values()].toSorted((a, b) => a.startedAt - b.startedAt);
  return new Map(
    ordered.map((call) => {
      const step = (reached.get(call.agentId) ?? 0) + 1;
      reached.set(call.agentId, step);
      return [call.messageId, step];
    }),
  );
}
