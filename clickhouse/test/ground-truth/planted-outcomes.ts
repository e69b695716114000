import { costOf, dollars, isInput, type PlantedCall, type PlantedPart, priceOf, tokensOf } from "./planted-call.ts";
import { groupsOf, quantile, type Row, Sums } from "./sums.ts";

const who = ({ provider, model, agent }: PlantedCall): Row => ({ provider, model, agent_name: agent });
const visible = ({ component }: PlantedPart): boolean => component === "output";

/** Prompts answered before, and tools asked for again. */
export function plantedDuplicates(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const call of calls) {
    const { agent: agent_name, model, plan } = call;
    if (plan.duplicate) {
      sums.add(
        { kind: "model call", name: model, agent_name },
        { calls: 1, tokens: tokensOf(call) },
        { cost_usd: costOf(call) },
      );
    }
    for (const name of plan.repeatedTools ?? []) {
      const tokens = call.answer.find((piece) => piece.name === name)?.tokens ?? 0;
      const cost_usd = BigInt(tokens) * priceOf(call.provider, model, "output");
      sums.add({ kind: "tool call", name, agent_name }, { calls: 1, tokens }, { cost_usd });
    }
  }
  return sums.rows();
}

/** Prompts in almost the same words, and results that came again. */
export function plantedNearDuplicates(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const call of calls) {
    const { agent: agent_name, model, plan } = call;
    if (plan.nearDuplicate) {
      sums.add(
        { kind: "model call", name: model, agent_name },
        { calls: 1, tokens: tokensOf(call) },
        { cost_usd: costOf(call) },
      );
    }
    if (plan.repeatedResult !== undefined) {
      const tokens = call.pieces.at(-1)?.tokens ?? 0;
      const cost_usd = BigInt(tokens) * priceOf(call.provider, model, "input");
      sums.add({ kind: "tool call", name: plan.repeatedResult, agent_name }, { calls: 1, tokens }, { cost_usd });
    }
  }
  return sums.rows();
}

/** Calls that failed or were left, and requests sent again. */
export function plantedRetries(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  const callers = new Set(calls.filter(({ attempts }) => attempts > 1).map(({ agent }) => agent));
  for (const call of calls.filter(({ agent }) => callers.has(agent))) {
    const wasted = call.outcome !== "completed";
    sums.add(
      who(call),
      {
        calls: 1,
        failed_calls: Number(call.outcome === "failed"),
        abandoned_calls: Number(call.outcome === "abandoned"),
        retried_calls: Number(call.attempts > 1),
        extra_attempts: call.attempts - 1,
        attempts_unknown: 0,
        wasted_input_tokens: wasted ? tokensOf(call, isInput) : 0,
        wasted_output_tokens: wasted ? tokensOf(call, (part) => !isInput(part)) : 0,
      },
      { cost_usd: wasted ? costOf(call) : 0n },
    );
  }
  return sums.rows();
}

/** Thought and written. */
export function plantedReasoning(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  const thought = ({ component }: PlantedPart): boolean => component === "reasoning";
  for (const call of calls) {
    const tells = call.parts.some(thought);
    sums.add(
      who(call),
      { calls: 1, calls_not_telling: Number(!tells), output_tokens: tokensOf(call, (part) => !isInput(part)) },
      { visible_known_cost_usd: costOf(call, visible), reasoning_known_cost_usd: costOf(call, thought) },
    );
  }
  return sums.rows();
}

/** Answers more than twice as long as the median of their agent and model. */
export function plantedVerbosity(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const group of groupsOf(calls, (call) => JSON.stringify(who(call))).values()) {
    const median = quantile(
      0.5,
      group.map((call) => tokensOf(call, visible)),
    );
    for (const call of group) {
      const tokens = tokensOf(call, visible);
      const excess = tokens > 2 * median ? tokens - median : 0;
      const excess_known_cost_usd = BigInt(excess) * priceOf(call.provider, call.model, "output");
      sums.add(
        { ...who(call), median_tokens: String(median) },
        { calls: 1, verbose_calls: Number(excess > 0), output_text_tokens: tokens, excess_tokens: excess },
        { output_text_known_cost_usd: costOf(call, visible), excess_known_cost_usd },
      );
    }
  }
  return sums.rows();
}

/** Runs out of the usual range of their agent and feature. */
export function plantedLoops(calls: readonly PlantedCall[]): Row[] {
  const runs = [...groupsOf(calls, ({ run }) => run).values()].map((of) => ({
    run: of[0]?.run ?? "",
    kind: `${of[0]?.agent} ${of[0]?.feature}`,
    steps: of.length,
    spend: of.reduce((sum, call) => sum + costOf(call), 0n),
  }));
  const loops = [...groupsOf(runs, ({ kind }) => kind).values()].flatMap((alike) => {
    if (alike.length < 5) return [];
    const [steps, spend] = [alike.map((run) => run.steps), alike.map((run) => run.spend)];
    const [medianSteps, medianSpend] = [quantile(0.5, steps), quantile(0.5, spend)];
    const mostSteps = Math.max(2 * medianSteps, 4 * quantile(0.75, steps) - 3 * quantile(0.25, steps));
    const fence = 4n * quantile(0.75, spend) - 3n * quantile(0.25, spend);
    const mostSpend = fence > 2n * medianSpend ? fence : 2n * medianSpend;
    return alike
      .filter((run) => run.steps > mostSteps || run.spend > mostSpend)
      .map((run) => ({
        agent_run_id: run.run,
        reason: [...(run.steps > mostSteps ? ["steps"] : []), ...(run.spend > mostSpend ? ["spend"] : [])].join(
          " and ",
        ),
        calls: String(run.steps),
        median_calls: String(medianSteps),
        cost_usd: dollars(run.spend),
        excess_known_cost_usd: dollars(run.spend - medianSpend),
      }));
  });
  return loops;
}
