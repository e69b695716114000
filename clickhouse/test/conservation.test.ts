import fc from "fast-check";
import { tokenClasses } from "@tokenledger/core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type LandingRow, landSpans, queryView, settle } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { exactSum } from "./exact-sum.ts";
import { opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

vi.setConfig({ testTimeout: 240_000 });

let ledger: TestLedger;
/** How emitters spell a canonical attribute, itself first. */
let spellings: Map<string, string[]>;
beforeAll(async () => {
  ledger = await startTestLedger();
  const listed = await selectRows<{ name: string; reads_as: string }>(
    ledger.target,
    "SELECT name, reads_as FROM ledger.attribute_names WHERE position(name, '#') = 0 ORDER BY reads_as, place",
  );
  spellings = new Map(
    [...Map.groupBy(listed, ({ reads_as }) => reads_as)].map(([name, rows]) => [name, rows.map((row) => row.name)]),
  );
});
afterAll(() => ledger.stop());

/** Every failure can be repeated: SEED=… npx vitest run clickhouse/test/conservation.test.ts */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
console.log(`conservation: SEED=${seed}`);
const checked = { seed, numRuns: 8, endOnFailure: true };

const classes = tokenClasses.filter(({ direction }) => direction !== "fee");
const sumOf = (direction: string): string =>
  classes
    .filter((one) => one.direction === direction)
    .map(({ column }) => `ifNull(calls.${column}, 0)`)
    .join(" + ");

const count = fc.oneof(
  fc.nat(50),
  fc.nat(1_000_000),
  fc.constantFrom("-1", "1e6", "", "999999999999", "1000000000000"),
);
/** Any counts at all, consistent or not. */
const usage = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens",
        ...classes.map((one) => one.attribute),
      ),
      count,
    ),
  )
  .map((counts) => Object.fromEntries(counts.map(([name, value]) => [name, String(value)])));

const agents = ["lead", "searcher", "writer"] as const;
interface Draft {
  readonly usage: Record<string, string>;
  readonly parent: number;
  readonly trace: number;
  readonly agent: number;
  readonly response: number;
  readonly scope: string;
  readonly spelling: number;
}
const draft: fc.Arbitrary<Draft> = fc.record({
  usage,
  parent: fc.nat(30),
  trace: fc.integer({ min: 1, max: 3 }),
  agent: fc.nat(agents.length),
  response: fc.nat(40),
  scope: fc.constantFrom(
    "@tokenledger/instrumentation-anthropic",
    "tokenledger.import.claude-code",
    "some.framework",
    "ai",
    "langfuse-sdk",
    "@traceloop/instrumentation-anthropic",
    "@traceloop/instrumentation-google-generativeai",
  ),
  spelling: fc.nat(20),
});

/** Spans of three traces: parents come before children, agents nest, some responses are reported by several spans. */
function spansOf(drafts: readonly Draft[]): LandingRow[] {
  return drafts.map((one, index) => {
    const path = agents.slice(0, one.agent);
    const id = index + 1;
    const parent = one.parent < index && drafts[one.parent]?.trace === one.trace ? { parent: one.parent + 1 } : {};
    const labels =
      path.length === 0
        ? {}
        : { "gen_ai.agent.name": path.at(-1) ?? "", "tokenledger.agent.path": JSON.stringify(path) };
    const { "tokenledger.usage.source": _, ...foreign } = opusCall(
      {},
      { ...one.usage, ...labels, "gen_ai.response.id": `msg_response_number_${one.response}` },
    );
    const attributes = one.scope.includes("tokenledger")
      ? { ...foreign, "tokenledger.usage.source": "reported" }
      : spelled(foreign, one.spelling);
    return span({ trace: one.trace, span: id, ...parent }, attributes, { ScopeName: one.scope });
  });
}

