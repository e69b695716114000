import { count } from "../output/numbers.ts";
import type { PriceAge, PriceCoverage } from "../rows.ts";
import { ok, warning, type Finding } from "./finding.ts";

/** Which calls have no known cost, and what helps: a price only where it is the price that lacks. */
export function priceFindings(prices: readonly PriceCoverage[]): Finding[] {
  const unpriced = prices.filter((row) => row.reason !== "");
  if (unpriced.length === 0) return [ok("prices", "every call has a price")];
  return unpriced.map((row) =>
    warning(
      "prices",
      `${callsOf(row)} of ${row.model === "" ? "an unknown model" : row.model} ` +
        `(${row.provider === "" ? "unknown provider" : row.provider}) cost an unknown amount: ${row.reason}`,
      adviceFor(row),
    ),
  );
}

/** Whether calls were priced with prices that are old, or that another catalogue has replaced. */
export function priceAgeFindings(ages: readonly PriceAge[]): Finding[] {
  const stale = ages.filter((row) => row.stale_components.length > 0);
  const behind = ages.filter((row) => !row.in_force);
  const findings = [
    ...stale.map((row) =>
      warning(
        "price age",
        `${callsOf(row)} of ${row.model} (${row.provider}, ${row.service_tier}) were priced with what was last checked ` +
          `${row.oldest_check === "1970-01-01" ? "at an unknown time" : `on ${row.oldest_check}`}: ${row.stale_components.join(", ")}`,
        `tokenledger prices explain ${row.model} --provider ${row.provider} says where it is from; tokenledger prices refresh brings newer ones`,
      ),
    ),
    ...(behind.length === 0
      ? []
      : [
          warning(
            "catalogue",
            `${count(String(behind.reduce((total, row) => total + BigInt(row.calls), 0n)))} calls were priced with an earlier catalogue than the one in force`,
            "tokenledger reprice --dry-run shows what the newer prices change, tokenledger reprice applies them",
          ),
        ]),
  ];
  return findings.length > 0
    ? findings
    : [ok("price age", "calls were priced with the catalogue in force, none of it stale")];
}

const callsOf = ({ calls }: { readonly calls: string }): string =>
  Number(calls) === 1 ? "1 call" : `${count(calls)} calls`;

function adviceFor({ reason, provider, model }: PriceCoverage): string {
  if (reason === "no catalogue") return "tokenledger migrate";
  const lacksPrice = reason.startsWith("no price") || reason === "no model";
  if (lacksPrice && model === "") return "have the program that made these spans set gen_ai.request.model";
  if (lacksPrice)
    return `tokenledger prices explain ${model}${provider === "" ? "" : ` --provider ${provider}`} says what to do`;
  return "no price can help: the provider's counts never came, as when a call is cancelled or a stream not asked for its usage";
}
