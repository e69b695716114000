import { blocks, entryOf, type Entry, placeOf } from "./claude-code-entry.ts";
import { ClaudeCodeHistory } from "./claude-code-history.ts";
import { number, object, text, time } from "./json-fields.ts";

/** Usage of one message as Claude Code keeps it: the Messages API's own block, its lists made sure of. */
type RecordedUsage = Record<string, unknown>;

function recordedUsage(value: unknown): RecordedUsage | undefined {
  const usage = object(value);
  const iterations = usage?.["iterations"];
  return usage && { ...usage, iterations: Array.isArray(iterations) ? iterations.filter(object) : undefined };
}

/** One model call of a session; a message that stands on several lines is one call. */
export interface SessionCall {
  messageId: string;
  requestId: string | undefined;
  model: string;
  usage: RecordedUsage;
  stopReason: string | undefined;
  /** Milliseconds since the epoch: when the record before it was written, and when its last line was. */
  startedAt: number;
  endedAt: number;
  /** Sub-agent that made it; empty for the main agent. */
  agentId: string;
  toolCalls: { id: string; name: string }[];
  prompt: ReturnType<ClaudeCodeHistory["speak"]>;
}

/** One use of a tool, from the message that asked for it to the record of its result. */
export interface SessionTool {
  id: string;
  name: string;
  agentId: string;
  callId: string;
  startedAt: number;
  endedAt: number | undefined;
  failed: boolean;
}

/** A request that the API refused; Claude Code retries it. */
export interface SessionError {
  id: string;
  at: number;
  status: number | undefined;
  attempt: number;
}

/** A sub-agent: known by the tool call that started it. */
export interface SessionAgent {
  name: string | undefined;
  toolCallId: string | undefined;
}

/** What the transcripts of one Claude Code session say, gathered over all their files. */
export class Session {
  readonly calls: Map<string, SessionCall> = new Map();
  readonly tools: Map<string, SessionTool> = new Map();
  readonly agents: Map<string, SessionAgent> = new Map();
  readonly errors: Map<string, SessionError> = new Map();
  version: string | undefined;
  project: string | undefined;
  /** What `subagent_type` each tool call asked for. */
  readonly #agentTypes: Map<string, string> = new Map();
  /** Time of each record, and the sub-agent it belongs to, by its uuid. */
  readonly #records: Map<string, { at: number; agentId: string }> = new Map();
  readonly #history: ClaudeCodeHistory = new ClaudeCodeHistory();
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  /** Takes in one record of a transcript; records that say nothing of cost are passed over. */
  add(record: Record<string, unknown>): void {
    this.version ??= text(record["version"]);
    this.project ??= text(record["cwd"])?.split(/[\\/]/).filter(Boolean).at(-1);
    const entry = entryOf(record);
    if (record["type"] !== entry?.type)
      this.#history.pass({ ...placeOf(record), agentId: text(record["agentId"]) ?? "" }, record);
    if (record["type"] === "system") return this.#addSystem(record);
    if (!entry) return;
    const agentId = entry.agentId ?? this.#sidechainOf(record);
    if (entry.parentToolCallId !== undefined && agentId !== "")
      this.#agent(agentId).toolCallId ??= entry.parentToolCallId;
    if (entry.type === "assistant") this.#addAssistant(entry, agentId);
    else this.#addUser(entry, agentId, record);
  }

