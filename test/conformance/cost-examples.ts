import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerTarget, PriceCatalogue, PriceComponent } from "@tokenledger/clickhouse";
import { loadCatalogue } from "@tokenledger/prices";
import { compare, type Section } from "./cost-comparison.ts";
import { exampleExplanations, explained } from "./cost-explanations.ts";
import { type CountedCall, priceInLedger } from "./cost-ledger.ts";

/** A worked example: usage and rates on one side, the amount somebody arrived at on the other. */
interface WorkedExample {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly as_of: string | null;
  readonly billable_tokens: Readonly<Record<string, number>>;
  readonly rates_usd_per_mtok: Readonly<Record<string, number>>;
  readonly extra_charges: readonly { readonly what: string; readonly qty: number; readonly unit_usd: string }[];
  readonly expected_usd: string;
}

const components: Readonly<Record<string, PriceComponent>> = {
  uncached_input: "input",
  text_in: "input",
  cache_miss: "input",
  cache_read: "cache_read",
  cache_hit: "cache_read",
  cache_write_5m: "cache_write_5m",
  cache_write_1h: "cache_write_1h",
  audio_in: "input_audio",
  output: "output",
  text_out: "output",
  image_out: "output_image",
};

/** As the ledger calls them, where the examples do not. */
const providerNames: Readonly<Record<string, string>> = { "google-gemini": "gcp.gemini", xai: "x_ai" };

/** Prices every example with its own rates, and with the shipped prices. */
export async function priceExamples(target: LedgerTarget, file: string): Promise<Section[]> {
  const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: readonly WorkedExample[] };
  const own = cases.map((example) =>
    callOf(example, { id: `own ${example.id}`, provider: ownProvider, model: example.id }),
  );
  const ownCosts = await priceInLedger(target, await ownRates(cases), own);
  const named = cases.filter(({ model }) => !model.startsWith("("));
  const shipped = named.map((example) => callOf(example, example));
  const shippedCosts = await priceInLedger(target, await loadCatalogue(), shipped);
  const compared = named.map((example) => compare(example, example.expected_usd, shippedCosts.get(example.id)));
  return [
    {
      title: "Arithmetic, with each example's own rates",
      judged: cases.map((example) => compare(example, example.expected_usd, ownCosts.get(`own ${example.id}`))),
      left: {},
    },
    {
      title: "Shipped prices",
      judged: compared.map((one) => explained(one, exampleExplanations)),
      left: { "without the name of a model": cases.length - named.length },
    },
  ];
}

const ownProvider = "worked-example";

function callOf(example: WorkedExample, identity: Pick<CountedCall, "id" | "provider" | "model">): CountedCall {
  const { id, model } = identity;
  const provider = providerNames[identity.provider] ?? identity.provider;
  const counts: Partial<Record<PriceComponent, number>> = {};
  for (const [bucket, tokens] of Object.entries(example.billable_tokens)) counts[componentOf(bucket)] = tokens;
  for (const { what, qty } of example.extra_charges) counts[feeOf(what)] = qty;
  return { id, provider, model, startedAt: startOf(example.as_of), counts };
}

/** The rates as a user writes them down, read as a user's own prices are. */
async function ownRates(cases: readonly WorkedExample[]): Promise<PriceCatalogue> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-rates-"));
  try {
    const own = join(directory, "prices.json");
    const prices = cases.map(({ id, rates_usd_per_mtok, extra_charges }) => ({
      provider: ownProvider,
      model: id,
      usd_per_million_tokens: Object.fromEntries(
        Object.entries(rates_usd_per_mtok).map(([bucket, rate]) => [componentOf(bucket), rate]),
      ),
      usd_each: Object.fromEntries(extra_charges.map(({ what, unit_usd }) => [feeOf(what), unit_usd])),
    }));
    writeFileSync(own, JSON.stringify({ prices }));
    return await loadCatalogue({ own });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function componentOf(bucket: string): PriceComponent {
  const component = components[bucket];
  if (!component) throw new Error(`the cases have a kind of tokens that is not known here: ${bucket}`);
  return component;
}

function feeOf(what: string): PriceComponent {
  if (what !== "web search") throw new Error(`the cases have a fee that is not known here: ${what}`);
  return "web_search";
}

/** A month is priced in its middle; an example without a date as of the day the cases were collected. */
function startOf(asOf: string | null): string {
  const day = asOf === null ? "2026-11-21" : asOf.length === 7 ? `${asOf}-15` : asOf;
  return `${day}T12:00:00Z`;
}
