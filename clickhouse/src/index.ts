export { onCluster } from "./cluster.ts";
export { type LandingOptions, type LandingRow, landSpans } from "./landing.ts";
export { type Cluster, LedgerError, type LedgerFault, type LedgerTarget } from "./ledger-target.ts";
export { migrate, type MigrationOptions, type MigrationReport } from "./migrate.ts";
export { catalogueHash } from "./price-hash.ts";
export type { CatalogueOffer, ModelName, PriceCard, PriceCatalogue, PriceComponent, PricePoint } from "./prices.ts";
export { type PublishedCatalogue, publishPrices } from "./publish-prices.ts";
export { reprice, settle } from "./settlement.ts";
export { listViews, queryView, type ViewDescription, type ViewParameter, type ViewRow } from "./views.ts";
