import { names } from "@tokenledger/core";
import type { ThreadCall } from "./codex-call.ts";
import { CodexThread } from "./codex-thread.ts";
import { object, text } from "./json-fields.ts";
import type { RecordedAgent, RecordedCall, RecordedSession, RecordedTool } from "./recorded-session.ts";
import type { Transcripts } from "./transcripts.ts";

/**
 * The rollouts of Codex CLI: a file per thread; sub-agents and reviews are threads of their own, in the
 * session of the one that started them.
 */
export class CodexRollouts implements Transcripts {
  /** By file: only its first record says whose it is. */
  readonly #threads: Map<string, CodexThread> = new Map();

  add(record: Record<string, unknown>, file: string): void {
    const thread = this.#threads.get(file) ?? new CodexThread();
    this.#threads.set(file, thread);
    thread.add(record);
  }

  *sessions(): Iterable<RecordedSession> {
    const threads = this.#byId();
    const groups = Map.groupBy(threads.values(), (thread) => rootOf(thread, threads));
    for (const [root, members] of groups) yield recordedSession(root, members);
  }

  repeatedCalls(): number {
    return [...this.#threads.values()].reduce((sum, thread) => sum + thread.copiedCalls, 0);
  }

  /** A thread that lies in two files (an archive, a backup) is the one that goes on longer. */
  #byId(): Map<string, CodexThread> {
    const threads = new Map<string, CodexThread>();
    for (const thread of this.#threads.values()) {
      const known = threads.get(thread.id);
      if (thread.id !== "" && (!known || known.calls.length < thread.calls.length)) threads.set(thread.id, thread);
    }
    return threads;
  }
}

/** The thread that started this one; `undefined` for the main thread of a session. */
function parentOf({ id, meta }: CodexThread): string | undefined {
  const spawn = object(object(object(meta["source"])?.["subagent"])?.["thread_spawn"]);
  const session = text(meta["session_id"]);
  return text(meta["parent_thread_id"]) ?? text(spawn?.["parent_thread_id"]) ?? (session === id ? undefined : session);
}

/** The session of a thread is its main thread's. A loop in damaged data ends the climb. */
function rootOf(thread: CodexThread, threads: ReadonlyMap<string, CodexThread>): string {
  const seen = new Set<string>();
  let root = thread.id;
  for (let at: CodexThread | undefined = thread; at && !seen.has(at.id); at = threads.get(root)) {
    seen.add(at.id);
    root = parentOf(at) ?? at.id;
  }
  return text(thread.meta["session_id"]) ?? root;
}

function recordedSession(root: string, threads: readonly CodexThread[]): RecordedSession {
  const main = threads.find(({ id }) => id === root);
  const meta = main?.meta ?? threads[0]?.meta ?? {};
  const agentId = (threadId: string): string => (threadId === root ? "" : threadId);
  const started = new Map(threads.flatMap((thread) => [...thread.spawned]));
  const agents = new Map<string, RecordedAgent>([["", agentOf(main, undefined, undefined)]]);
  for (const thread of threads) {
    if (thread.id === root) continue;
    agents.set(thread.id, agentOf(thread, agentId(parentOf(thread) ?? root), started.get(thread.id)));
  }
  return {
    id: root,
    origin: { service: "codex", version: text(meta["cli_version"]), scope: "tokenledger.import.codex" },
    project: text(meta["cwd"])?.split(/[\\/]/).filter(Boolean).at(-1),
    agents,
    calls: threads.flatMap((thread) => thread.calls.map((call) => recordedCall(thread, call, agentId(thread.id)))),
    tools: new Map(threads.flatMap((thread) => toolsOf(thread, agentId(thread.id)))),
    refusals: threads.flatMap((thread) =>
      [...thread.failedTurns].map(([id, at]) => ({
        id,
        at,
        agentId: agentId(thread.id),
        provider: providerOf(thread),
        status: undefined,
      })),
    ),
  };
}

function agentOf(
  thread: CodexThread | undefined,
  parent: string | undefined,
  toolCallId: string | undefined,
): RecordedAgent {
  const subagent = object(thread?.meta["source"])?.["subagent"];
  const spawn = object(object(subagent)?.["thread_spawn"]);
  const name = text(spawn?.["agent_role"]) ?? text(subagent) ?? text(object(subagent)?.["other"]);
  return { name: name ?? (parent === undefined ? "codex" : "subagent"), parent, toolCallId };
}

function recordedCall(thread: CodexThread, call: ThreadCall, agentId: string): RecordedCall {
  return {
    id: callId(thread, call),
    agentId,
    provider: providerOf(thread),
    model: thread.modelOfTurn.get(call.turnId ?? "") ?? call.model ?? "",
    startedAt: call.startedAt,
    endedAt: call.endedAt,
    usageSource: "reported",
    usage: call.usage,
    prompt: call.prompt,
    attributes: { [names.responseId]: call.responseId, [names.serviceTier]: call.serviceTier },
    toolCallIds: call.toolCallIds,
    beside: [],
  };
}

/** The provider's id of the response, else the call's place in its thread: files only ever grow. */
const callId = (thread: CodexThread, call: ThreadCall): string =>
  call.responseId ?? `${thread.id}/${thread.calls.indexOf(call)}`;

/** Before Codex wrote down which provider it used, nearly everybody used its own. */
const providerOf = (thread: CodexThread): string => text(thread.meta["model_provider"]) ?? "openai";

const toolsOf = (thread: CodexThread, agentId: string): [string, RecordedTool][] =>
  [...thread.tools].map(([id, { call, ...tool }]) => [
    id,
    { ...tool, id, agentId, callId: call && callId(thread, call) },
  ]);
