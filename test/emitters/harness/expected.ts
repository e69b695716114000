import type { ProviderCall } from "./provider-calls.ts";

/** What the ledger says of one call. `null`: it does not know. */
export interface CallFacts {
  readonly provider: string;
  readonly model: string;
  readonly responseId: string | null;
  readonly input: number | null;
  readonly cacheRead: number | null;
  /** Writes of every time to live, unknown ones too. */
  readonly cacheWrite: number | null;
  readonly cacheWrite5m: number | null;
  readonly cacheWrite1h: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  /** How sure the counts are: the split by the cache is exact or assumed; or the usage is partial, estimated or none. */
  readonly usage: "exact" | "assumed" | "partial" | "estimated" | "none";
}

/** Where the ledger cannot say what the bill says, because the emitter does not. */
export interface Difference {
  /** The calls concerned: all that agree with this. `{}`: every call. */
  readonly of: Partial<ProviderCall>;
  /** What the ledger says instead; `undefined`: it has never heard of the call. */
  readonly facts: Partial<CallFacts> | ((call: ProviderCall) => Partial<CallFacts>) | undefined;
  readonly because: string;
}

/** What the ledger is to know of an emitter's program, beyond the provider's own bill. */
export interface Expected {
  /** Deviations from the bill, later ones over earlier ones. */
  readonly differences?: readonly Difference[];
  /** Agent paths of the runs, `outer > inner`, in order of start. */
  readonly agents?: readonly string[];
  /** Names of the tools that ran, in order of start. */
  readonly tools?: readonly string[];
  /** The agent path that each known call is charged to, in order; left out: no agent is. */
  readonly callers?: readonly string[];
  /** What the ledger still gets wrong: the test then demands that it does, so that a repair is not missed. */
  readonly fault?: string;
}

/** Facts of the calls that the ledger is to know, in the order in which they were made. */
export function expectedCalls(calls: readonly ProviderCall[], { differences = [] }: Expected): CallFacts[] {
  return calls.flatMap((call) => {
    const own = differences.filter((difference) => concerns(difference, call));
    if (own.some(({ facts }) => facts === undefined)) return [];
    const facts: CallFacts = Object.assign(factsOf(call), ...own.map((difference) => instead(difference, call)));
    return [facts.input === null && facts.output === null ? { ...facts, usage: "none" } : facts];
  });
}

/** Differences that concern no call, or say what the bill says anyway: reasons that have gone stale. */
export function staleDifferences(calls: readonly ProviderCall[], { differences = [] }: Expected): Difference[] {
  return differences.filter((difference) => {
    const concerned = calls.filter((call) => concerns(difference, call));
    return !concerned.some((call) => {
      const billed: Readonly<Record<string, unknown>> = { ...factsOf(call) };
      return Object.entries(instead(difference, call) ?? { known: false }).some(
        ([name, fact]) => billed[name] !== fact,
      );
    });
  });
}

const instead = ({ facts }: Difference, call: ProviderCall): Partial<CallFacts> | undefined =>
  typeof facts === "function" ? facts(call) : facts;

const concerns = ({ of }: Difference, call: ProviderCall): boolean =>
  Object.entries(of).every(([name, value]) => call[name as keyof ProviderCall] === value);

function factsOf(call: ProviderCall): CallFacts {
  const { provider, model, responseId, input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning } = call;
  const cacheWrite = cacheWrite5m + cacheWrite1h;
  const counts = { input, cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h, output, reasoning };
  return { provider, model, responseId, ...counts, usage: call.status === 200 ? "exact" : "none" };
}
