import type { LedgerTarget } from "../src/index.ts";

/** Lets every node do a job once as it does by the clock, which tests have stopped, and waits for it. */
export async function doByItself({ client, database, cluster }: LedgerTarget, job: string): Promise<void> {
  const nodes = cluster?.nodes ?? [client];
  for (const command of ["START", "REFRESH", "WAIT", "STOP"]) {
    await Promise.all(nodes.map((node) => node.command({ query: `SYSTEM ${command} VIEW ${database}.${job}` })));
  }
}
