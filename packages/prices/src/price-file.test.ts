import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { costOf, type PricedCall } from "./card-cost.ts";
import { loadCatalogue } from "./catalogue.ts";
import { checkOwnPrices } from "./own-prices-check.ts";
import { PriceFileError } from "./price-file-reader.ts";

const directory = mkdtempSync(join(tmpdir(), "tokenledger-prices-"));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;

function fileOf(content: unknown): string {
  const path = join(directory, `prices-${++files}.json`);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const costWith = async (content: unknown, call: Partial<PricedCall> & Pick<PricedCall, "counts">) =>
  costOf(await loadCatalogue({ own: fileOf(content) }), {
    provider: "openai",
    model: "gpt-5.4",
    date: "2026-11-20",
    ...call,
  });

async function problemsOf(content: unknown): Promise<readonly string[]> {
  const path = fileOf(content);
  const error: unknown = await loadCatalogue({ own: path }).catch((reason: unknown) => reason);
  if (!(error instanceof PriceFileError)) throw new Error("the file was accepted");
  if (!error.message.startsWith(path)) throw new Error(`the message does not name the file: ${error.message}`);
  return error.problems;
}

const price = (fields: object) => ({
  prices: [{ provider: "openai", model: "gpt-5.4", usd_per_million_tokens: { input: "1" }, ...fields }],
});

describe("a user's own prices", () => {
  test("win over the shipped ones, in every band, for what they name", async () => {
    expect(await costWith(price({}), { counts: { input: 1_000_000 } })).toBe("1");
    expect(await costWith(price({}), { counts: { output: 1000 } })).toBe("0.015");
    const banded = {
      prices: [...price({}).prices, ...price({ input_tokens_over: 500, usd_per_million_tokens: { input: 2 } }).prices],
    };
    expect(await costWith(banded, { counts: { input: 500 } })).toBe("0.0005");
    expect(await costWith(banded, { counts: { input: 501 } })).toBe("0.001002");
  });

  test("hold from their day on, and a tier follows the standard price they set", async () => {
    const dated = price({ from: "2026-11-01" });
    expect(await costWith(dated, { counts: { input: 1_000_000 }, date: "2026-10-31" })).toBe("5");
    expect(await costWith(dated, { counts: { input: 1_000_000 }, serviceTier: "batch" })).toBe("0.5");
  });

  test("may be for one tier, one region, or a model of one's own", async () => {
    const flex = price({ service_tier: "flex" });
    expect(await costWith(flex, { counts: { input: 100 }, serviceTier: "flex" })).toBe("0.0001");
    expect(await costWith(flex, { counts: { input: 100 } })).toBe("0.00025");
    const ours = {
      prices: [
        {
          provider: "vllm",
          model: "Qwen3-32B",
          usd_per_million_tokens: { input: 0.05, output: 0.2 },
          usd_each: { request: "0.001" },
        },
      ],
    };
    expect(await costWith(ours, { provider: "vllm", model: "qwen3-32b", counts: { input: 1000, output: 1000 } })).toBe(
      "0.00125",
    );
  });

  test("may be the time of a GPU, by the tokens that it handles in an hour", async () => {
    const hosted = {
      prices: [
        {
          provider: "vllm",
          model: "qwen3-32b",
          usd_per_gpu_hour: "2.99",
          tokens_per_gpu_hour: { input: 29_900_000, output: 3_000_000 },
        },
      ],
    };
    const counts = { input: 1_000_000, output: 1000 };
    expect(await costWith(hosted, { provider: "vllm", model: "qwen3-32b", counts })).toBe("0.100996666667");
    expect(await problemsOf(price({ usd_per_gpu_hour: "2", tokens_per_gpu_hour: { input: 0 } }))).toEqual([
      "prices[0].tokens_per_gpu_hour.input: must be a whole number above 0",
    ]);
    expect(await problemsOf(price({ usd_per_gpu_hour: "2" }))).toEqual(["prices[0].tokens_per_gpu_hour: is missing"]);
  });

  test("stay with the provider they were agreed with", async () => {
    expect(await costWith(price({}), { provider: "azure.ai.openai", counts: { input: 100_000 } })).toBe("0.25");
  });

  test("are marked as theirs", async () => {
    const { points, sources } = await loadCatalogue({
      own: fileOf(price({ source: "contract 7", checked_on: "2026-01-02" })),
    });
    const theirs = points.filter(({ layer, model }) => layer === "user" && model === "gpt-5.4");
    const standard = theirs.filter(({ service_tier, region }) => service_tier === "standard" && region === "");
    for (const point of standard)
      expect(point).toMatchObject({
        component: "input",
        price_usd: "0.000001",
        source: "contract 7",
        checked_on: "2026-01-02",
        confidence: "explicit",
      });
    expect(standard.length).toBeGreaterThan(0);
    expect(theirs.find(({ service_tier }) => service_tier === "batch")?.source).toMatch(/: 0\.5 of contract 7$/);
    expect(sources.at(-1)).toContain("prices-");
  });
});

describe("a discount", () => {
  const agreed = (more: object = {}) => ({
    discounts: [
      { provider: "openai", models: ["gpt-5.4*"], factor: "0.8", from: "2026-11-01", source: "contract 7", ...more },
    ],
  });

  test("takes its part off list prices from its day on, at every tier, until another one begins", async () => {
    const input = { counts: { input: 1_000_000 } };
    expect(await costWith(agreed(), { ...input, date: "2026-10-31" })).toBe("5");
    expect(await costWith(agreed(), input)).toBe("4");
    expect(await costWith(agreed(), { ...input, serviceTier: "batch" })).toBe("2");
    expect(await costWith(agreed(), { ...input, model: "gpt-5.5" })).toBe("10");
    const [first] = agreed().discounts;
    const ended = { discounts: [first, { ...first, factor: 1, from: "2026-11-10" }] };
    expect(await costWith(ended, { ...input, date: "2026-11-09" })).toBe("4");
    expect(await costWith(ended, input)).toBe("5");
  });

  test("may be for some components, and leaves alone what was agreed in full", async () => {
    const onOutput = agreed({ components: ["output"] });
    expect(await costWith(onOutput, { counts: { input: 100_000, output: 1000 } })).toBe("0.262");
    expect(await costWith({ ...agreed(), ...price({}) }, { counts: { input: 100_000, output: 1000 } })).toBe("0.112");
  });

  test("says whose list price it is of", async () => {
    const { points } = await loadCatalogue({ own: fileOf(agreed()) });
    const found = points.find(
      ({ model, component, layer }) => `${model} ${component} ${layer}` === "gpt-5.4 input user",
    );
    expect(found).toMatchObject({ confidence: "derived", valid_from: "2026-11-01 00:00:00" });
    expect(found?.source).toMatch(/^contract 7: 0\.8 of /);
  });
});

describe("a name of one's own", () => {
  const named = (model: string) => ({
    names: [
      { provider: "aws.bedrock", model, exact: ["arn:aws:bedrock:eu-west-1:1:application-inference-profile/Abc"] },
    ],
  });

  test("gives an ARN the prices of the model behind it", async () => {
    const call = {
      provider: "aws.bedrock",
      model: "arn:aws:bedrock:eu-west-1:1:application-inference-profile/abc",
      counts: { input: 1_000_000 },
    };
    const direct = await costWith({}, { ...call, model: "anthropic.claude-sonnet-4-5-20250929-v1:0" });
    expect(direct).toBeDefined();
    expect(await costWith(named("regional.anthropic.claude-sonnet-4-5-20250929-v1:0"), call)).toBe(direct);
    expect(await costWith(named("eu.anthropic.claude-sonnet-4-5-20250929-v1:0"), call)).toBe(direct);
  });

  test("is said to be idle where it leads to a model without a price", async () => {
    const path = fileOf(named("nobody-sells-this"));
    const text = readFileSync(path, "utf8");
    expect((await checkOwnPrices({ own: { path, text } })).idle).toEqual([
      expect.stringMatching(/is to be nobody-sells-this of aws\.bedrock, which has no price$/),
    ]);
  });
});

describe("a price file that is wrong", () => {
  test("is refused whole, naming every row and field", async () => {
    const wrong = {
      prices: [
        { provider: "openai", usd_per_million_tokens: { input: "one", outputs: "1" } },
        { provider: "", model: "m", from: "2026-02-30", input_tokens_over: -1, usd_each: { input: "1" }, price: 3 },
        { provider: "openai", model: "m" },
        7,
      ],
      factors: [{ provider: "openai", models: [], service_tiers: ["batch"], factor: -1 }],
      discount: 10,
    };
    expect(await problemsOf(wrong)).toEqual([
      "discount: is not a field here; the fields are prices, factors, ratios, discounts, names, reviews",
      expect.stringMatching(/^prices\[0\]\.usd_per_million_tokens\.outputs: is not one of input, cache_read, /),
      'prices[0].usd_per_million_tokens.input: must be a decimal number of at least 0, not "one"',
      "prices[0].model: is missing",
      expect.stringMatching(/^prices\[1\]\.price: is not a field here/),
      "prices[1].input_tokens_over: must be a whole number above 0",
      "prices[1].provider: must be a text that is not empty",
      "prices[1].from: must be a day written YYYY-MM-DD, 1970-01-01 to 2105-12-31",
      expect.stringMatching(/^prices\[1\]\.usd_each\.input: is not one of web_search, /),
      "prices[2].usd_per_million_tokens: is missing, and so are usd_each and usd_per_gpu_hour",
      "prices[3]: must be an object",
      "prices[3].provider: is missing",
      "prices[3].usd_per_million_tokens: is missing, and so are usd_each and usd_per_gpu_hour",
      "prices[3].model: is missing",
      "factors[0].factor: must be a decimal number of at least 0, not -1",
      "factors[0].models: must be a list of texts, at least one",
    ]);
  });

  test("is refused when it is no JSON, when it is missing, and when it names a spelling instead of the model", async () => {
    expect(await problemsOf("{ prices: }")).toEqual([expect.stringMatching(/^can't be read as JSON: /)]);
    await expect(loadCatalogue({ own: join(directory, "none.json") })).rejects.toThrow(/none\.json.*\n.*ENOENT/s);
    expect(await problemsOf(price({ model: "gpt-5.4-2026-03-05" }))).toEqual([
      "prices[0].model: gpt-5.4-2026-03-05 is a spelling of gpt-5.4; write gpt-5.4",
    ]);
    expect(await problemsOf(price({ usd_per_million_tokens: { input: "1000000000" } }))).toEqual([
      "prices[0].usd_per_million_tokens.input: is more than 999 USD for a single unit",
    ]);
  });

  test("never reaches an object's prototype", async () => {
    const hostile =
      '{"prices":[{"provider":"p","model":"m","usd_per_million_tokens":{"__proto__":"1"}}],"__proto__":{"x":1}}';
    const problems = await problemsOf(hostile);
    expect(problems[0]).toMatch(/^__proto__: is not a field here/);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });
});