  agentName(agentId: string): string {
    const agent = this.agents.get(agentId);
    return (
      (agent?.toolCallId === undefined ? undefined : this.#agentTypes.get(agent.toolCallId)) ??
      agent?.name ??
      "subagent"
    );
  }

  #addAssistant(entry: Entry, agentId: string): void {
    const { message } = entry;
    const messageId = text(message["id"]);
    const model = text(message["model"]);
    const usage = recordedUsage(message["usage"]);
    // Claude Code writes messages of its own under a made-up model; nobody billed them.
    if (messageId === undefined || model === undefined || usage === undefined || model.startsWith("<")) {
      return this.#history.pass({ ...entry, agentId }, message);
    }
    const before = this.#records.get(entry.parentUuid ?? "");
    this.#remember(entry, agentId);
    const known = this.calls.get(messageId);
    const prompt = this.#history.speak({ ...entry, agentId }, message["content"], known?.prompt);
    const call = known ?? {
      messageId,
      requestId: entry.requestId,
      model,
      usage,
      stopReason: undefined,
      startedAt: before?.at ?? entry.at,
      endedAt: entry.at,
      agentId,
      toolCalls: [],
      prompt,
    };
    this.calls.set(messageId, call);
    // Later lines repeat the usage, grown where it is: the output count starts as a placeholder.
    if (outputOf(usage) >= outputOf(call.usage)) call.usage = usage;
    call.stopReason = text(message["stop_reason"]) ?? call.stopReason;
    call.startedAt = Math.min(call.startedAt, entry.at);
    call.endedAt = Math.max(call.endedAt, entry.at);
    for (const block of blocks(message, "tool_use")) this.#addToolUse(block, call, entry.at);
  }

  #addToolUse(block: Record<string, unknown>, call: SessionCall, at: number): void {
    const id = text(block["id"]);
    if (id === undefined || this.tools.has(id)) return;
    const name = text(block["name"]) ?? "tool";
    const asked = text(object(block["input"])?.["subagent_type"]);
    if (asked !== undefined) this.#agentTypes.set(id, asked);
    call.toolCalls.push({ id, name });
    const { agentId, messageId: callId } = call;
    this.tools.set(id, { id, name, agentId, callId, startedAt: at, endedAt: undefined, failed: false });
  }

  #addUser(entry: Entry, agentId: string, record: Record<string, unknown>): void {
    const results = blocks(entry.message, "tool_result");
    const ids = results.flatMap((result) => text(result["tool_use_id"]) ?? []);
    this.#remember(entry, agentId);
    this.#history.hear({ ...entry, agentId }, entry.message["content"]);
    for (const result of results) {
      const tool = this.tools.get(text(result["tool_use_id"]) ?? "");
      if (!tool) continue;
      tool.endedAt = entry.at;
      tool.failed = result["is_error"] === true;
    }
    const started = text(object(record["toolUseResult"])?.["agentId"]);
    if (started !== undefined && ids[0] !== undefined) this.#agent(started).toolCallId ??= ids[0];
  }

  #addSystem(record: Record<string, unknown>): void {
    const uuid = text(record["uuid"]);
    const at = time(record["timestamp"]);
    if (uuid === undefined || at === undefined) return;
    this.#records.set(uuid, { at, agentId: "" });
    if (record["subtype"] !== "api_error") return;
    const status = number(object(record["error"])?.["status"]);
    this.errors.set(uuid, { id: uuid, at, status, attempt: number(record["retryAttempt"]) ?? 1 });
  }

  #agent(agentId: string): SessionAgent {
    const agent = this.agents.get(agentId) ?? { name: undefined, toolCallId: undefined };
    this.agents.set(agentId, agent);
    return agent;
  }

  #remember(entry: Entry, agentId: string): void {
    if (agentId !== "") this.#agent(agentId);
    if (entry.uuid !== undefined) this.#records.set(entry.uuid, { at: entry.at, agentId });
  }

  /** Old versions mark a sub-agent's records only as a side chain, which its first record names. */
  #sidechainOf(record: Record<string, unknown>): string {
    if (record["isSidechain"] !== true) return "";
    const parent = this.#records.get(text(record["parentUuid"]) ?? "");
    return parent && parent.agentId !== "" ? parent.agentId : (text(record["uuid"]) ?? "sidechain");
  }
}

const outputOf = (usage: RecordedUsage): number => number(usage["output_tokens"]) ?? 0;
