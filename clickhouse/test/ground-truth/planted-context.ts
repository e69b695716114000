import type { PriceComponent } from "../../src/index.ts";
import { type Cause, costOf, isInput, type PlantedCall, type PlantedPart, priceOf, tokensOf } from "./planted-call.ts";
import { groupsOf, type Row, Sums } from "./sums.ts";

const because =
  (...causes: readonly Cause[]) =>
  ({ cause }: PlantedPart): boolean =>
    causes.includes(cause);

/** Tokens and money by cause. */
export function plantedCauses(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const call of calls) {
    for (const cause of new Set(call.parts.map((part) => part.cause))) {
      const { agent: agent_name, customer: customer_id, feature: feature_name } = call;
      const day = new Date(call.startedAt).toISOString().slice(0, 10);
      const labels = { day, agent_name, customer_id, feature_name, cause };
      sums.add(
        labels,
        { calls: 1, tokens: tokensOf(call, because(cause)) },
        { cost_usd: costOf(call, because(cause)) },
      );
    }
  }
  return sums.rows();
}

/** What is read again, turn by turn; what failed or is a duplicate is no turn. */
export function plantedContextTax(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  const turns = calls.filter(({ parts }) => !parts.some(because("failed_attempt", "exact_duplicate")));
  for (const conversation of groupsOf(turns, ({ conversation: id, agent }) => `${agent} ${id}`).values()) {
    for (const [index, call] of conversation.entries()) {
      const fromCache = because("re_read_from_cache");
      const [again, inFull] = [because("expired_cache_rewrite"), because("re_read_in_full")];
      sums.add(
        { agent_name: call.agent, turn: String(index + 1) },
        {
          calls: 1,
          input_tokens: tokensOf(call, isInput),
          re_read_from_cache_tokens: tokensOf(call, fromCache),
          rewritten_tokens: tokensOf(call, again),
          re_read_in_full_tokens: tokensOf(call, inFull),
          unexplained_tokens: 0,
        },
        {
          input_known_cost_usd: costOf(call, isInput),
          re_read_from_cache_known_cost_usd: costOf(call, fromCache),
          rewritten_known_cost_usd: costOf(call, again),
          re_read_in_full_known_cost_usd: costOf(call, inFull),
        },
      );
    }
  }
  return sums.rows();
}

/** Discount, premium and losses, for agents that cache or might have. */
export function plantedCaching(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const call of calls) {
    const price = (component: PriceComponent): bigint => priceOf(call.provider, call.model, component);
    const ttl = call.plan.ttl ?? "";
    const writing = ({ component }: PlantedPart): boolean => component.startsWith("cache_write");
    const read = tokensOf(call, ({ component }) => component === "cache_read");
    const [written, missed] = [tokensOf(call, writing), tokensOf(call, because("re_read_in_full"))];
    if (read + written + missed === 0) continue;
    const [rewritten, neverRead] = [tokensOf(call, because("expired_cache_rewrite")), call.plan.neverRead ?? 0];
    const writePrice = ttl === "" ? 0n : price(`cache_write_${ttl}`);
    const discount = price("input") - price("cache_read");
    const premium = written === 0 ? 0n : writePrice - price("input");
    sums.add(
      { provider: call.provider, model: call.model, agent_name: call.agent, ttl },
      {
        calls: 1,
        cache_read_tokens: read,
        cache_write_tokens: written,
        never_read_tokens_estimated: neverRead,
        unjudged_write_tokens: 0,
        rewritten_tokens: rewritten,
        missed_tokens: missed,
      },
      {
        read_discount_usd: BigInt(read) * discount,
        write_premium_usd: BigInt(written) * premium,
        net_saving_usd: BigInt(read) * discount - BigInt(written) * premium,
        never_read_premium_usd_estimated: BigInt(neverRead) * premium,
        rewrite_loss_usd: rewritten === 0 ? 0n : BigInt(rewritten) * (writePrice - price("cache_read")),
        missed_discount_usd: BigInt(missed) * discount,
      },
    );
  }
  return sums.rows();
}

/** Context handed from agent to agent. */
export function plantedHandOffs(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const call of calls.filter(({ plan }) => plan.handedFrom !== undefined)) {
    const handed = because("handed_over_context");
    const labels = { from_agent: call.plan.handedFrom ?? "", to_agent: call.agent };
    sums.add(labels, { calls: 1, tokens: tokensOf(call, handed) }, { cost_usd: costOf(call, handed) });
  }
  return sums.rows();
}

/** Coordination and hand-overs against the direct work. */
export function plantedOverhead(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  const delegating = new Set(calls.map(({ trace, parentRun }) => `${trace} ${parentRun}`));
  for (const call of calls) {
    const coordinates = delegating.has(`${call.trace} ${call.run}`);
    const handed = coordinates ? (): boolean => false : because("handed_over_context");
    const [cost, handedCost] = [costOf(call), costOf(call, handed)];
    sums.add(
      { root_agent: call.path[0] ?? "" },
      {
        calls: 1,
        coordinating_calls: Number(coordinates),
        tokens: tokensOf(call),
        coordination_tokens: coordinates ? tokensOf(call) : 0,
        handed_over_tokens: tokensOf(call, handed),
      },
      {
        known_cost_usd: cost,
        coordination_known_cost_usd: coordinates ? cost : 0n,
        handed_over_known_cost_usd: handedCost,
        direct_known_cost_usd: coordinates ? 0n : cost - handedCost,
      },
    );
  }
  return sums.rows();
}
