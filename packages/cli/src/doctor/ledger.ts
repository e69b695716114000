import { queryView } from "@tokenledger/clickhouse";
import { openLedger, runningConnection, type Ledger } from "@tokenledger/local";
import { count } from "../output/numbers.ts";
import type { LedgerOptions } from "../options.ts";
import type { PriceCoverage, UsageCoverage } from "../rows.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";
import { lookAtJobs } from "./jobs.ts";
import { priceFindings } from "./prices.ts";

interface Delivery {
  process_id: string;
  service_name: string;
  repeated: string;
  refused: string;
  missing: string | null;
  spans: string;
}

/** Whether the ledger answers, and what in it is not known. */
export async function lookAtLedger(options: LedgerOptions): Promise<Finding[]> {
  const running = options.clickhouse === undefined ? await runningConnection(options.directory) : undefined;
  const findings = options.clickhouse === undefined ? [receiver(running?.receiver.url)] : [];
  let ledger: Ledger;
  try {
    ledger = await openLedger({
      directory: options.directory,
      ...(options.clickhouse !== undefined && { url: options.clickhouse }),
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [...findings, problem("ledger", message, "fix this first: nothing else can be looked at")];
  }
  try {
    return [...findings, ok("ledger", "ClickHouse answers, the schema is up to date"), ...(await lookInside(ledger))];
  } finally {
    await ledger.close();
  }
}

const receiver = (url: string | undefined): Finding =>
  url === undefined
    ? warning("receiver", "not running: apps keep their spans on disk meanwhile", "tokenledger up")
    : ok("receiver", `listens at ${url}`);

async function lookInside({ reader, target }: Ledger): Promise<Finding[]> {
  const rows = async <Row>(view: string): Promise<Row[]> => (await queryView(reader, view)) as Row[];
  const [jobs, prices, usage, deliveries] = await Promise.all([
    lookAtJobs(target),
    rows<PriceCoverage>("price_coverage"),
    rows<UsageCoverage>("usage_coverage"),
    rows<Delivery>("delivery_health"),
  ]);
  return [...jobs, ...priceFindings(prices), ...usageFindings(usage), ...deliveryFindings(deliveries)];
}

function usageFindings(usage: readonly UsageCoverage[]): Finding[] {
  const silent = usage.filter((row) => Number(row.no_usage) > Number(row.refused));
  if (silent.length === 0) return [ok("usage", "every billed call says what it used")];
  return silent.map((row) =>
    warning(
      "usage",
      `${count(String(Number(row.no_usage) - Number(row.refused)))} calls seen by ${row.scope_name} report no usage`,
      "ask streams for it (stream_options.include_usage), or install gpt-tokenizer for estimates",
    ),
  );
}

function deliveryFindings(deliveries: readonly Delivery[]): Finding[] {
  const findings: Finding[] = [];
  for (const row of deliveries) {
    if (Number(row.missing) > 0) {
      findings.push(
        problem(
          "delivery",
          `${count(row.missing)} spans of ${row.service_name} (process ${row.process_id}) never arrived`,
          "look at that process's log; what waits on disk is sent when the app starts again",
        ),
      );
    }
    if (Number(row.refused) > 0) {
      findings.push(
        warning(
          "delivery",
          `${count(row.refused)} spans of ${row.service_name} have no valid id`,
          "correct the program that made them",
        ),
      );
    }
    if (row.process_id === "" && Number(row.spans) > 0) {
      findings.push(
        warning(
          "labels",
          `${count(row.spans)} spans of ${row.service_name} carry no agent or customer of ours`,
          "put new TokenledgerSpanProcessor() first in that app's span processors",
        ),
      );
    }
  }
  return findings.length > 0 ? findings : [ok("delivery", "no gaps in what processes sent")];
}
