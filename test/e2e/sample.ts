import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LedgerTarget, settle } from "@tokenledger/clickhouse";
import { type BillLine, type SeenRequest, startProviderDouble } from "@tokenledger/provider-double";
import { expect, vi } from "vitest";
import script from "../../examples/research-desk/provider-script.ts";
import { heldSpans } from "./accounts.ts";
import { select } from "./collector-rig.ts";
import { runApp, type Ended } from "./run-app.ts";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));

/** The sample as a user would start it under the hook, as an ES module and as CommonJS. */
export const sampleVariants = {
  "ES modules": ["--import", "tokenledger/register", "research-desk/main.mjs"],
  CommonJS: ["--require", "tokenledger/register", "research-desk/main.cjs"],
} as const;

/** One run of the sample, beside what the provider says of it. */
export interface SampleRun {
  readonly ended: Ended;
  readonly bill: readonly BillLine[];
  readonly requests: readonly SeenRequest[];
}

/** Runs the sample under the hook, its spans going where `home` says. */
export const runSample = async (
  variant: keyof typeof sampleVariants,
  home: string,
  env: Readonly<Record<string, string>> = {},
): Promise<SampleRun> => {
  const double = await startProviderDouble({ script });
  try {
    const ended = await runApp({
      directory: examples,
      args: sampleVariants[variant],
      env: {
        TOKENLEDGER_HOME: home,
        OPENAI_API_KEY: "test",
        OPENAI_BASE_URL: double.openai,
        ANTHROPIC_API_KEY: "test",
        ANTHROPIC_BASE_URL: double.anthropic,
        ...env,
      },
    });
    return { ended, bill: double.bill(), requests: double.requests() };
  } finally {
    await double.close();
  }
};

/** Loads an SDK, as only then held spans are sent, and lives until the folder that its last argument names is empty. */
const sendWhatIsHeld = `
  const { readdirSync } = require("node:fs");
  require("openai");
  const look = setInterval(() => readdirSync(process.argv.at(-1)).length === 0 && clearInterval(look), 50);
`;

/** Lets another program send what one held as it ended, for its receiver was slow. */
export const deliverHeld = async (home: string): Promise<void> => {
  if (heldSpans(home).length === 0) return;
  const args = ["--import", "tokenledger/register", "--eval", sendWhatIsHeld, join(home, "spool", "local")];
  await runApp({ directory: examples, args, env: { TOKENLEDGER_HOME: home }, timeoutMs: 60_000 });
  expect(heldSpans(home)).toEqual([]);
};

/** Waits until a ledger holds every call of a sample's run that the provider billed, and settles it. */
export const settleWhole = async (target: LedgerTarget, home: string, bill: readonly BillLine[]): Promise<void> => {
  await deliverHeld(home);
  await vi.waitFor(
    async () => {
      const [row] = await select<{ calls: string }>(
        target,
        `SELECT toString(count()) AS calls FROM ${target.database}.llm_calls FINAL WHERE outcome != 'failed'`,
      );
      expect(Number(row?.calls)).toBeGreaterThanOrEqual(bill.length);
    },
    { timeout: 60_000, interval: 200 },
  );
  await settle(target);
};
