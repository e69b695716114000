import type { MatchLogic, Provider } from "@pydantic/genai-prices";
import type { ModelName } from "@tokenledger/clickhouse";
import type { BundledPrices, BundledProvider } from "../bundled-shape.ts";
import { compileRule } from "./match-rules.ts";
import { quotesOf } from "./model-quotes.ts";
import { providerNames } from "./provider-names.ts";

/** Compiles data of `@pydantic/genai-prices`; none of its arithmetic is used. */
export function compileGenaiPrices(origin: string, providers: readonly Provider[]): BundledPrices {
  return { origin, providers: providers.map(compileProvider) };
}

function compileProvider(provider: Provider): BundledProvider {
  const models: BundledProvider["models"][number][] = [];
  const reports: string[] = [];
  for (const model of provider.models) {
    const { quotes, left } = quotesOf(model);
    models.push([model.id, quotes.map(({ from, contextFrom, prices }) => [from, contextFrom, prices])]);
    if (left.length > 0) reports.push(`${provider.id} ${model.id}: no component for ${left.join(", ")}`);
  }
  const { names, inexact } = compileNames(provider);
  return {
    names: providerNames(provider.id),
    source: provider.pricing_urls?.[0] ?? "",
    models,
    spellings: names.map(({ kind, name, model }) => [kind, name, model]),
    lenders: (provider.fallback_model_providers ?? []).flatMap((id) => providerNames(id).slice(0, 1)),
    reports: [...reports, ...inexact],
  };
}

/** There the first model whose rule matches wins, so a spelling belongs to the first that has it. */
function compileNames(provider: Provider): { names: Omit<ModelName, "provider">[]; inexact: string[] } {
  const names = new Map<string, Omit<ModelName, "provider">>();
  const inexact: string[] = [];
  const claim = (kind: ModelName["kind"], name: string, model: string) => {
    if (!names.has(`${kind} ${name}`)) names.set(`${kind} ${name}`, { kind, name, model });
  };
  for (const { id, match } of provider.models) {
    const rule = compileRule(match satisfies MatchLogic, provider.id);
    for (const { kind, name } of rule.spellings) claim(kind, name, id);
    inexact.push(...rule.inexact.map((text) => `${provider.id} ${id}: ${text}`));
  }
  for (const { id } of provider.models) claim("exact", id.toLowerCase(), id);
  return { names: [...names.values()], inexact };
}
