import { type PromptPart, type PromptPiece, promptParts, quietly } from "@tokenledger/core";
import { promptContent } from "@tokenledger/instrumentation-openai";
import { object, text } from "./json-fields.ts";
import { type GrowingPrompt, measuredPieces } from "./recorded-prompt.ts";

type Fields = Record<string, unknown>;

/**
 * Follows the conversation of one Codex thread, and tells of every call what its request was made of. Text is measured
 * as it comes and let go. Tool definitions are not in a rollout; newer versions have the instructions.
 */
export class CodexHistory {
  #instructions: readonly PromptPiece[] = [];
  #spoken: GrowingPrompt | undefined;
  /** What was said since the last call, and what of it the call under way was asked. */
  #said: PromptPiece[] = [];
  #heard: PromptPiece[] | undefined;
  #answer: PromptPiece[] = [];
  /** Where the conversation stood when each turn began: turns can be taken back. */
  readonly #turns: { spoken: GrowingPrompt | undefined; said: readonly PromptPiece[] }[] = [];
  readonly #asked: Map<string, string> = new Map();

  begin(meta: Fields): void {
    const instructions = text(object(meta["base_instructions"])?.["text"]);
    if (instructions !== undefined) this.#instructions = measuredPieces([{ kind: "system", text: instructions }]);
  }

  /** An item of the conversation; what the model said comes after the usage where `usageFirst`. */
  addItem(item: Fields, isOutput: boolean, usageFirst: boolean): void {
    const pieces = this.#piecesOf(item);
    if (!isOutput) this.#said.push(...pieces);
    else if (usageFirst) (this.#spoken?.answer ?? this.#said).push(...pieces);
    else {
      this.#heard ??= this.#said.splice(0);
      this.#answer.push(...pieces);
    }
  }

  /** The call whose usage was written. */
  addCall(): GrowingPrompt {
    const heard = this.#heard ?? this.#said.splice(0);
    this.#heard = undefined;
    const before = this.#spoken;
    const added = [...(before?.answer ?? this.#instructions), ...heard];
    this.#spoken = { before, head: undefined, added, answer: this.#answer.splice(0) };
    return this.#spoken;
  }

  /** What was said belongs to the conversation, and to no call of this thread: another one's, or one that broke off. */
  keepUnbilled(): void {
    this.#said = [...(this.#heard ?? []), ...this.#answer.splice(0), ...this.#said];
    this.#heard = undefined;
  }

  beginTurn(): void {
    this.keepUnbilled();
    this.#turns.push({ spoken: this.#spoken, said: [...this.#said] });
  }

  takeBack(turns: number): void {
    const [from] = turns > 0 ? this.#turns.splice(-turns) : [];
    if (!from) return;
    this.keepUnbilled();
    this.#spoken = from.spoken;
    this.#said = [...from.said];
  }

  /** The conversation goes on from a short form of itself. */
  compact(compacted: Fields): void {
    this.keepUnbilled();
    this.#spoken = undefined;
    const { replacement_history: items, message } = compacted;
    this.#said = Array.isArray(items)
      ? items.flatMap((item) => this.#piecesOf(object(item) ?? {}))
      : measuredPieces(typeof message === "string" && message !== "" ? [{ kind: "user", text: message }] : []);
  }

  #piecesOf(item: Fields): PromptPiece[] {
    if (item["type"] === "ghost_snapshot") return [];
    const id = text(item["call_id"]) ?? "";
    const name = text(item["name"]);
    if (name !== undefined) this.#asked.set(id, name);
    return measuredPieces(
      partsOf(item).map((part) => (part.kind === "tool_result" ? { ...part, name: this.#asked.get(id) } : part)),
    );
  }
}

/** Rollouts hold the API's own items; where a list is missing, there is no text. */
function partsOf(item: Fields): PromptPart[] {
  const listed = {
    ...item,
    ...(item["type"] === "message" && { content: saidIn(item["content"]) }),
    ...(item["type"] === "reasoning" && { summary: saidIn(item["summary"]) }),
  };
  const request = { input: [listed] } as Parameters<typeof promptContent>[0];
  return quietly("reading an item of a rollout", () => promptParts(promptContent(request))) ?? [];
}

const saidIn = (content: unknown): unknown =>
  typeof content === "string" ? content : Array.isArray(content) ? content.filter((part) => object(part)) : [];
