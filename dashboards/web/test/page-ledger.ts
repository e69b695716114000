import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explain, queryView, type ViewRow } from "@tokenledger/clickhouse";
import { openLedger, type Ledger } from "@tokenledger/local";
import { jobs } from "../../../clickhouse/src/settlement.ts";
import { commandLine, interrupt, startUp } from "../../../test/e2e/cli-process.ts";
import { runSample, settleWhole } from "../../../test/e2e/sample.ts";

/** A ledger under `tokenledger up`, with its page. */
export interface PageLedger {
  readonly origin: string;
  readonly key: string;
  /** The same ledger without the page, to compare with. */
  readonly ledger: Ledger;
  readonly home: string;
  readonly rows: (view: string, parameters?: Readonly<Record<string, unknown>>) => Promise<ViewRow[]>;
  /** Runs a command of the command line on it. @throws Error where it fails */
  readonly command: (...args: readonly string[]) => Promise<string>;
  /** Runs the sample program under the hook, and waits until all of it is in the ledger. */
  readonly runSample: () => Promise<void>;
  /** Does what the ledger's jobs would do, and stops them: they take time from the page. */
  readonly rest: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts `tokenledger up` on an empty folder. */
export async function startPageLedger(): Promise<PageLedger> {
  const home = mkdtempSync(join(tmpdir(), "tokenledger-page-"));
  const running = await startUp(home, ["--page-port", "0"]);
  const ledger = await openLedger({ directory: home });
  const { origin, hash } = new URL(running.page);
  const run = commandLine(home);
  return {
    origin,
    key: hash.replace("#key=", ""),
    ledger,
    home,
    rows: (view, parameters = {}) => queryView(ledger.reader, view, parameters),
    command: async (...args) => {
      const { code, stdout, stderr } = await run(args);
      if (code !== 0) throw new Error(`tokenledger ${args.join(" ")} ended with ${code}: ${stderr}`);
      return stdout;
    },
    runSample: async () => {
      const { bill } = await runSample("ES modules", home);
      await settleWhole(ledger.target, home, bill);
    },
    rest: async () => {
      await explain(ledger.target);
      const { client, database } = ledger.target;
      for (const job of jobs) await client.command({ query: `SYSTEM STOP VIEW ${database}.${job}` });
    },
    stop: async () => {
      await ledger.close();
      await interrupt(running.child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
