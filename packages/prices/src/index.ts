export { loadCatalogue, type CatalogueOptions } from "./catalogue.ts";
export { PriceFileError } from "./price-file-reader.ts";
