export { backfill, type BackfillOptions, type BackfillReport } from "./backfill.ts";
export { onCluster } from "./cluster.ts";
export { overLanding } from "./foreign-landing.ts";
export { type LandingOptions, type LandingRow, landSpans } from "./landing.ts";
export { type LedgerMark, ledgerMark } from "./ledger-mark.ts";
export { LedgerError, type LedgerFault } from "./ledger-error.ts";
export type { Cluster, LedgerTarget } from "./ledger-target.ts";
export { migrate, type MigrationOptions, type MigrationReport } from "./migrate.ts";
export { catalogueHash } from "./price-hash.ts";
export type { CatalogueOffer, ModelName, PriceCard, PriceCatalogue, PriceComponent, PricePoint } from "./prices.ts";
export { publishBook, type PublishedCatalogue, publishPrices } from "./publish-prices.ts";
export {
  catalogueVersion,
  previewRepricing,
  reprice,
  type RepricedDay,
  repricedDays,
  type RepricedModel,
  type RepricingWindow,
} from "./repricing.ts";
export { explain, type Job, jobHealth, type JobHealth, settle } from "./settlement.ts";
export { insertCsv, type UserTable, userTables } from "./user-tables.ts";
export { answerView, type ViewAnswer } from "./view-answer.ts";
export { listViews, queryView, type ViewDescription, type ViewParameter, type ViewRow } from "./views.ts";
