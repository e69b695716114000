import { afterAll, beforeAll, expect, test } from "vitest";
import { selectRows } from "../src/ledger-target.ts";
import { definitions } from "../src/deploy.ts";
import { oldestServer, refuseOldVersion } from "../src/server-version.ts";
import { sqlFiles } from "../src/sql-files.ts";
import { startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());

test("the oldest server that is taken is the first one that has every function of the ledger", async () => {
  const sql = [...sqlFiles("migrations", ledger.target), ...definitions(ledger.target)]
    .map(({ text }) => text)
    .join("\n");
  const names = [...new Set([...sql.matchAll(/\b([A-Za-z]\w*)\s*\(/g)].map(([, name]) => name))];
  const [newest] = await selectRows<{ name: string; introduced_in: string }>(
    ledger.target,
    `SELECT functions.name AS name, functions.introduced_in AS introduced_in FROM system.functions AS functions
     WHERE functions.name IN {names:Array(String)}
     ORDER BY arrayMap(part -> toUInt32OrZero(part), splitByChar('.', functions.introduced_in)) DESC LIMIT 1`,
    { names },
  );
  expect(newest?.introduced_in.split(".").slice(0, 2).map(Number)).toEqual(oldestServer);
});

test.each(["24.8.14.39", "25.8.1.1"])("ClickHouse %s is refused with what to do", (version) => {
  expect(() => refuseOldVersion(version)).toThrow(`${version}; the ledger needs 25.9 or newer. Update the server`);
});

test.each(["25.9.1.1", "25.10.2.65", "26.7.2.1"])("ClickHouse %s is taken", (version) => {
  expect(() => refuseOldVersion(version)).not.toThrow();
});
