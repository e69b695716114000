import { names, tokenClasses, totalAttributes } from "@tokenledger/core";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { landSpans } from "../src/index.ts";
import { calls, opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

const inputClasses = tokenClasses.filter(({ direction }) => direction === "input").map(({ column }) => column);
const outputClasses = tokenClasses.filter(({ direction }) => direction === "output").map(({ column }) => column);

/** The counts of one call that are known, as numbers. */
async function countsOf(
  attributes: Record<string, string>,
  scope = "@tokenledger/instrumentation-openai",
): Promise<object> {
  await landSpans(ledger.target, [span({ span: 1 }, attributes, { ScopeName: scope })]);
  const [row] = await calls(
    ledger.target,
    ["input_tokens", "output_tokens", ...inputClasses, ...outputClasses].join(", "),
  );
  const known = Object.entries(row ?? {}).filter(([, count]) => count !== null);
  return Object.fromEntries(known.map(([column, count]) => [column, Number(count)]));
}

describe("names on the wire", () => {
  const source = ["attribute_names", "read_spans", "read_calls", "write_agent_runs", "write_tool_calls"]
    .map((file) => readFileSync(new URL(`../facts/${file}.sql`, import.meta.url), "utf8"))
    .join("\n");
  const spelled = new Set([...source.matchAll(/'(tokenledger\.[a-z0-9_.]+)'/g)].map(([, name]) => name));

  test("every token class and total is read from the attribute that core writes", () => {
    const written = [...tokenClasses.map(({ attribute }) => attribute), ...Object.values(totalAttributes)];
    expect(written.filter((attribute) => !source.includes(`'${attribute}'`))).toEqual([]);
  });

  test("no attribute of ours is read that core does not write", () => {
    const written = new Set<string>([...Object.values(names), ...tokenClasses.map(({ attribute }) => attribute)]);
    const prefixes = new Set(["tokenledger.import."]);
    expect([...spelled].filter((name) => !written.has(name ?? "") && !prefixes.has(name ?? ""))).toEqual([]);
  });

  test("every class has its column, its component and its place in the price formula", () => {
    const formula = readFileSync(new URL("../facts/price_calls.sql", import.meta.url), "utf8");
    const listed = [...formula.slice(0, formula.indexOf("AS components")).matchAll(/'([a-z0-9_]+)'/g)].map(
      ([, name]) => name,
    );
    const counts = formula.slice(formula.indexOf("arrayMap(count ->"), formula.indexOf("AS counts"));
    const columns = [...counts.matchAll(/calls\.(\w+_(?:tokens|requests|sessions))/g)].map(([, name]) => name);
    const charged = [...formula.matchAll(/cards\.(\w+)[,\n]/g)]
      .map(([, name]) => name)
      .filter((name) => listed.includes(name));
    expect(columns).toEqual(tokenClasses.map(({ column }) => column));
    expect(listed).toEqual([...tokenClasses.map(({ component }) => component), "request"]);
    expect(charged).toEqual(listed);
  });
});

describe("dialects", () => {
  test("our own spans: every class, disjoint", async () => {
    const usage = {
      input_tokens: 1_000,
      "cache_read.input_tokens": 300,
      "cache_write.input_tokens": 200,
      "cache_write.5m.input_tokens": 150,
      "cache_write.1h.input_tokens": 30,
      "image.input_tokens": 50,
      output_tokens: 90,
      "reasoning.output_tokens": 40,
    };
    expect(await countsOf(opusCall(usage))).toEqual({
      input_tokens: 1_000,
      input_text_tokens: 450,
      cache_read_tokens: 300,
      cache_write_tokens: 20,
      cache_write_5m_tokens: 150,
      cache_write_1h_tokens: 30,
      input_image_tokens: 50,
      output_tokens: 90,
      output_text_tokens: 50,
      reasoning_tokens: 40,
    });
  });

  test("the spans of the Anthropic SDK itself, with their split by time to live", async () => {
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "anthropic",
      "gen_ai.usage.input_tokens": "3210",
      "gen_ai.usage.cache_read.input_tokens": "200",
      "gen_ai.usage.cache_write.input_tokens": "3000",
      "anthropic.usage.cache_creation.ephemeral_5m_input_tokens": "1000",
      "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": "2000",
      "gen_ai.usage.output_tokens": "5",
    };
    expect(await countsOf(attributes, "com.anthropic.sdk.typescript")).toEqual({
      input_tokens: 3_210,
      input_text_tokens: 10,
      cache_read_tokens: 200,
      cache_write_tokens: 0,
      cache_write_5m_tokens: 1_000,
      cache_write_1h_tokens: 2_000,
      output_tokens: 5,
      output_text_tokens: 5,
    });
  });

  const old = {
    "llm.request.type": "chat",
    "gen_ai.system": "Anthropic",
    "gen_ai.usage.prompt_tokens": "10",
    "gen_ai.usage.completion_tokens": "7",
    "gen_ai.usage.cache_read_input_tokens": "3",
    "gen_ai.usage.cache_creation_input_tokens": "4",
  };
  const exclusive = {
    input_tokens: 17,
    input_text_tokens: 10,
    cache_read_tokens: 3,
    cache_write_tokens: 4,
    output_tokens: 7,
    output_text_tokens: 7,
  };

  test("old names, from a scope whose input is known to leave the cache out", async () => {
    expect(await countsOf(old, "@traceloop/instrumentation-anthropic")).toEqual(exclusive);
    expect(await calls(ledger.target, "operation, provider, usage_source")).toEqual([
      { operation: "chat", provider: "anthropic", usage_source: "reported" },
    ]);
  });

  test("an unknown scope whose total is below its own cache tokens left them out", async () => {
    expect(await countsOf({ ...old, "gen_ai.usage.prompt_tokens": "5" }, "somebody")).toEqual({
      ...exclusive,
      input_tokens: 12,
      input_text_tokens: 5,
    });
  });

  test("aggregates, remote agents, counting and fetching are not billed", async () => {
    const usage = { input_tokens: 10, output_tokens: 5 };
    await landSpans(ledger.target, [
      span({ span: 1 }, opusCall(usage, { "tokenledger.usage.scope": "aggregate" })),
      span({ span: 2 }, opusCall(usage, { "tokenledger.usage.scope": "remote_agent" })),
      span({ span: 3 }, opusCall(usage, { "gen_ai.operation.name": "count_tokens" })),
      span({ span: 4 }, opusCall(usage, { "gen_ai.operation.name": "fetch_response" })),
      span({ span: 5 }, opusCall(usage, { "gen_ai.operation.name": "invoke_agent" })),
      span({ span: 6 }, opusCall(usage, { "tokenledger.usage.scope": "call" })),
    ]);
    expect(await calls(ledger.target, "span_id")).toEqual([{ span_id: "6" }]);
  });
});

