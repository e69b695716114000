import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { useLedger, withLedger, type LedgerOptions } from "../options.ts";
import { plain } from "../output/text.ts";
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
    const answer = await reader.client.exec({
      query,
      // The header names the format; the typed setting knows only the client's own.
      http_headers: { "X-ClickHouse-Format": format },
      clickhouse_settings: {
        output_format_json_quote_64bit_integers: 1,
        output_format_json_quote_decimals: 1,
      },
    });
    const steady = format.startsWith("Pretty");
    for await (const chunk of answer.stream) {
      // A terminal gets names made harmless, line by line; files and programs get the bytes.
      if (steady && process.stdout.isTTY) process.stdout.write(lines(String(chunk)));
      else process.stdout.write(chunk as Buffer);
    }
  });
}

const lines = (block: string): string => block.split("\n").map(plain).join("\n");
