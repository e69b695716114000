import { type PromptPart, type PromptPiece, promptParts, quietly } from "@tokenledger/core";
import { requestContent } from "@tokenledger/instrumentation-anthropic";
import { object, text } from "./json-fields.ts";
import { type GrowingPrompt, measuredPieces } from "./recorded-prompt.ts";

type Fields = Record<string, unknown>;

/** A line of a transcript, by where it stands in the conversation. */
export interface Line {
  readonly uuid: string | undefined;
  /** The line it follows; `null` where a conversation starts, `undefined` where the line does not say. */
  readonly parentUuid: string | null | undefined;
  readonly agentId: string;
}

/** What was said since the model spoke last, latest first: branches share what they have in common. */
interface Said {
  readonly piece: PromptPiece;
  readonly before: Said | undefined;
}

/** Where a branch of the conversation stands: what its next request is made of. */
interface Place {
  readonly spoken: SpokenPrompt | undefined;
  readonly said: Said | undefined;
}

interface SpokenPrompt extends GrowingPrompt {
  /** Results of the tools that its answer asks for: tools run side by side, each in a branch of its own. */
  readonly results: PromptPiece[];
}

const start: Place = { spoken: undefined, said: undefined };

/**
 * Follows the conversations of one Claude Code session, those of its sub-agents too, and tells of every call what its
 * request was made of: the lines up to it, along their parents, back to where the conversation or its compacted form
 * starts. Text is measured as it comes and let go.
 *
 * Newer versions write down the instructions and tool definitions that requests were made with; of older ones they are
 * not known.
 */
export class ClaudeCodeHistory {
  readonly #places: Map<string, Place> = new Map();
  /** Where each agent stands, for lines whose parent is gone or was never named. */
  readonly #latest: Map<string, Place> = new Map();
  readonly #asked: Map<string, { name: string | undefined; spoken: SpokenPrompt }> = new Map();
  readonly #heads: Map<string, readonly PromptPiece[]> = new Map();
  /** The head of each agent's latest request. */
  readonly #headOf: Map<string, readonly PromptPiece[] | undefined> = new Map();

  /** A line that is no message: others may still follow it. */
  pass(line: Line, record: Fields): void {
    const shape = text(record["shapeHash"]);
    if (record["type"] === "api-request-shape" && shape !== undefined) {
      if (!this.#heads.has(shape)) this.#heads.set(shape, headOf(object(record["shape"])));
    } else if (record["type"] === "api-request" && shape !== undefined) {
      this.#headOf.set(line.agentId, this.#heads.get(shape));
    } else if (record["type"] === "attachment") this.#say(line, attachedParts(record));
    else if (line.uuid !== undefined) this.#places.set(line.uuid, this.#placeOf(line));
  }

  /** A message of the user, or results of tools. */
  hear(line: Line, content: unknown): void {
    if (this.#isKnown(line)) return;
    const said: PromptPart[] = [];
    for (const block of blocksOf(content)) {
      const asked = this.#asked.get(text(block["tool_use_id"]) ?? "");
      const parts = blockParts("user", block);
      if (asked) asked.spoken.results.push(...measuredPieces(parts.map((part) => ({ ...part, name: asked.name }))));
      else said.push(...parts);
    }
    this.#say(line, said);
  }

  /** A line of the model's answer: `known` is the prompt it answers, unless it is the first line. */
  speak(line: Line, content: unknown, known: SpokenPrompt | undefined): SpokenPrompt {
    const spoken = known ?? this.#nextPrompt(line);
    if (this.#isKnown(line)) return spoken;
    for (const block of blocksOf(content)) {
      const id = text(block["id"]);
      if (id !== undefined) this.#asked.set(id, { name: text(block["name"]), spoken });
      spoken.answer.push(...measuredPieces(blockParts("assistant", block)));
    }
    this.#stand(line, { spoken, said: undefined });
    return spoken;
  }

  #nextPrompt(line: Line): SpokenPrompt {
    const { spoken, said } = this.#placeOf(line);
    const since: PromptPiece[] = [];
    for (let at = said; at; at = at.before) since.push(at.piece);
    return {
      before: spoken,
      head: this.#headOf.get(line.agentId),
      added: [...(spoken?.answer ?? []), ...(spoken?.results ?? []), ...since.toReversed()],
      answer: [],
      results: [],
    };
  }

  #say(line: Line, parts: readonly PromptPart[]): void {
    if (this.#isKnown(line)) return;
    let { spoken, said } = this.#placeOf(line);
    for (const piece of measuredPieces(parts)) said = { piece, before: said };
    this.#stand(line, { spoken, said });
  }

  #stand({ uuid, agentId }: Line, place: Place): void {
    if (uuid !== undefined) this.#places.set(uuid, place);
    this.#latest.set(agentId, place);
  }

  #placeOf({ parentUuid, agentId }: Line): Place {
    if (parentUuid === null) return start;
    return this.#places.get(parentUuid ?? "") ?? this.#latest.get(agentId) ?? start;
  }

  /** The same line stands in two files where a sub-agent's messages are shown in its parent's, too. */
  #isKnown({ uuid }: Line): boolean {
    return uuid !== undefined && this.#places.has(uuid);
  }
}

function headOf(shape: Fields | undefined): PromptPiece[] {
  const tools = Array.isArray(shape?.["tools"]) ? shape["tools"].filter((tool) => object(tool)) : [];
  return measuredPieces(partsOf({ system: blocksOf(shape?.["system"]), tools, messages: [] }));
}

const blockParts = (role: "user" | "assistant", block: Fields): PromptPart[] =>
  partsOf({ messages: [{ role, content: [block] }] });

/** Transcripts hold the API's own shapes; where a field is missing, there is no text. */
function partsOf(request: object): PromptPart[] {
  const given = request as Parameters<typeof requestContent>[0];
  return quietly("reading a message of a transcript", () => promptParts(requestContent(given))) ?? [];
}

function blocksOf(content: unknown): Fields[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  const blocks: unknown[] = Array.isArray(content) ? content : [];
  return blocks.flatMap((block) => {
    const found = object(block);
    return typeof found?.["type"] === "string" ? [found] : [];
  });
}

/** What Claude Code adds to the conversation by itself: as the model is shown it, or at least all that is in it. */
function attachedParts(record: Fields): PromptPart[] {
  const attachment = object(record["attachment"]);
  // What it holds is the head of the requests.
  if (attachment?.["type"] === "prompt_snapshot") return [];
  const rendered: unknown[] = Array.isArray(record["rendered"]) ? record["rendered"] : [];
  const shown = rendered.flatMap((one) => blocksOf(object(one)?.["content"]));
  if (shown.length > 0) return shown.flatMap((block) => blockParts("user", block));
  const words = textsIn(attachment).join("\n");
  return words === "" ? [] : [{ kind: "user", text: words }];
}

/** Every text in a value, but for the names of types. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => (name === "type" ? [] : textsIn(field)));
}
