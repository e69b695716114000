import { LedgerError } from "./ledger-error.ts";
import { type LedgerTarget, selectRows } from "./ledger-target.ts";

/** The oldest ClickHouse that has every function and statement of the ledger: year and month of its release. */
export const oldestServer: readonly [number, number] = [25, 9];

/** @throws LedgerError `old_server` */
export async function refuseOldServer(target: LedgerTarget): Promise<void> {
  const [row] = await selectRows<{ version: string }>(target, "SELECT version() AS version");
  refuseOldVersion(row?.version ?? "");
}

/** @throws LedgerError `old_server` */
export function refuseOldVersion(version: string): void {
  const [year = 0, month = 0] = version.split(".").map(Number);
  if (year > oldestServer[0] || (year === oldestServer[0] && month >= oldestServer[1])) return;
  throw new LedgerError(
    "old_server",
    `This server is ClickHouse ${version}; the ledger needs ${oldestServer.join(".")} or newer. Update the server, or use another one.`,
  );
}
