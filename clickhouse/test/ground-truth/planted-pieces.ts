import { costOfStretch, type PlantedCall, type PlantedPiece, priceOf } from "./planted-call.ts";
import { type Row, Sums } from "./sums.ts";

interface PricedPiece {
  readonly call: PlantedCall;
  readonly piece: PlantedPiece;
  readonly cost: bigint;
}

/** Every piece of every prompt with its cost: that of its stretch of the prompt. */
function pricedPieces(calls: readonly PlantedCall[]): PricedPiece[] {
  return calls.flatMap((call) => {
    let start = 0;
    return call.pieces.map((piece) => {
      const cost = costOfStretch(call, start, start + piece.tokens);
      start += piece.tokens;
      return { call, piece, cost };
    });
  });
}

/** What the output of tools costs, read first and carried along. */
export function plantedToolResults(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const { call, piece, cost } of pricedPieces(calls)) {
    if (piece.kind !== "tool_result") continue;
    const { carried, tokens } = piece;
    sums.add(
      { agent_name: call.agent, tool_name: piece.name },
      {
        results: Number(!carried),
        carried_results: Number(carried),
        first_tokens_estimated: carried ? 0 : tokens,
        carried_tokens_estimated: carried ? tokens : 0,
      },
      {
        first_known_cost_usd_estimated: carried ? 0n : cost,
        carried_known_cost_usd_estimated: carried ? cost : 0n,
        cost_usd_estimated: cost,
      },
    );
  }
  return sums.rows();
}

/** Definitions of tools that a run never asks for, in every call that carries them. */
export function plantedUnusedTools(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const { call, piece, cost } of pricedPieces(calls)) {
    if (piece.kind !== "tool_definition" || !call.plan.unusedTools?.includes(piece.name)) continue;
    const labels = { agent_name: call.agent, tool_name: piece.name };
    sums.add(labels, { calls: 1, tokens_estimated: piece.tokens }, { cost_usd_estimated: cost });
  }
  return sums.rows();
}

/** Documents that the answer does not use. */
export function plantedRetrieval(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const { call, piece, cost } of pricedPieces(calls)) {
    if (piece.kind !== "retrieved") continue;
    const { carried, tokens } = piece;
    const unused = carried ? 0 : 100 - (call.plan.retrievalUsed ?? 0);
    sums.add(
      { agent_name: call.agent, feature_name: call.feature },
      {
        calls: Number(!carried),
        retrieved_tokens_estimated: carried ? 0 : tokens,
        unjudged_tokens_estimated: 0,
        unused_tokens_estimated: (tokens * unused) / 100,
        carried_tokens_estimated: carried ? tokens : 0,
      },
      {
        retrieved_known_cost_usd_estimated: carried ? 0n : cost,
        unused_known_cost_usd_estimated: (cost * BigInt(unused)) / 100n,
        carried_known_cost_usd_estimated: carried ? cost : 0n,
      },
    );
  }
  return sums.rows();
}

const partNames: Readonly<Record<string, string>> = {
  tool_definition: "tool_definitions",
  tool_result: "tool_results",
  retrieved: "retrieved_context",
};

/** Brackets, quotes and tags, read and written. */
export function plantedStructure(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  const add = (
    agent_name: string,
    part: string,
    { tokens, markup }: PlantedPiece,
    cost: bigint,
    pieces: number,
  ): void => {
    sums.add(
      { agent_name, part },
      { pieces, tokens_estimated: tokens, structure_tokens_estimated: (tokens * markup) / 100 },
      { known_cost_usd_estimated: cost, structure_known_cost_usd_estimated: (cost * BigInt(markup)) / 100n },
    );
  };
  for (const { call, piece, cost } of pricedPieces(calls)) {
    if (piece.kind !== "media") add(call.agent, partNames[piece.kind] ?? piece.kind, piece, cost, 1);
  }
  for (const call of calls) {
    for (const [index, piece] of call.answer.entries()) {
      const cost = BigInt(piece.tokens) * priceOf(call.provider, call.model, "output");
      add(call.agent, "answer", piece, cost, Number(index === 0));
    }
  }
  return sums.rows();
}

/** Pictures and recordings: as billed, or by convention where they are billed as text. */
export function plantedMedia(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const { call, piece, cost } of pricedPieces(calls)) {
    if (piece.kind !== "media") continue;
    const labels = { provider: call.provider, model: call.model, agent_name: call.agent, direction: "input" };
    const isBilled = call.parts.some(({ component }) => component === "input_audio");
    const unknown = "null";
    if (isBilled) {
      const nothing = { tokens_estimated: unknown, known_cost_usd_estimated: unknown };
      sums.add({ ...labels, medium: "audio", ...nothing }, { calls: 1, tokens: piece.tokens }, { cost_usd: cost });
    } else {
      const nothing = { tokens: unknown, cost_usd: unknown };
      const estimated = { calls: 1, tokens_estimated: piece.tokens };
      sums.add({ ...labels, medium: "any", ...nothing }, estimated, { known_cost_usd_estimated: cost });
    }
  }
  return sums.rows();
}
