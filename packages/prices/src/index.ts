export { loadCatalogue, type CatalogueOptions } from "./catalogue.ts";
export { offerCatalogue } from "./offer.ts";
export { PriceFileError } from "./price-file-reader.ts";
