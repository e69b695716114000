import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openLedger } from "./ledger.ts";
import { ask, scratchDirectory } from "./store.fixture.ts";

const scratch = scratchDirectory();
afterAll(() => scratch.remove());

interface InForce {
  versions: number;
  own: string[];
}

/** What a command that opens the ledger finds: versions published so far, and the user's prices in the newest. */
const open = async (): Promise<InForce> => {
  const ledger = await openLedger({ directory: scratch.path });
  const [found] = await ask<InForce>(
    ledger.reader,
    `SELECT (SELECT toUInt8(count()) FROM price_catalogues) AS versions, groupArray(toString(price_usd)) AS own
     FROM price_points WHERE layer = 'user' AND price_version = (SELECT max(price_version) FROM price_catalogues)`,
  );
  await ledger.close();
  if (found === undefined) throw new Error("an aggregate has a row");
  return found;
};

const file = join(scratch.path, "prices.json");
const setPrice = (input: string): void => {
  const price = { provider: "openai", model: "own", from: "2026-10-01", usd_per_million_tokens: { input } };
  writeFileSync(file, JSON.stringify({ prices: [{ ...price, source: "contract" }] }));
};

test("prices are published when they or the user's file changed, and only then", async () => {
  expect(await open()).toEqual({ versions: 1, own: [] });
  expect(await open()).toEqual({ versions: 1, own: [] });
  setPrice("1");
  expect(await open()).toEqual({ versions: 2, own: ["0.000001"] });
  expect(await open()).toEqual({ versions: 2, own: ["0.000001"] });
  setPrice("2");
  expect(await open()).toEqual({ versions: 3, own: ["0.000002"] });
  writeFileSync(file, "{");
  await expect(open()).rejects.toThrow("can't be read as JSON");
  rmSync(file);
  expect(await open()).toEqual({ versions: 4, own: [] });
});
