import { type FileText, parseJson } from "./catalogue-files.ts";
import { PriceFileError } from "./price-file-reader.ts";

/** The parts of a price file that a row can be added to. */
export type OwnPricesSection = "prices" | "discounts" | "names";

/**
 * A user's price file with one more row at the end of a section, as text. What else it says stays.
 *
 * @throws {PriceFileError} where the file is no JSON object, or the section no list. Whether the row is right is for
 *   `makeCatalogue` to say.
 */
export function withOwnRow(file: FileText, section: OwnPricesSection, row: Readonly<Record<string, unknown>>): string {
  const content = file.text.trim() === "" ? {} : parseJson(file);
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new PriceFileError(file.path, ["must be an object"]);
  const members = new Map(Object.entries(content));
  const rows: unknown = members.get(section) ?? [];
  if (!Array.isArray(rows)) throw new PriceFileError(file.path, [`${section}: must be a list`]);
  members.set(section, [...(rows as unknown[]), row]);
  return `${JSON.stringify(Object.fromEntries(members), undefined, 2)}\n`;
}