describe("overlap and contradiction", () => {
  const split = async (attributes: Record<string, string>): Promise<unknown> => {
    const counts = await countsOf(attributes);
    const [row] = await calls(ledger.target, "usage_split, usage_inconsistent, usage_reported");
    return { ...counts, ...row };
  };

  test("cached audio beyond the total is taken from both, and the split is assumed", async () => {
    const audio = opusCall({
      input_tokens: 100,
      "audio.input_tokens": 80,
      "cache_read.input_tokens": 50,
      output_tokens: 0,
    });
    expect(await split(audio)).toMatchObject({
      input_tokens: 100,
      input_text_tokens: 0,
      cache_read_tokens: 20,
      cache_read_audio_tokens: 30,
      input_audio_tokens: 50,
      usage_split: "assumed",
      usage_inconsistent: "",
      usage_reported: { "gen_ai.usage.audio.input_tokens": "80", "gen_ai.usage.cache_read.input_tokens": "50" },
    });
  });

  test("a subset above its total is cut to it, named, and kept as it came", async () => {
    const above = opusCall({
      input_tokens: 100,
      "cache_read.input_tokens": 120,
      output_tokens: 10,
      "reasoning.output_tokens": 11,
    });
    expect(await split(above)).toMatchObject({
      input_tokens: 100,
      input_text_tokens: 0,
      cache_read_tokens: 100,
      output_tokens: 10,
      output_text_tokens: 0,
      reasoning_tokens: 10,
      usage_inconsistent: "cache_read_tokens,input_tokens,reasoning_tokens",
      usage_reported: { "gen_ai.usage.cache_read.input_tokens": "120", "gen_ai.usage.reasoning.output_tokens": "11" },
    });
  });

  test.each(["-5", "1e3", "12.5", "99999999999999999999", "9999999999999", "NaN", "'; DROP TABLE x", "٣"])(
    "%s is no count: the class is unknown, named, and the call is stored without a cost",
    async (count) => {
      const counts = await split(
        opusCall({ input_tokens: 100, output_tokens: 1 }, { "gen_ai.usage.cache_read.input_tokens": count }),
      );
      expect(counts).toEqual({
        input_tokens: 100,
        output_tokens: 1,
        output_text_tokens: 1,
        usage_split: "exact",
        usage_inconsistent: "cache_read_tokens",
        usage_reported: expect.objectContaining({ "gen_ai.usage.cache_read.input_tokens": count }) as unknown,
      });
      expect(await calls(ledger.target, "cost_usd, known_cost_usd, unpriced")).toEqual([
        { cost_usd: null, known_cost_usd: "0.000025", unpriced: "invalid usage" },
      ]);
    },
  );
});

test("no attribute can fail an insert, and what cannot be identified harms no neighbour", async () => {
  const junk = "\u0000[{\"'\\ -1e999 \uFFFD";
  const keys = [...Object.values(names), ...tokenClasses.map(({ attribute }) => attribute)];
  const hostile = { ...Object.fromEntries(keys.map((key) => [key, junk])), "gen_ai.operation.name": "chat" };
  await landSpans(ledger.target, [
    span({ span: 1 }, hostile),
    span({ span: 2 }, { ...hostile, "gen_ai.operation.name": "execute_tool" }),
    span({ span: 3 }, opusCall({ input_tokens: 1, output_tokens: 1 }), { SpanId: "not an id" }),
    span({ span: 4 }, opusCall({ input_tokens: 1, output_tokens: 1 }), { TraceId: "0".repeat(32) }),
    span({ span: 5 }, opusCall({ input_tokens: 1, output_tokens: 1 }), { Timestamp: "0.000000000", ParentSpanId: "?" }),
  ]);
  expect(await calls(ledger.target, "span_id, cost_usd")).toEqual([
    { span_id: "1", cost_usd: null },
    { span_id: "5", cost_usd: null },
  ]);
});