/** The attributes in one of the ways in which emitters spell them; where two have one spelling, one is lost. */
const spelled = (attributes: Record<string, string>, choice: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const known = spellings.get(name) ?? [name];
      return [known[choice % known.length] ?? name, value];
    }),
  );

async function ledgerText(): Promise<string> {
  const rows = await selectRows(
    ledger.target,
    `SELECT * EXCEPT version, bitShiftRight(version, 40) AS completeness FROM ledger.llm_calls FINAL ORDER BY trace_id, span_id`,
  );
  return JSON.stringify(rows);
}

test("classes sum to the total, and only counts that make sense become tokens", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(draft, { minLength: 20, maxLength: 60 }), async (drafts) => {
      await ledger.clear();
      await landSpans(ledger.target, spansOf(drafts));
      const broken = await selectRows(
        ledger.target,
        `SELECT calls.span_id FROM ledger.llm_calls AS calls FINAL
         WHERE (calls.input_text_tokens IS NOT NULL AND ${sumOf("input")} != calls.input_tokens)
            OR (calls.output_text_tokens IS NOT NULL AND ${sumOf("output")} != calls.output_tokens)
            OR (calls.cost_usd IS NOT NULL AND calls.cost_usd != calls.known_cost_usd)
            OR (calls.cost_usd IS NULL) != (calls.unpriced != '')
            OR greatest(ifNull(calls.input_tokens, 0), ifNull(calls.output_tokens, 0)) > 5000000000000`,
      );
      expect(broken).toEqual([]);
      expect(await selectRows(ledger.target, "SELECT count() AS rows FROM ledger.llm_calls FINAL")).toEqual([
        { rows: String(drafts.length) },
      ]);
    }),
    checked,
  );
});

test("any duplicates, order and batches give the identical ledger", async () => {
  const delivery = fc.tuple(fc.array(draft, { minLength: 5, maxLength: 40 }), fc.infiniteStream(fc.nat(1_000_000)));
  await fc.assert(
    fc.asyncProperty(delivery, async ([drafts, chances]) => {
      const next = (limit: number): number => chances.next().value % limit;
      const spans = spansOf(drafts);
      await ledger.clear();
      await landSpans(ledger.target, spans);
      await settle(ledger.target);
      const once = await ledgerText();
      await ledger.clear();
      const deliveries = [...spans, ...spans.filter(() => next(3) === 0)]
        .map((row) => ({ row, place: next(1_000_000) }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ row }) => row);
      while (deliveries.length > 0) {
        await landSpans(ledger.target, deliveries.splice(0, 1 + next(deliveries.length)));
        if (next(3) === 0) await settle(ledger.target);
      }
      await settle(ledger.target);
      expect(await ledgerText()).toBe(once);
    }),
    checked,
  );
});

test("self costs sum to the trace, the root's inclusive cost is the trace's, and agents sum to the whole", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(draft, { minLength: 5, maxLength: 40 }), async (drafts) => {
      await ledger.clear();
      await landSpans(ledger.target, spansOf(drafts));
      await settle(ledger.target);
      const traces = await queryView(ledger.target, "trace_cost");
      for (const trace of traces) {
        const tree = await queryView(ledger.target, "trace_tree", { trace_id: trace["trace_id"] });
        const roots = tree.filter((row) => row["depth"] === "0");
        expect(exactSum(tree.map((row) => row["self_known_cost_usd"]))).toBe(exactSum([trace["known_cost_usd"]]));
        expect(exactSum(roots.map((row) => row["inclusive_known_cost_usd"]))).toBe(exactSum([trace["known_cost_usd"]]));
      }
      const whole = exactSum(traces.map((trace) => trace["known_cost_usd"]));
      expect(exactSum((await queryView(ledger.target, "agent_cost")).map((row) => row["self_known_cost_usd"]))).toBe(
        whole,
      );
      expect(exactSum((await queryView(ledger.target, "model_cost")).map((row) => row["known_cost_usd"]))).toBe(whole);
    }),
    checked,
  );
});
