import type { BilledLine, FeeUsage, InputUsage, OutputUsage, ResponseFacts } from "@tokenledger/core";
import type {
  BetaAdvisorMessageIterationUsage,
  BetaCacheCreation,
  BetaIterationsUsage,
  BetaUsage,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";

type Optional<Shape> = { [Field in keyof Shape]?: Shape[Field] | null | undefined };

/** A usage block as it may arrive: older models, other hosts and stream events leave fields out. */
export type ReportedUsage = Optional<BetaUsage>;

type Iteration = BetaIterationsUsage[number];
type Counts = Optional<Pick<BetaAdvisorMessageIterationUsage, "input_tokens" | "output_tokens">> & WrittenToCache;
type WrittenToCache = Optional<
  Pick<BetaUsage, "cache_creation" | "cache_creation_input_tokens" | "cache_read_input_tokens">
>;

/** What a usage block says: the counts, and how the call was served, which its price depends on. */
export type UsageFacts = Pick<ResponseFacts, "usage" | "serviceTier" | "speed" | "inferenceGeo">;

/**
 * Reads a usage block of the Messages API. `input_tokens` leaves out what was read from and written
 * to a cache, so the total is their sum; `output_tokens` includes thinking.
 */
export function usageOf(reported: ReportedUsage): UsageFacts {
  return {
    serviceTier: reported.service_tier ?? undefined,
    speed: reported.speed ?? undefined,
    inferenceGeo: reported.inference_geo ?? undefined,
    usage: {
      input: inputOf(reported, timesToLive(reported)),
      output: outputOf(reported),
      fees: feesOf(reported),
      lines: linesOf(iterationsOf(reported)),
    },
  };
}

function inputOf(counts: Counts, split: BetaCacheCreation | undefined): InputUsage {
  const uncached = known(counts.input_tokens);
  const cacheRead = known(counts.cache_read_input_tokens);
  const cacheWrite = known(counts.cache_creation_input_tokens);
  return {
    total: uncached === undefined ? undefined : uncached + (cacheRead ?? 0) + (cacheWrite ?? 0),
    cacheRead,
    cacheWrite,
    cacheWrite5m: known(split?.ephemeral_5m_input_tokens),
    cacheWrite1h: known(split?.ephemeral_1h_input_tokens),
  };
}

function outputOf(reported: ReportedUsage): OutputUsage {
  return {
    total: known(reported.output_tokens),
    reasoning: known(reported.output_tokens_details?.thinking_tokens),
  };
}

function feesOf({ server_tool_use: tools }: ReportedUsage): FeeUsage | undefined {
  return tools
    ? { webSearches: known(tools.web_search_requests), webFetches: known(tools.web_fetch_requests) }
    : undefined;
}

/**
 * Cache writes by time to live. A stream's split comes with its first event, before server tools
 * write more; the iterations then hold the split of everything. What neither covers stays a write
 * of unknown time to live.
 */
function timesToLive(reported: ReportedUsage): BetaCacheCreation | undefined {
  const written = reported.cache_creation_input_tokens;
  const covers = (split: BetaCacheCreation): boolean =>
    split.ephemeral_5m_input_tokens + split.ephemeral_1h_input_tokens === written;
  const split = reported.cache_creation ?? undefined;
  if (split && covers(split)) return split;
  const iterations = iterationsOf(reported);
  const summed = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 };
  for (const { cache_creation: part } of iterations.filter(isInTopLevel)) {
    summed.ephemeral_5m_input_tokens += part?.ephemeral_5m_input_tokens ?? 0;
    summed.ephemeral_1h_input_tokens += part?.ephemeral_1h_input_tokens ?? 0;
  }
  return iterations.length > 0 && covers(summed) ? summed : split;
}

/**
 * Iterations that the top-level counts leave out, each billed by its own model: compactions,
 * advisors, and attempts that another model then took over. An attempt that was declined before any
 * output is not billed at all.
 */
function linesOf(iterations: readonly Iteration[]): BilledLine[] | undefined {
  const lines = iterations
    .filter((iteration, _, all) => !isInTopLevel(iteration, _, all))
    .filter((iteration) => iteration.type !== "message" || iteration.output_tokens > 0)
    .map(lineOf);
  return lines.length > 0 ? lines : undefined;
}

function lineOf(iteration: Iteration): BilledLine {
  return {
    kind: iteration.type === "message" ? "declined_message" : iteration.type,
    model: modelOf(iteration),
    usage: {
      input: inputOf(iteration, iteration.cache_creation ?? undefined),
      output: { total: known(iteration.output_tokens) },
    },
  };
}

/**
 * Top-level counts are the sum over the messages of the model that served the call, which is the
 * model of the last of them. A message of another model is an attempt that it declined.
 */
function isInTopLevel(iteration: Iteration, _: number, all: readonly Iteration[]): boolean {
  if (!isMessage(iteration)) return false;
  const model = modelOf(iteration);
  return model === undefined || model === modelOf(all.findLast(isMessage) ?? iteration);
}

const isMessage = ({ type }: Iteration): boolean => type === "message" || type === "fallback_message";

const modelOf = (iteration: Iteration): string | undefined =>
  "model" in iteration ? (iteration.model ?? undefined) : undefined;

const iterationsOf = ({ iterations }: ReportedUsage): readonly Iteration[] => iterations ?? [];

/** Fields are `null` where they do not apply: not said, which is not zero. */
const known = (count: number | null | undefined): number | undefined => count ?? undefined;
