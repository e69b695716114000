import type { Command } from "commander";
import { addAdd } from "./add.ts";
import { addCatalogues } from "./catalogues.ts";
import { addCheck } from "./check.ts";
import { addExplain } from "./explain.ts";
import { addRefresh } from "./refresh.ts";
import { addShow } from "./show.ts";

/** `tokenledger prices …`: what models cost, why, and how to say what they cost you. */
export function addPrices(program: Command): void {
  const prices = program
    .command("prices")
    .description("what models cost: look prices up, explain them, add your own, check and refresh them")
    .addHelpText(
      "after",
      `
Examples:
  tokenledger prices opus-4-6
  tokenledger prices explain gpt-5.4 --provider openai --at 2026-10-01
  tokenledger prices add discount 'claude-*' --provider anthropic --factor 0.85 --from 2026-10-01
  tokenledger prices check`,
    );
  for (const add of [addShow, addExplain, addAdd, addCheck, addRefresh, addCatalogues]) add(prices);
}
