import { count } from "../output/numbers.ts";
import type { PriceCoverage } from "../rows.ts";
import { ok, warning, type Finding } from "./finding.ts";

/** Which calls have no known cost, and what helps: a price only where it is the price that lacks. */
export function priceFindings(prices: readonly PriceCoverage[]): Finding[] {
  const unpriced = prices.filter((row) => row.reason !== "");
  if (unpriced.length === 0) return [ok("prices", "every call has a price")];
  return unpriced.map((row) =>
    warning(
      "prices",
      `${Number(row.calls) === 1 ? "1 call" : `${count(row.calls)} calls`} of ${row.model === "" ? "an unknown model" : row.model} ` +
        `(${row.provider === "" ? "unknown provider" : row.provider}) cost an unknown amount: ${row.reason}`,
      adviceFor(row.reason),
    ),
  );
}

function adviceFor(reason: string): string {
  if (reason === "no catalogue") return "tokenledger migrate";
  if (reason === "no model") return "have the program that made these spans set gen_ai.request.model";
  if (reason.startsWith("no price"))
    return "add its price to prices.json in the ledger's directory, or update Tokenledger";
  return "no price can help: the provider's counts never came, as when a call is cancelled or a stream not asked for its usage";
}
