import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitForUpdate } from "@pydantic/genai-prices";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandLine, interrupt, startUp, type Answer } from "./cli-process.ts";

const folder = mkdtempSync(join(tmpdir(), "tokenledger-prices-"));
const home = join(folder, "home");
const cli = commandLine(home);
const file = (name: string): string => join(folder, name);
const json = (answer: Answer): Record<string, unknown> => JSON.parse(answer.stdout) as Record<string, unknown>;

let running: Awaited<ReturnType<typeof startUp>>;
beforeAll(async () => {
  mkdirSync(home);
  running = await startUp(home);
  const calls = ["2026-10-30", "2026-11-01", "2026-11-02"].flatMap((day) => [
    span(day, "openai", "gpt-5.4-2026-03-05", 100_000),
    span(day, "azure.ai.openai", "support-chat-prod", 100_000),
  ]);
  writeFileSync(file("spans.json"), JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: calls }] }] }));
  const imported = await cli(["import", "otlp", file("spans.json")]);
  if (imported.code !== 0) throw new Error(imported.stderr);
});
afterAll(async () => {
  if (running && running.child.exitCode === null) await interrupt(running.child);
  rmSync(folder, { recursive: true, force: true });
});

let spans = 0;
function span(day: string, provider: string, model: string, input: number): unknown {
  const id = (++spans).toString(16).padStart(16, "0");
  const start = BigInt(Date.parse(`${day}T12:00:00Z`)) * 1_000_000n;
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": provider,
    "gen_ai.response.model": model,
    "gen_ai.usage.input_tokens": String(input),
    "gen_ai.usage.output_tokens": "0",
  };
  return {
    traceId: id.padStart(32, "0"),
    spanId: id,
    name: "chat",
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 1_000_000n),
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  };
}
const total = async (): Promise<unknown> =>
  (json(await cli(["report", "--json"]))["totals"] as Record<string, unknown>)["known_cost_usd"];

