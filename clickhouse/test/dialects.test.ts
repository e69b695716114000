import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { landSpans } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { calls, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

interface Case {
  readonly emitter: string;
  readonly scope: string;
  readonly name?: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Columns of the call that it must become. */
  readonly reads: Readonly<Record<string, unknown>>;
}

/** Emitters that no program here can be run of: values as they were captured or are documented. */
const cases: readonly Case[] = [
  {
    emitter: "Claude Code",
    scope: "com.anthropic.claude_code.tracing",
    name: "claude_code.llm_request",
    attributes: {
      "gen_ai.system": "anthropic",
      model: "claude-opus-4-6",
      input_tokens: 2,
      cache_read_tokens: 84_562,
      cache_creation_tokens: 7_096,
      output_tokens: 311,
      ttft_ms: 1_250,
      agent_id: "a1",
      parent_agent_id: "a0",
    },
    reads: {
      input_tokens: "91660",
      input_text_tokens: "2",
      cache_read_tokens: "84562",
      cache_write_tokens: "7096",
      output_tokens: "311",
      input_basis: "exclusive",
      streamed: true,
      time_to_first_chunk_ns: "1250000000",
      agent_run_id: "a1",
      agent_parent_run_id: "a0",
    },
  },
  {
    emitter: "OpenLLMetry",
    scope: "@traceloop/instrumentation-google-generativeai",
    attributes: {
      "llm.request.type": "chat",
      "gen_ai.system": "Google",
      "gen_ai.request.model": "gemini-3-pro",
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 7,
      "gen_ai.usage.reasoning_tokens": 50,
    },
    reads: { provider: "gcp.gemini", output_tokens: "57", output_text_tokens: "7", reasoning_tokens: "50" },
  },
  {
    emitter: "Langfuse",
    scope: "langfuse-sdk",
    attributes: {
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": "gpt-5-mini",
      "langfuse.observation.usage_details": JSON.stringify({
        input: 179,
        input_cache_read: 21,
        output: 35,
        output_reasoning: 64,
        total: 299,
      }),
    },
    reads: {
      input_tokens: "200",
      cache_read_tokens: "21",
      output_tokens: "99",
      reasoning_tokens: "64",
      input_basis: "disjoint",
    },
  },
  {
    emitter: "Google ADK",
    scope: "gcp.vertex.agent",
    name: "call_llm",
    attributes: {
      "gen_ai.system": "gcp.vertex.agent",
      "gen_ai.request.model": "gemini-2.0-flash",
      "gen_ai.usage.input_tokens": 39,
      "gen_ai.usage.output_tokens": 6,
      "gcp.vertex.agent.session_id": "demo",
    },
    reads: { operation: "chat", provider: "gcp.vertex_ai", input_tokens: "39", conversation_id: "demo" },
  },
  {
    emitter: "",
    scope: "somebody",
    attributes: {
      "gen_ai.operation.name": "call_llm",
      "gen_ai.provider.name": "anthropic",
      "gen_ai.usage.input_tokens": 5,
      "gen_ai.usage.cache_read.input_tokens": 20,
      "gen_ai.usage.output_tokens": 1,
    },
    reads: {
      input_tokens: "25",
      input_basis: "found",
      usage_reported: {
        "gen_ai.usage.input_tokens": "5",
        "gen_ai.usage.cache_read.input_tokens": "20",
        "gen_ai.usage.output_tokens": "1",
      },
    },
  },
  {
    emitter: "",
    scope: "somebody",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.usage.input_tokens": 50,
      "gen_ai.usage.cache_read.input_tokens": 20,
    },
    reads: { input_tokens: "50", input_text_tokens: "30", input_basis: "assumed" },
  },
];

const told = (attributes: Case["attributes"]): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));

test.each(cases)("a call that $scope reports as $attributes", async ({ emitter, scope, name, attributes, reads }) => {
  await landSpans(ledger.target, [
    span({ span: 1 }, told(attributes), { ScopeName: scope, SpanName: name ?? "a span" }),
  ]);
  const columns = ["emitter", ...Object.keys(reads)].join(", ");
  expect(await calls(ledger.target, columns)).toEqual([{ emitter, ...reads }]);
});

const usage = {
  "gen_ai.request.model": "gpt-5.4",
  "gen_ai.usage.input_tokens": "5",
  "gen_ai.usage.output_tokens": "5",
};
const kinds = [
  { kind: "agent_run", scope: "ai", name: "ai.generateText", attributes: { "ai.operationId": "ai.generateText" } },
  {
    kind: "agent_run",
    scope: "pydantic-ai",
    name: "agent run",
    attributes: { "gen_ai.operation.name": "invoke_agent" },
  },
  { kind: "other", scope: "openinference-core", name: "chain", attributes: { "openinference.span.kind": "CHAIN" } },
  { kind: "unrecognized", scope: "somebody", name: "ask", attributes: {} },
];
test.each(kinds)(
  "counts on a span that is no request are not billed: $scope $name",
  async ({ kind, scope, name, attributes }) => {
    await landSpans(ledger.target, [
      span({ span: 1 }, { ...usage, ...attributes }, { ScopeName: scope, SpanName: name }),
    ]);
    expect(await calls(ledger.target, "span_id")).toEqual([]);
    expect(await selectRows(ledger.target, "SELECT spans.kind AS kind FROM ledger.spans AS spans FINAL")).toEqual([
      { kind },
    ]);
  },
);

test("of several spellings the most trusted wins, whatever their order", async () => {
  const spellings = {
    "ai.usage.promptTokens": "1",
    "llm.token_count.prompt": "2",
    "gen_ai.usage.prompt_tokens": "3",
    "gen_ai.usage.input_tokens": "4",
  };
  const orders = [Object.entries(spellings), Object.entries(spellings).toReversed()];
  await landSpans(
    ledger.target,
    orders.map((order, index) =>
      span({ span: index + 1 }, { "gen_ai.operation.name": "chat", ...Object.fromEntries(order) }),
    ),
  );
  expect(await calls(ledger.target, "input_tokens")).toEqual([{ input_tokens: "4" }, { input_tokens: "4" }]);
});

describe("what is declared of emitters", () => {
  test("names every spelling once", () => {
    const source = readFileSync(new URL("../facts/attribute_names.sql", import.meta.url), "utf8");
    const [, , ...spellings] = [...source.slice(source.indexOf("FROM VALUES")).matchAll(/'([^']+)'/g)].map(
      ([, name]) => name,
    );
    expect(spellings.length).toBeGreaterThan(100);
    expect(spellings.filter((name, index) => spellings.indexOf(name) !== index)).toEqual([]);
  });

  test("has conditions on attributes that are read", async () => {
    const unread = await selectRows(
      ledger.target,
      `SELECT emitters.without_attribute AS name FROM ledger.emitters AS emitters
       WHERE emitters.without_attribute != ''
         AND emitters.without_attribute NOT IN (SELECT names.name FROM ledger.attribute_names AS names)`,
    );
    expect(unread).toEqual([]);
  });

  test("ends in a row without conditions for every pattern, and the patterns are few enough to search", async () => {
    const [row] = await selectRows(
      ledger.target,
      `SELECT count() < 256 AS few, countIf(NOT last) AS open
       FROM (SELECT argMax(emitters.provider = '' AND empty(emitters.version_before) AND emitters.without_attribute = '', emitters.place) AS last
             FROM ledger.emitters AS emitters GROUP BY emitters.scope)`,
    );
    expect(row).toEqual({ few: 1, open: "0" });
  });
});
