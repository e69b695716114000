import { answerParts, type Content, promptAttributes, promptParts, type SegmentKind } from "@tokenledger/core";
import type { PriceComponent } from "../../src/index.ts";
import type { Cause, Place, PlantedCall, PlantedPart, PlantedPiece, Plan } from "./planted-call.ts";
import type { Said } from "./said.ts";

/** Billed tokens for one that core estimates: views must not take estimates for the bill. */
const billedPerEstimated = 10;

interface Tool {
  readonly name: string;
  readonly description: string;
  /** Whether the run asks for it at some time. */
  readonly used: boolean;
}

/** How the provider's cache takes up a prompt, in pieces from its start. */
interface CacheUse {
  /** Pieces read from the cache. */
  readonly read?: number;
  /** Pieces that are in the cache after the call: those behind what was read are written. */
  readonly kept?: number;
  readonly ttl?: "5m" | "1h";
  /** Of the written pieces, so many had been in the cache and expired. */
  readonly expired?: number;
}

export interface Turn {
  readonly say?: readonly Said[];
  readonly answer?: readonly Said[];
  readonly cache?: CacheUse;
  readonly reasoning?: number;
  readonly outcome?: PlantedCall["outcome"];
  readonly attempts?: number;
  /** What happened to the whole call, where that is why it is paid for. */
  readonly whole?: Cause;
  readonly plan?: Plan;
}

export interface Dialogue {
  readonly provider: string;
  readonly model: string;
  readonly place: Place;
  readonly tools?: readonly Tool[];
  readonly system?: string;
  /** Pieces of the first prompt that another conversation has read already. */
  readonly readBefore?: number;
}

/** A call without its place in time. */
type Made = Omit<PlantedCall, "trace" | "span" | "startedAt">;
export interface Recorded {
  readonly call: Made;
  /** What core records of the prompt and its answer. */
  readonly record: Readonly<Record<string, string>>;
}