describe("prices", () => {
  test("are explained by spelling, card and source; unknown ones by what is like them and what to do", async () => {
    const known = await cli(["prices", "explain", "gpt-5.4-2026-03-05", "--provider", "openai"]);
    expect(known.code).toBe(0);
    expect(known.stdout).toMatch(/"gpt-5.4-2026-03-05" is read as gpt-5.4: /);
    expect(known.stdout).toMatch(/^input +2\.5 +ever +overlay +explicit +2026-11-22 +\[1\]$/m);
    expect(known.stdout).toContain("[1] https://developers.openai.com/api/docs/pricing");
    const unknown = await cli(["prices", "explain", "gpt5.4", "--provider", "openai"]);
    expect(unknown.code).toBe(1);
    expect(unknown.stdout).toContain("counted as unpriced, never as $0");
    expect(unknown.stdout).toContain("  gpt-5.4 of openai");
    expect(unknown.stdout).toContain("tokenledger prices add name gpt5.4 --provider openai --model MODEL");
    const tier = await cli(["prices", "explain", "gpt-5.4", "--provider", "openai", "--tier", "ultrafast", "--json"]);
    expect(tier.code).toBe(1);
    expect(json(tier)).toMatchObject({ priced: false, prices: [{ model: "gpt-5.4", price_card_id: "0" }] });
  });

  test("that are the user's own are in force at once, beside a running ledger, and apply to earlier calls on request", async () => {
    expect(await total()).toBe("0.75");
    const check = await cli(["prices", "check"]);
    expect(check.code).toBe(1);
    expect(check.stdout).toContain("3 calls of support-chat-prod (azure.ai.openai) cost an unknown amount: no model");
    const name = ["support-chat-prod", "--provider", "azure.ai.openai", "--model", "gpt-5.4"];
    expect((await cli(["prices", "add", "name", ...name])).code).toBe(0);
    const discount = [
      "gpt-*",
      "--provider",
      "openai",
      "--factor",
      "0.8",
      "--from",
      "2026-11-01",
      "--source",
      "contract",
    ];
    expect((await cli(["prices", "add", "discount", ...discount])).code).toBe(0);
    expect(statSync(join(home, "prices.json")).mode & 0o777).toBe(0o600);
    const dry = await cli(["reprice", "--dry-run"]);
    expect(dry.stdout).toMatch(/^openai +gpt-5\.4-2026-03-05 +3 +\$0\.7500 +\$0\.6500 +0$/m);
    expect(dry.stdout).toMatch(/^azure\.ai\.openai +support-chat-prod +3 +\$0\.0000 +\$0\.7500 +3 → 0$/m);
    expect(await total()).toBe("0.75");
    expect((await cli(["reprice"])).code).toBe(0);
    expect(await total()).toBe("1.4");
    expect((await cli(["prices", "check"])).code).toBe(0);
    expect((await cli(["reprice", "--book", "older", "--since", "2026-11-01"])).code).toBe(0);
    expect(await total()).toBe("1.5");
    expect((await cli(["reprice"])).code).toBe(0);
  });

  test("with a mistake change nothing, and say what is wrong", async () => {
    const before = readFileSync(join(home, "prices.json"), "utf8");
    const wrong = await cli(["prices", "add", "price", "m", "--provider", "p", "--million", "inputs=1", "output=x"]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("prices[0].usd_per_million_tokens.inputs: is not one of input, ");
    expect(wrong.stderr).toContain('usd_per_million_tokens.output: must be a decimal number of at least 0, not "x"');
    expect(readFileSync(join(home, "prices.json"), "utf8")).toBe(before);
    writeFileSync(join(home, "prices.json"), '{"prices":[{}]}');
    const check = await cli(["prices", "check", "--json"]);
    expect(check.code).toBe(1);
    expect(check.stdout).toContain("prices[0].provider: is missing");
    writeFileSync(join(home, "prices.json"), before);
  });

  test("are refreshed from where the user says, when the user says so", async () => {
    type Models = { id: string; models: object[] }[];
    const data = JSON.parse(JSON.stringify(await waitForUpdate())) as Models;
    data
      .find(({ id }) => id === "groq")
      ?.models.unshift({ id: "new", match: { equals: "new" }, prices: { input_mtok: 1 } });
    const server = createServer((_, response) => response.end(JSON.stringify(data))).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`;
    const asked = await cli(["prices", "refresh", url]);
    expect(asked.code).toBe(1);
    expect(asked.stdout).toContain("1 models get a price, 0 lose theirs, 0 prices change.");
    expect(asked.stderr).toContain("Nothing was changed. --yes applies it.");
    expect((await cli(["prices", "explain", "new", "--provider", "groq"])).code).toBe(1);
    expect((await cli(["prices", "refresh", url, "--yes"])).code).toBe(0);
    server.close();
    expect((await cli(["prices", "explain", "new", "--provider", "groq"])).stdout).toContain(`from ${url}`);
    expect((await cli(["prices", "refresh", "--bundled", "--yes"])).code).toBe(0);
    expect((await cli(["prices", "explain", "new", "--provider", "groq"])).code).toBe(1);
    const refused = await cli(["prices", "refresh", "http://example.com/data.json"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("by https only") });
  });
});

describe("a bill", () => {
  const bucket = (start: string, results: [string, number][]) => ({
    start_time: Date.parse(start) / 1000,
    results: results.map(([line_item, value]) => ({ amount: { value, currency: "usd" }, line_item })),
  });

  test("that agrees has nothing to explain; one that does not is compared day by day", async () => {
    const costs = (second: number) =>
      JSON.stringify({
        data: [
          bucket("2026-11-01", [["gpt-5.4-2026-03-05, input", 0.2]]),
          bucket("2026-11-02", [
            ["gpt-5.4-2026-03-05, input", second],
            ["web search tool calls", 0.01],
          ]),
        ],
      });
    writeFileSync(file("costs.json"), costs(0.2));
    const agreed = await cli(["reconcile", "openai", file("costs.json")]);
    expect(agreed.code).toBe(0);
    expect(agreed.stdout).toContain("Bill of openai: $0.4100, ledger: $0.4000");
    expect(agreed.stdout).toMatch(/^2026-11-02 +fees +\$0\.0100 +\$0\.0000 +\$0\.0100 +not in the ledger/m);
    writeFileSync(file("costs.json"), costs(0.35));
    const differing = await cli(["reconcile", "openai", file("costs.json")]);
    expect(differing.code).toBe(1);
    expect(differing.stdout).toMatch(/^2026-11-02 +gpt-5\.4 +\$0\.3500 +\$0\.2000 +\$0\.1500 +nothing$/m);
    const earlier = await cli(["reconcile", "openai", file("costs.json"), "--until", "2026-11-02", "--json"]);
    expect(earlier.code).toBe(0);
    expect((json(earlier)["days"] as { day: string }[]).map(({ day }) => day)).toEqual(["2026-11-01"]);
  });

  test("may be CSV of any provider", async () => {
    writeFileSync(
      file("bill.csv"),
      "day,model,cost_usd\n2026-11-01,gpt-5.4,0.25\n2026-11-02,support-chat-prod,0.250\n",
    );
    const answer = await cli(["reconcile", "csv", file("bill.csv"), "--provider", "azure.ai.openai"]);
    expect(answer.code).toBe(0);
    expect(answer.stdout).toContain("2 days and models compared, 0 differ");
    expect(await cli(["reconcile", "csv", file("none.csv")])).toMatchObject({ code: 2 });
  });
});
