import type { SegmentKind } from "@tokenledger/core";
import type { PriceComponent } from "../../src/index.ts";
import { catalogue } from "../catalogue.ts";

/** What explain_calls names why money is spent. */
export type Cause =
  | "failed_attempt"
  | "exact_duplicate"
  | "expired_cache_rewrite"
  | "re_read_in_full"
  | "re_read_from_cache"
  | "cache_write"
  | "handed_over_context"
  | "unused_tool_definitions"
  | "tool_definitions"
  | "retrieved_context"
  | "tool_results"
  | "new_input"
  | "reasoning"
  | "visible_output";

/** For whom and where in the chain of agents a call is made. */
export interface Place {
  readonly agent: string;
  /** Agents from the root to this one. */
  readonly path: readonly string[];
  readonly run: string;
  readonly parentRun: string;
  readonly customer: string;
  readonly feature: string;
  readonly task: string;
  readonly conversation: string;
}

/** A piece of a prompt or an answer, in billed tokens. */
export interface PlantedPiece {
  readonly kind: SegmentKind;
  /** Tool of a definition, a request or a result. */
  readonly name: string;
  readonly tokens: number;
  /** Per cent of it that is structure. */
  readonly markup: number;
  /** In the prompt since before the model last spoke. */
  readonly carried: boolean;
}

/** Tokens of one price component, and why they were paid for. */
export interface PlantedPart {
  readonly cause: Cause;
  readonly component: PriceComponent;
  readonly count: number;
}

/** A billed call whose every token is known by plan, before any SQL has seen it. */
export interface PlantedCall extends Place {
  readonly trace: number;
  readonly span: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly provider: string;
  readonly model: string;
  readonly outcome: "completed" | "failed" | "abandoned";
  readonly attempts: number;
  readonly pieces: readonly PlantedPiece[];
  readonly answer: readonly PlantedPiece[];
  readonly parts: readonly PlantedPart[];
  /** Input that an earlier call had read, from the start of the prompt. */
  readonly reRead: number;
  readonly plan: Plan;
}

/** What is planted in a call beyond its tokens. */
export interface Plan {
  /** The agent that what is handed over comes from. */
  readonly handedFrom?: string;
  /** The whole prompt was answered within the hour before. */
  readonly duplicate?: boolean;
  /** All but a word of the prompt was answered within the hour before. */
  readonly nearDuplicate?: boolean;
  /** Tools asked for with arguments that the trace had asked for before. */
  readonly repeatedTools?: readonly string[];
  /** A tool whose result, last in the prompt, the trace had read before. */
  readonly repeatedResult?: string;
  /** Per cent of the retrieved context that the answer uses. */
  readonly retrievalUsed?: number;
  /** Tokens written to the cache that nobody reads from it. */
  readonly neverRead?: number;
  /** How long its entries in the cache live. */
  readonly ttl?: "5m" | "1h";
  /** Tools that its run offers and never asks for. */
  readonly unusedTools?: readonly string[];
}

/** Price of a component, in 10^-15 USD for one token. */
export function priceOf(provider: string, model: string, component: PriceComponent): bigint {
  const card = catalogue.cards.find(
    (one) => one.provider === provider && one.model === model && one.service_tier === "standard" && one.region === "",
  );
  const price = card?.[component][0];
  if (typeof price !== "string") throw new Error(`the catalogue has no ${component} price of ${model}`);
  return BigInt(price.replace(".", ""));
}

/** In 10^-15 USD: what the parts of a call cost that a condition holds for. */
export function costOf(call: PlantedCall, holds: (part: PlantedPart) => boolean = () => true): bigint {
  const paid = call.parts.filter(holds);
  return paid.reduce((sum, part) => sum + BigInt(part.count) * priceOf(call.provider, call.model, part.component), 0n);
}

const inputComponents: readonly PriceComponent[] = [
  "cache_read",
  "cache_write_5m",
  "cache_write_1h",
  "input",
  "input_audio",
];
/** Whether a component is part of a call's input. */
export const isInput = ({ component }: PlantedPart): boolean => inputComponents.includes(component);

/** What a stretch of the prompt cost: providers read from the cache first, then write, then charge the rest. */
export function costOfStretch(call: PlantedCall, start: number, end: number): bigint {
  let before = 0;
  let cost = 0n;
  for (const component of inputComponents) {
    const count = tokensOf(call, (part) => part.component === component);
    const inside = Math.max(0, Math.min(end, before + count) - Math.max(start, before));
    if (inside > 0) cost += BigInt(inside) * priceOf(call.provider, call.model, component);
    before += count;
  }
  return cost;
}

/** Tokens of the parts of a call that a condition holds for. */
export const tokensOf = (call: PlantedCall, holds: (part: PlantedPart) => boolean = () => true): number =>
  call.parts.filter(holds).reduce((sum, { count }) => sum + count, 0);

/** As ClickHouse writes a decimal. */
export function dollars(units: bigint): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(16, "0");
  return `${sign}${digits.slice(0, -15)}.${digits.slice(-15)}`.replace(/\.?0+$/, "");
}
