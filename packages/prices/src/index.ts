export { loadCatalogue, makeCatalogue } from "./catalogue.ts";
export {
  type CatalogueFiles,
  type CatalogueTexts,
  type FileText,
  priceFilePaths,
  priceFilesIn,
  readFiles,
} from "./catalogue-files.ts";
export { offerCatalogue } from "./offer.ts";
export { checkOwnPrices, type OwnPricesReport } from "./own-prices-check.ts";
export { withOwnRow, type OwnPricesSection } from "./own-prices.ts";
export { type PriceChange, priceChanges } from "./price-changes.ts";
export { PriceFileError } from "./price-file-reader.ts";
export { refreshedList } from "./refreshed.ts";