/** A conversation that grows turn by turn; the model's answers join it. */
export class Conversation {
  readonly #dialogue: Dialogue;
  readonly #said: Said[] = [];
  #piecesRead: number;

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue;
    this.#piecesRead = dialogue.readBefore ?? 0;
  }

  /** Pieces that the prompt has so far. */
  get pieces(): number {
    const { tools = [], system } = this.#dialogue;
    return tools.length + (system === undefined ? 0 : 1) + this.#said.length;
  }

  turn(turn: Turn): Recorded {
    const { say = [], answer = [], outcome = "completed", attempts = 1, plan = {} } = turn;
    this.#said.push(...say);
    const { provider, model, place, tools = [] } = this.#dialogue;
    const unusedTools = tools.filter(({ used }) => !used).map(({ name }) => name);
    const recorded = promptAttributes(promptParts(this.#content()), answerParts(contentOf(answer)));
    const record = Object.fromEntries(Object.entries(recorded).map(([name, value]) => [name, String(value)]));
    const pieces = piecesOf(record);
    const reRead = sum(pieces.slice(0, Math.max(this.#piecesRead, turn.cache?.read ?? 0)));
    const call: Made = {
      ...place,
      provider,
      model,
      outcome,
      attempts,
      pieces,
      answer: answerOf(record, answer),
      parts: [...inputOf(turn, pieces, this.#firstCauses()), ...outputOf(turn, sum(answerOf(record, answer)))].filter(
        ({ count }) => count > 0,
      ),
      reRead,
      plan: {
        ...plan,
        ...(unusedTools.length > 0 && { unusedTools }),
        ...(turn.cache?.ttl && { ttl: turn.cache.ttl }),
      },
    };
    if (outcome === "completed") {
      this.#piecesRead = pieces.length;
      this.#said.push(...answer);
    }
    return { call, record };
  }

  #content(): Content {
    const { tools = [], system } = this.#dialogue;
    return {
      toolDefinitions: tools.map(({ name, description }) => ({ type: "function", name, description })),
      systemInstructions: system === undefined ? [] : [{ type: "text", content: system }],
      inputMessages: this.#said.map(({ role, part }) => ({ role, parts: [part] })),
    };
  }

  /** Why each piece is paid for where no cache has it, and as what. */
  #firstCauses(): { cause: Cause; component: PriceComponent }[] {
    const { tools = [], system } = this.#dialogue;
    const text = (cause: Cause): { cause: Cause; component: PriceComponent } => ({ cause, component: "input" });
    const causes = [
      ...tools.map(({ used }) => text(used ? "tool_definitions" : "unused_tool_definitions")),
      ...(system === undefined ? [] : [text("new_input")]),
      ...this.#said.map(({ part, cause = "new_input" }) =>
        part.type === "audio" ? { cause, component: "input_audio" as const } : text(cause),
      ),
    ];
    return causes.map((first, index) => (index < this.#piecesRead ? { ...first, cause: "re_read_in_full" } : first));
  }
}

const contentOf = (answer: readonly Said[]): Content =>
  answer.length === 0 ? {} : { outputMessages: [{ role: "assistant", parts: answer.map(({ part }) => part) }] };

const sum = (pieces: readonly { readonly tokens: number }[]): number =>
  pieces.reduce((total, { tokens }) => total + tokens, 0);

const numbersOf = (list: string | undefined): number[] => (list === undefined ? [] : list.split(",").map(Number));

const kindsByLetter: Readonly<Record<string, SegmentKind>> = {
  s: "system",
  d: "tool_definition",
  u: "user",
  a: "assistant",
  r: "tool_result",
  c: "retrieved",
  m: "media",
};

/** The pieces of a recorded prompt, billed by the scale. */
function piecesOf(record: Readonly<Record<string, string>>): PlantedPiece[] {
  const letters = (record["tokenledger.prompt.segment.kinds"] ?? "").split("");
  const names = JSON.parse(record["tokenledger.prompt.tool_names"] ?? "[]") as string[];
  const sizes = numbersOf(record["tokenledger.prompt.segment.tokens"]);
  const markup = numbersOf(record["tokenledger.prompt.segment.markup"]);
  return letters.map((letter, index) => ({
    kind: kindsByLetter[letter] ?? "history",
    name: "dr".includes(letter) ? (names.shift() ?? "") : "",
    tokens: (sizes[index] ?? 0) * billedPerEstimated,
    markup: markup[index] ?? 0,
    carried: index < letters.lastIndexOf("a"),
  }));
}

function answerOf(record: Readonly<Record<string, string>>, answer: readonly Said[]): PlantedPiece[] {
  const markup = numbersOf(record["tokenledger.answer.markup"]);
  return numbersOf(record["tokenledger.answer.tokens"]).map((size, index) => ({
    kind: "assistant",
    name: answer[index]?.part.type === "tool_call" ? String(answer[index].part["name"]) : "",
    tokens: size * billedPerEstimated,
    markup: markup[index] ?? 0,
    carried: false,
  }));
}

function inputOf(
  { cache = {}, whole }: Turn,
  pieces: readonly PlantedPiece[],
  firstCauses: readonly { cause: Cause; component: PriceComponent }[],
): PlantedPart[] {
  const { read = 0, ttl = "5m", expired = 0 } = cache;
  const kept = cache.kept ?? read;
  return pieces.map(({ tokens: count }, index): PlantedPart => {
    const { cause, component } = firstCauses[index] ?? { cause: "new_input", component: "input" };
    if (index < read) return { cause: whole ?? "re_read_from_cache", component: "cache_read", count };
    if (index >= kept) return { cause: whole ?? cause, component, count };
    const written = index < read + expired ? "expired_cache_rewrite" : "cache_write";
    return { cause: whole ?? written, component: `cache_write_${ttl}`, count };
  });
}

const outputOf = ({ reasoning = 0, whole }: Turn, visible: number): PlantedPart[] => [
  { cause: whole ?? "reasoning", component: "reasoning", count: reasoning },
  { cause: whole ?? "visible_output", component: "output", count: visible },
];
