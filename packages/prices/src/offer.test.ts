import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogueHash } from "@tokenledger/clickhouse";
import { afterAll, expect, test } from "vitest";
import { loadCatalogue } from "./catalogue.ts";
import { offerCatalogue } from "./offer.ts";
import { PriceFileError } from "./price-file-reader.ts";

const folder = mkdtempSync(join(tmpdir(), "tokenledger-prices-"));
const own = join(folder, "prices.json");
afterAll(() => rmSync(folder, { recursive: true }));

const write = (input: string): void =>
  writeFileSync(
    own,
    JSON.stringify({
      prices: [
        { provider: "openai", model: "own", from: "2026-10-01", usd_per_million_tokens: { input }, source: "contract" },
      ],
    }),
  );

test("the shipped catalogue is offered under the hash of its rows", async () => {
  const catalogue = await loadCatalogue();
  const offer = await offerCatalogue();
  expect(offer.contentHash).toBe(catalogueHash(catalogue));
  expect(await offer.load()).toEqual(catalogue);
});

test("every state of a user's file has a hash of its own, and offers the rows of just that state", async () => {
  write("1");
  const first = await offerCatalogue({ own });
  const expected = await loadCatalogue({ own });
  write("2");
  const second = await offerCatalogue({ own });
  const hashes = [(await offerCatalogue()).contentHash, first.contentHash, second.contentHash];
  expect(new Set(hashes).size).toBe(3);
  expect(await first.load()).toEqual(expected);
  write("1");
  expect((await offerCatalogue({ own })).contentHash).toBe(first.contentHash);
});

test("a user's file that can't be read is refused at once, and a wrong one when it is to be used", async () => {
  await expect(offerCatalogue({ own: join(folder, "none.json") })).rejects.toThrow(PriceFileError);
  writeFileSync(own, "{");
  const offer = await offerCatalogue({ own });
  await expect(offer.load()).rejects.toThrow(PriceFileError);
});
