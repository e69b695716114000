import type { LandingRow, LedgerTarget, PriceComponent } from "@tokenledger/clickhouse";
import { offerCatalogue } from "@tokenledger/prices";
import { priceInLedger } from "../../conformance/cost-ledger.ts";
import type { Emitter } from "./emitters.ts";
import { type CallFacts, type Expected, expectedCalls } from "./expected.ts";
import { ledgerFacts, type LedgerFacts } from "./ledger-facts.ts";
import type { Recording } from "./recording.ts";

/** Two accounts of one run, to be equal. */
export interface Accounts {
  readonly ledger: object;
  readonly provider: object;
}

/**
 * What the ledger says of a run's spans, beside what it is to say by the provider's bill: every billed call once, each
 * class of its tokens, its money, and the agents and tools.
 */
export async function accountsOf(
  target: LedgerTarget,
  emitter: Emitter,
  expected: Expected,
  { calls, spans }: Recording,
): Promise<Accounts> {
  const known = expectedCalls(calls, expected);
  const found = await ledgerFacts(target, spans);
  const costs = await costsOf(target, emitter, known, spans);
  const { agents = [], tools = [], callers = [] } = expected;
  return {
    ledger: { ...found, calls: found.calls.map((call, index) => withoutUnsaidZeros(call, known[index])) },
    provider: {
      calls: known.map((call, index) => ({ ...call, cost: costs[index], caller: callers[index] ?? "" })),
      agents,
      tools,
    },
  };
}

/** A count that nobody reported is as good as the zero that was billed; the reverse is a fault. */
function withoutUnsaidZeros(
  found: LedgerFacts["calls"][number],
  known: CallFacts | undefined,
): Readonly<Record<string, unknown>> {
  const billed: Readonly<Record<string, unknown>> = { ...known, cost: isFree(known) ? "0" : undefined };
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => [name, value === null && isZero(billed[name]) ? billed[name] : value]),
  );
}

const isZero = (billed: unknown): boolean => billed === 0 || billed === "0";
const isFree = (call: CallFacts | undefined): boolean => call?.input === 0 && call.output === 0;

/** What such calls cost when nothing is in doubt: priced as calls of our own would be. */
async function costsOf(
  target: LedgerTarget,
  { name }: Emitter,
  known: readonly CallFacts[],
  spans: readonly LandingRow[],
): Promise<(string | null)[]> {
  const [{ Timestamp, TraceId } = { Timestamp: "0", TraceId: "" }] = spans;
  const counted = known.map((call, index) => ({
    id: `${name} ${TraceId} ${index}`,
    provider: call.provider,
    model: call.model,
    startedAt: new Date(Number(Timestamp) * 1_000).toISOString(),
    counts: componentsOf(call),
  }));
  const costs = await priceInLedger(target, await offerCatalogue(), counted);
  return known.map((call, index) => {
    if (isFree(call)) return "0";
    return call.input === null || call.output === null ? null : (costs.get(counted[index]?.id ?? "")?.usd ?? null);
  });
}

function componentsOf(call: CallFacts): Partial<Record<PriceComponent, number>> {
  const { input, cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h, output, reasoning } = call;
  const timed = (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
  const all = {
    input: (input ?? 0) - (cacheRead ?? 0) - (cacheWrite ?? 0),
    cache_read: cacheRead ?? 0,
    cache_write: (cacheWrite ?? 0) - timed,
    cache_write_5m: cacheWrite5m ?? 0,
    cache_write_1h: cacheWrite1h ?? 0,
    output: (output ?? 0) - (reasoning ?? 0),
    reasoning: reasoning ?? 0,
  };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}
