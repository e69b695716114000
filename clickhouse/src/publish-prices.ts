import { awaitEveryNode, insertOnEveryNode } from "./cluster.ts";
import { type LedgerTarget, selectRows } from "./ledger-target.ts";
import { catalogueHash } from "./price-hash.ts";
import type { CatalogueOffer, PriceCatalogue } from "./prices.ts";

/** Outcome of {@link publishPrices}: the version in force, and whether it is a new one. */
export interface PublishedCatalogue {
  readonly version: number;
  readonly changed: boolean;
}

/**
 * Puts a price catalogue in force for the calls that come in from now on; `reprice` applies it to
 * earlier ones. Publishing what is already in force changes nothing. A publication that is cut short
 * leaves the former catalogue in force.
 */
export async function publishPrices(
  target: LedgerTarget,
  catalogue: PriceCatalogue | CatalogueOffer,
): Promise<PublishedCatalogue> {
  const offer = offerOf(catalogue);
  const [inForce] = await selectRows<PublishedRow>(
    target,
    `SELECT price_version, content_hash FROM ${target.database}.price_catalogues ORDER BY price_version DESC LIMIT 1`,
  );
  if (inForce?.content_hash === offer.contentHash) return { version: inForce.price_version, changed: false };
  return { version: await publish(target, "price_catalogues", offer), changed: true };
}

/**
 * Keeps a price catalogue to price earlier calls with, by {@link reprice}. New calls go on being priced with the
 * one in force.
 *
 * @returns Its version.
 */
export async function publishBook(target: LedgerTarget, catalogue: PriceCatalogue | CatalogueOffer): Promise<number> {
  const offer = offerOf(catalogue);
  const [known] = await selectRows<PublishedRow>(
    target,
    `SELECT price_version, content_hash FROM
     (
         SELECT price_version, content_hash FROM ${target.database}.price_books
         UNION ALL
         SELECT price_version, content_hash FROM ${target.database}.price_catalogues
     )
     WHERE content_hash = {hash:String} ORDER BY price_version DESC LIMIT 1`,
    { hash: offer.contentHash },
  );
  return known?.price_version ?? publish(target, "price_books", offer);
}

interface PublishedRow {
  readonly price_version: number;
  readonly content_hash: string;
}

const offerOf = (catalogue: PriceCatalogue | CatalogueOffer): CatalogueOffer =>
  "load" in catalogue ? catalogue : { contentHash: catalogueHash(catalogue), load: () => Promise.resolve(catalogue) };

async function publish(
  target: LedgerTarget,
  record: "price_catalogues" | "price_books",
  offer: CatalogueOffer,
): Promise<number> {
  const { sources, points, cards, names } = await offer.load();
  const version = await nextVersion(target);
  await insert(target, "price_points", version, points);
  await insert(target, "price_cards", version, cards);
  await insert(target, "model_names", version, names);
  await awaitEveryNode(target, ["price_points", "price_cards", "model_names"]);
  // Last: what has no such row does not count.
  await insert(target, record, version, [{ content_hash: offer.contentHash, sources }]);
  return version;
}

/** The second of publication, but above every version that a broken publication may have left. */
async function nextVersion(target: LedgerTarget): Promise<number> {
  const tables = ["price_catalogues", "price_books", "price_points", "price_cards", "model_names"];
  const highest = tables.map((table) => `SELECT max(price_version) AS version FROM ${target.database}.${table}`);
  const [row] = await selectRows<{ version: number }>(
    target,
    `SELECT toUInt32(greatest(max(versions.version) + 1, toUnixTimestamp(now()))) AS version
     FROM (${highest.join(" UNION ALL ")}) AS versions`,
  );
  if (row === undefined) throw new Error("ClickHouse gave no row for an aggregate");
  return row.version;
}

async function insert(target: LedgerTarget, table: string, version: number, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await insertOnEveryNode(
    target,
    table,
    rows.map((row) => ({ price_version: version, ...row })),
  );
}
