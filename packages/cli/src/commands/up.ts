import type { Command } from "commander";
import { type RunningLedger, up } from "@tokenledger/local";
import { portOf, withDirectory, type LocalOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { note, print } from "../output/print.ts";
import { statusLine } from "../output/progress.ts";
import { plain } from "../output/text.ts";
import type { Page } from "../page/page-server.ts";
import { type PagePort, servedPage, withPagePort } from "../page/served-page.ts";
import { untilStopped } from "./until-stopped.ts";

interface UpOptions extends LocalOptions, PagePort {
  port: string;
  collector?: string | true;
}

const builtCollector = "collector/dist";

/** `tokenledger up`: the local ledger, until it is stopped. */
export function addUp(program: Command): void {
  withPagePort(withDirectory(program.command("up")))
    .description("start the local ledger: ClickHouse, an OTLP receiver and the page, on loopback")
    .option("--port <number>", "port of the OTLP receiver; 0 for any free one", "4318")
    .option("--collector [folder]", "run the OpenTelemetry Collector built there in place of our receiver")
    .addHelpText(
      "after",
      `
Examples:
  tokenledger up
  node --import tokenledger/register app.js      in another terminal`,
    )
    .action(async (options: UpOptions) => {
      const status = statusLine();
      // Once it is up, what happens is news: a database or a collector that ended and is back.
      let tell = status.show;
      const ledger = await up({
        directory: options.directory,
        port: portOf("--port", options.port),
        ...(options.collector !== undefined && {
          collector: options.collector === true ? builtCollector : options.collector,
        }),
        onProgress: (line) => tell(line),
      }).finally(status.end);
      tell = (line) => note(plain(line));
      const page = await servedBeside(ledger, options);
      if (options.json === true) {
        printJson({ receiver: ledger.receiver.url, page: page.url, directory: options.directory });
      } else print(welcome(ledger.receiver.url, page.url, options.directory));
      await untilStopped();
      note("stopping …");
      await page.stop();
      await ledger.stop();
    });
}

/** The page of a ledger that runs; without it there is nothing to look at, so the ledger stops again. */
async function servedBeside(ledger: RunningLedger, options: UpOptions): Promise<Page> {
  try {
    return await servedPage(ledger.reader, options);
  } catch (error) {
    await ledger.stop();
    throw error;
  }
}

const welcome = (receiver: string, page: string, directory: string): string => `
Tokenledger is up. It listens on this machine only, and keeps its data in ${directory}

  the page         ${page}
  OTLP receiver    ${receiver}/v1/traces

Next, in another terminal:
  node --import tokenledger/register app.js      instrument your own app
  tokenledger import claude-code ~/.claude/projects
  tokenledger report

Ctrl-C stops it.`;
