import type { ThreadCall, ThreadTool } from "./codex-call.ts";
import { CopiedHistory } from "./codex-copied-history.ts";
import { CodexHistory } from "./codex-history.ts";
import { codexItem, usageOf, type CodexItem } from "./codex-item.ts";
import { number, object, text, time } from "./json-fields.ts";

type Fields = Record<string, unknown>;

/**
 * One thread of a Codex session (the main one, or a sub-agent's), as its rollout file tells it.
 *
 * A call is a `token_usage_record`, or before Codex wrote those, a `token_count` whose running total
 * moved: the same count is written again by every event that shows limits. The total starts anew with
 * every process of old versions, which say so by a count of nothing.
 */
export class CodexThread {
  meta: Fields = {};
  readonly calls: ThreadCall[] = [];
  readonly tools: Map<string, ThreadTool> = new Map();
  /** Threads that a tool call of this one started. */
  readonly spawned: Map<string, string> = new Map();
  readonly modelOfTurn: Map<string, string> = new Map();
  /** Turns that ended in an error: the provider refused, and no usage was written. */
  readonly failedTurns: Map<string, number> = new Map();
  /** Calls in the copy of another thread's history. */
  copiedCalls = 0;
  readonly #copy = new CopiedHistory();
  readonly #history = new CodexHistory();
  #turnId: string | undefined;
  #model: string | undefined;
  #serviceTier: string | undefined;
  /** Running total at the last count, to know its repetitions. */
  #total: string | undefined;
  #knowsResponses = false;
  #inputAt: number | undefined;
  #outputAt: number | undefined;
  #startedAt: number | undefined;
  /** Tools asked for since the last usage. */
  #asked: string[] = [];
  /** Versions before 0.100 write a call's usage first and what the model said after it. */
  #usageFirst: boolean | undefined;

  get id(): string {
    return text(this.meta["id"]) ?? "";
  }

  /** Takes in one record of the rollout; records that say nothing of cost are passed over. */
  add(record: Fields): void {
    const payload = object(record["payload"]);
    const at = time(record["timestamp"]);
    if (!payload || at === undefined) return;
    this.#copy.passTime(at, this.#turnId);
    switch (record["type"]) {
      case "session_meta":
        return this.#addMeta(payload, at);
      case "turn_context":
        return this.#addTurnContext(payload, at);
      case "token_usage_record":
        return this.#addUsageRecord(payload, at);
      case "response_item":
        return this.#addItem(codexItem(payload), payload, at);
      case "compacted":
        return this.#history.compact(payload);
      case "event_msg":
        return this.#addEvent(payload, at);
      default:
    }
  }

  #addMeta(payload: Fields, at: number): void {
    if (this.id !== "" && payload["id"] !== this.id) return this.#copy.begin();
    this.meta = { ...this.meta, ...payload };
    this.#history.begin(payload);
    this.#inputAt = at;
  }

  #enterTurn(turnId: string | undefined, at: number): void {
    this.#inputAt = at;
    if (turnId === undefined || turnId === this.#turnId) return;
    this.#turnId = turnId;
    this.#startedAt = undefined;
    this.#asked = [];
    this.#copy.enterTurn(turnId, this.id);
    this.#history.beginTurn();
  }

  #addTurnContext(payload: Fields, at: number): void {
    const turnId = text(payload["turn_id"]);
    this.#enterTurn(turnId, at);
    this.#model = text(payload["model"]) ?? this.#model;
    if (this.#turnId !== undefined && this.#model !== undefined) this.modelOfTurn.set(this.#turnId, this.#model);
  }

  #addEvent(payload: Fields, at: number): void {
    switch (payload["type"]) {
      case "task_started":
        return this.#enterTurn(text(payload["turn_id"]), at);
      case "task_complete":
        if (object(payload["error"]) && !this.#copy.underWay) this.failedTurns.set(text(payload["turn_id"]) ?? "", at);
        return;
      case "thread_settings_applied": {
        const settings = object(payload["thread_settings"]);
        this.#model = text(settings?.["model"]) ?? this.#model;
        this.#serviceTier = text(settings?.["service_tier"]);
        return;
      }
      case "thread_rolled_back":
        return this.#history.takeBack(number(payload["num_turns"]) ?? 0);
      case "token_count":
        return this.#addCount(object(payload["info"]), at);
      default:
    }
  }

  #addUsageRecord(payload: Fields, at: number): void {
    this.#knowsResponses = true;
    const elsewhere = payload["thread_id"] !== undefined && payload["thread_id"] !== this.id;
    const turnId = text(payload["turn_id"]) ?? this.#turnId;
    this.#addCall(object(payload["usage"]), { responseId: text(payload["response_id"]), turnId }, at, elsewhere);
  }

  #addCount(info: Fields | undefined, at: number): void {
    const total = info && JSON.stringify(info["total_token_usage"]);
    if (this.#knowsResponses || total === this.#total) return;
    this.#total = total;
    if (info) {
      const identity = { responseId: undefined, turnId: this.#turnId };
      this.#addCall(object(info["last_token_usage"]), identity, at, this.#copy.underWay);
    }
  }

  #addCall(
    counts: Fields | undefined,
    identity: Pick<ThreadCall, "responseId" | "turnId">,
    at: number,
    copied: boolean,
  ): void {
    const usage = usageOf(counts);
    if (!usage) return;
    this.#usageFirst ??= this.#startedAt === undefined;
    const toolCallIds = this.#asked;
    const startedAt = this.#startedAt ?? this.#inputAt ?? at;
    this.#asked = [];
    this.#startedAt = undefined;
    if (copied) {
      this.copiedCalls += 1;
      return this.#history.keepUnbilled();
    }
    // Tools may have run before the usage was written: the call ended when the model had said all.
    const waited = this.#inputAt !== undefined && this.#outputAt !== undefined && this.#inputAt > this.#outputAt;
    const endedAt = waited && toolCallIds.length > 0 ? (this.#outputAt ?? at) : at;
    const call = {
      ...identity,
      model: this.#model,
      serviceTier: this.#serviceTier,
      usage,
      prompt: this.#history.addCall(),
      startedAt,
      endedAt,
      toolCallIds,
    };
    this.calls.push(call);
    for (const id of toolCallIds) {
      const tool = this.tools.get(id);
      if (tool) tool.call = call;
    }
  }

  #addItem(item: CodexItem, payload: Fields, at: number): void {
    const isOutput = item.kind === "output" || item.kind === "tool_call";
    this.#history.addItem(payload, isOutput, this.#usageFirst === true);
    if (!isOutput) this.#inputAt = at;
    else {
      this.#outputAt = at;
      if (this.#usageFirst !== true) this.#startedAt ??= this.#inputAt ?? at;
    }
    if (this.#copy.underWay) return;
    if (item.kind === "tool_call") this.#addTool(item, at);
    else if (item.kind === "tool_result") this.#endTool(item, at);
  }

  #addTool({ id, name }: { id: string; name: string }, at: number): void {
    const call = this.#usageFirst === true ? this.calls.at(-1) : undefined;
    (call?.toolCallIds ?? this.#asked).push(id);
    this.tools.set(id, { name, startedAt: at, endedAt: undefined, failed: false, call });
  }

  #endTool({ id, failed, startedThread }: Extract<CodexItem, { kind: "tool_result" }>, at: number): void {
    const tool = this.tools.get(id);
    if (!tool) return;
    tool.endedAt = at;
    tool.failed = failed;
    if (startedThread !== undefined) this.spawned.set(startedThread, id);
  }
}
