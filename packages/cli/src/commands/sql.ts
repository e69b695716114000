import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { refuseOutsideFunctions } from "@tokenledger/local";
import { useLedger, withLedger, type LedgerOptions } from "../options.ts";
import { messageOf, plainLines } from "../output/text.ts";
import { UsageError } from "../usage-error.ts";

interface SqlOptions extends LedgerOptions {
  format?: string;
}

/** `tokenledger sql QUERY`: any question, with a user that can read and nothing else. */
export function addSql(program: Command): void {
  withLedger(program.command("sql"))
    .description("ask the ledger in SQL, read-only")
    .argument("[query]", "the query; standard input without it")
    .option("--format <name>", "a ClickHouse output format: PrettyCompact, CSVWithNames, JSONEachRow, …")
    .addHelpText(
      "after",
      `
Examples:
  tokenledger sql "SELECT agent_name, sum(known_cost_usd) FROM llm_calls FINAL WHERE billed_by = 0 GROUP BY 1"
  tokenledger sql --format CSVWithNames < question.sql > answer.csv`,
    )
    .action(runSql);
}

async function runSql(argument: string | undefined, options: SqlOptions): Promise<void> {
  const query = argument ?? (process.stdin.isTTY ? "" : await text(process.stdin));
  if (query.trim() === "") throw new UsageError('write a query: tokenledger sql "SELECT …"');
  const format =
    options.format ?? (options.json === true ? "JSON" : process.stdout.isTTY ? "PrettyCompact" : "TSVWithNames");
  if (!/^[A-Za-z]+$/.test(format))
    throw new UsageError(`--format: "${format}" is no format of ClickHouse; try CSVWithNames`);
  await useLedger(options, async ({ reader }) => {
    await refuseOutsideFunctions(reader, query).catch(explain);
    const answer = await reader.client
      .exec({
        query,
        // The header names the format; the typed setting knows only the client's own.
        http_headers: { "X-ClickHouse-Format": format },
        clickhouse_settings: {
          output_format_json_quote_64bit_integers: 1,
          output_format_json_quote_decimals: 1,
          // A query that fails half way must not leave half an answer.
          wait_end_of_query: 1,
        },
      })
      .catch(explain);
    await copy(answer.stream);
  });
}

function explain(error: unknown): never {
  throw new Error(inShort(messageOf(error)), { cause: error });
}

/** A terminal gets names made harmless; files and programs get the bytes. A reader that leaves early ends the copy. */
async function copy(answer: Readable): Promise<void> {
  const source = process.stdout.isTTY ? answer.setEncoding("utf8").map(plainLines) : answer;
  await pipeline(source, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/** The parser lists every token it would have taken, and a denial names a user nobody has heard of. */
const inShort = (message: string): string =>
  message
    .replace(/ Expected one of: .*$/s, "")
    .replace(
      /^\w+: Not enough privileges\. To execute this query, it's necessary to have/,
      "sql only reads; this would take",
    );
