export type { ModelName, PriceCard, PriceCatalogue, PriceComponent, PricePoint } from "./prices.ts";
