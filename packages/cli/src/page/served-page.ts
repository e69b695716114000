import type { Command } from "commander";
import { join } from "node:path";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import { keptSecret } from "@tokenledger/local";
import { portOf } from "../options.ts";
import { ownVersion } from "../own-version.ts";
import { type Page, servePage, usualPort } from "./page-server.ts";

/** Option of every command that shows the page. */
export interface PagePort {
  pagePort?: string;
}

/** Adds where the page listens. */
export function withPagePort(command: Command): Command {
  return command.option(
    "--page-port <number>",
    `port of the page; ${usualPort} or, where that is taken, any free one without it`,
  );
}

/**
 * The page over a ledger, under the key of the user's own directory: the address stays the same.
 *
 * @throws UsageError on a port that is none; LocalFault `port_in_use`
 */
export async function servedPage(
  reader: LedgerTarget,
  { directory, pagePort }: PagePort & { readonly directory: string },
): Promise<Page> {
  return servePage({
    reader,
    version: ownVersion(),
    key: keptSecret(join(directory, "page-key")),
    ...(pagePort !== undefined && { port: portOf("--page-port", pagePort) }),
  });
}
