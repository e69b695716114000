import { fileURLToPath } from "node:url";
import { settle, type LedgerTarget } from "@tokenledger/clickhouse";
import { type BillLine, type ProviderDouble, startProviderDouble } from "@tokenledger/provider-double";
import { expect, vi } from "vitest";
import { heldResponses } from "./accounts.ts";
import { select } from "./collector-rig.ts";
import { runApp, type Ended } from "./run-app.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** A program under the hook that makes calls for as long as a fault takes. */
export interface Load {
  /** Of the ledger's resource: tells the runs of one test file apart. */
  readonly service: string;
  /** The program's Tokenledger folder. */
  readonly home: string;
  readonly calls: number;
  readonly paceMillis?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs beside the program, which is asked to end when this and its calls are done. */
  readonly meanwhile?: (double: ProviderDouble) => Promise<void>;
}

/** What the provider charged for a run. */
export interface LoadRun {
  readonly bill: readonly BillLine[];
  readonly ended: Ended;
}

/** Runs the program to its end against a provider double of its own. */
export const runLoad = async (load: Load): Promise<LoadRun> => {
  const double = await startProviderDouble();
  const meanwhile = load.meanwhile?.(double) ?? Promise.resolve();
  // A failure of it is told when the program has ended.
  meanwhile.catch(() => {});
  const ended = await start(load, double, load.calls, () => meanwhile.catch(() => {}));
  await meanwhile;
  await double.close();
  if (ended.stderr.includes("at ")) throw new Error(`the program failed: ${ended.stderr}`);
  return { bill: double.bill(), ended };
};

/** Starts the program again without calls, as often as it takes to send what an earlier run left on disk. */
export const deliverHeld = async (load: Load): Promise<void> => {
  const double = await startProviderDouble();
  const held = (): number => heldResponses(load.home).length;
  for (let attempt = 1; held() > 0; attempt += 1) {
    const { stderr } = await start(load, double, 0, () =>
      vi.waitFor(() => expect(held()).toBe(0), { timeout: 15_000, interval: 100 }),
    );
    if (attempt === 4 && held() > 0) throw new Error(`${held()} calls stay on disk: ${stderr}`);
  }
  await double.close();
};

const start = (
  { service, home, paceMillis = 20, env }: Load,
  double: ProviderDouble,
  calls: number,
  until: () => Promise<void>,
): Promise<Ended> =>
  runApp({
    directory: here,
    args: ["--import", "tokenledger/register", "apps/load.mjs"],
    env: {
      TOKENLEDGER_HOME: home,
      OTEL_SERVICE_NAME: service,
      OPENAI_URL: double.openai,
      ANTHROPIC_URL: double.anthropic,
      CALLS: String(calls),
      PACE_MILLIS: String(paceMillis),
      ...env,
    },
    signal: "SIGTERM",
    until,
  });

/** How a ledger differs from the provider's bill, by response id. */
export interface Differences {
  /** Billed and not in the ledger. */
  readonly missing: string[];
  /** In the ledger more often than billed. */
  readonly extra: string[];
  /** Billed with other counts than the ledger has. */
  readonly differing: string[];
}

export const noDifference: Differences = { missing: [], extra: [], differing: [] };

/** Compares what the ledger says of a service with what the provider charged for it, count by count. */
export const compareWithBill = async (
  target: LedgerTarget,
  service: string,
  bill: readonly BillLine[],
): Promise<Differences> => {
  await settle(target);
  const rows = await select<{ id: string; counts: string }>(
    target,
    `SELECT response_id AS id, toString([input_tokens, output_tokens, ifNull(cache_read_tokens, 0)]) AS counts
     FROM ${target.database}.llm_calls FINAL WHERE billed_by = 0 AND service_name = '${service}'`,
  );
  const billed = new Map(
    bill.map(({ responseId, input, output, cacheRead }) => [responseId ?? "", `[${input},${output},${cacheRead}]`]),
  );
  const found = Map.groupBy(rows, ({ id }) => id);
  return {
    missing: [...billed.keys()].filter((id) => !found.has(id)).toSorted(),
    extra: [...found].flatMap(([id, copies]) => copies.slice(billed.has(id) ? 1 : 0).map(() => id)).toSorted(),
    differing: [...found]
      .filter(([id, [row]]) => billed.has(id) && row?.counts !== billed.get(id))
      .map(([id, [row]]) => `${id}: billed ${billed.get(id)}, found ${row?.counts}`)
      .toSorted(),
  };
};

/** Rows that a service has in the landing table: copies of a span are rows of their own. */
export const landedRows = async (target: LedgerTarget, service: string): Promise<number> => {
  const [row] = await select<{ rows: string }>(
    target,
    `SELECT toString(count()) AS rows FROM ${target.database}.otel_traces WHERE ServiceName = '${service}'`,
  );
  return Number(row?.rows ?? 0);
};
