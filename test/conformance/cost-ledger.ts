import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CatalogueOffer,
  type LandingRow,
  landSpans,
  type LedgerTarget,
  migrate,
  type PriceCatalogue,
  type PriceComponent,
  publishPrices,
} from "@tokenledger/clickhouse";
import { names, tokenClasses, totalAttributes } from "@tokenledger/core";
import { startStore } from "@tokenledger/local";

/** A call whose price is known from elsewhere; the counts are disjoint. */
export interface CountedCall {
  /** Unique within a ledger. */
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly counts: Readonly<Partial<Record<PriceComponent, number>>>;
}

/** What the ledger makes of a call. */
export interface LedgerCost {
  /** Exact decimal; `null`: unpriced, and why. */
  readonly usd: string | null;
  readonly unpriced: string;
}

/** A ledger of its own in a real ClickHouse server, gone after `work`. */
export async function withCostLedger<Result>(work: (target: LedgerTarget) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-cost-"));
  try {
    const store = await startStore({ directory });
    try {
      await migrate(store.target);
      return await work(store.target);
    } finally {
      await store.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Prices calls the way every call is priced: published catalogue, landed spans, facts. */
export async function priceInLedger(
  target: LedgerTarget,
  catalogue: PriceCatalogue | CatalogueOffer,
  calls: readonly CountedCall[],
): Promise<ReadonlyMap<string, LedgerCost>> {
  await publishPrices(target, catalogue);
  await landSpans(
    target,
    calls.map((call) => spanOf(call)),
  );
  const result = await target.client.query({
    query: `SELECT conversation_id AS id, toString(cost_usd) AS usd, unpriced FROM ${target.database}.llm_calls FINAL
      WHERE billed_by = 0 AND conversation_id IN {ids:Array(String)}`,
    query_params: { ids: calls.map(({ id }) => id) },
    format: "JSONEachRow",
  });
  const rows = await result.json<LedgerCost & { id: string }>();
  return new Map(rows.map(({ id, usd, unpriced }) => [id, { usd, unpriced }]));
}

/** The span that an instrumentation would have made of the call. */
function spanOf({ id, provider, model, startedAt, counts }: CountedCall): LandingRow {
  const identity = createHash("sha256").update(id).digest("hex");
  return {
    Timestamp: startedAt,
    TraceId: identity.slice(0, 32),
    SpanId: identity.slice(0, 16),
    ParentSpanId: "",
    TraceState: "",
    SpanName: `chat ${model}`,
    SpanKind: "Client",
    ServiceName: "conformance",
    ResourceAttributes: {},
    ScopeName: "@tokenledger/conformance",
    ScopeVersion: "",
    SpanAttributes: {
      [names.operationName]: "chat",
      [names.providerName]: provider,
      [names.responseModel]: model,
      [names.conversationId]: id,
      [names.usageSource]: "reported",
      ...usageAttributesOf(counts),
    },
    Duration: 1_000_000,
    StatusCode: "Unset",
    StatusMessage: "",
    "Events.Timestamp": [],
    "Events.Name": [],
    "Events.Attributes": [],
    "Links.TraceId": [],
    "Links.SpanId": [],
    "Links.TraceState": [],
    "Links.Attributes": [],
  };
}

function usageAttributesOf(counts: CountedCall["counts"]): Record<string, string> {
  const attributes: Record<string, string> = {};
  const totals = { input: 0, output: 0 };
  let writes = 0;
  for (const { direction, field, attribute, component } of tokenClasses) {
    const count = counts[component as PriceComponent];
    if (direction !== "fee") totals[direction] += count ?? 0;
    // Text is what the other classes leave of the total, and the total of writes holds those of every duration.
    if (count === undefined || field === "text") continue;
    if (field.startsWith("cacheWrite")) writes += count;
    attributes[attribute] = String(count);
  }
  const writesOfAll = tokenClasses.find(({ field }) => field === "cacheWrite");
  if (writes > 0 && writesOfAll) attributes[writesOfAll.attribute] = String(writes);
  return {
    ...attributes,
    [totalAttributes.input]: String(totals.input),
    [totalAttributes.output]: String(totals.output),
  };
}
