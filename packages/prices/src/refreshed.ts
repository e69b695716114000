import type { Provider } from "@pydantic/genai-prices";
import type { BundledPrices } from "./bundled-shape.ts";
import { bundledPrices } from "./bundled.ts";
import { type FileText, parseJson } from "./catalogue-files.ts";
import { compileGenaiPrices } from "./genai/compile.ts";
import { PriceFileError } from "./price-file-reader.ts";

/**
 * Turns the data that `@pydantic/genai-prices` publishes (`data.json`) into the text of a refreshed list.
 *
 * @param data As it was fetched or read.
 * @param day `YYYY-MM-DD` on which that was.
 * @throws {PriceFileError} where it is not that data, or so little of it that most models would lose their prices.
 */
export async function refreshedList(data: FileText, day: string): Promise<string> {
  const providers = readProviders(data);
  const compiled = compile(data.path, `genai-prices data of ${day} from ${data.path}`, providers);
  const [found, known] = [compiled, await bundledPrices()].map(({ providers }) =>
    providers.reduce((total, { models }) => total + models.length, 0),
  );
  if ((found ?? 0) < (known ?? 0) / 2)
    throw new PriceFileError(data.path, [`prices ${found} models where ${known} are known: this is not all of it`]);
  return JSON.stringify(compiled);
}

/** @throws {PriceFileError} where the file is not one that {@link refreshedList} made. */
export function readRefreshed(file: FileText): BundledPrices {
  const content = parseJson(file);
  const isList = isObject(content) && typeof content["origin"] === "string" && Array.isArray(content["providers"]);
  if (!isList) throw new PriceFileError(file.path, ["is no refreshed price list: refresh again, or delete it"]);
  // The rest of it is as refreshedList wrote it.
  return content as unknown as BundledPrices;
}

function compile(path: string, origin: string, providers: readonly Provider[]): BundledPrices {
  try {
    return compileGenaiPrices(origin, providers);
  } catch (error) {
    throw new PriceFileError(path, [error instanceof Error ? error.message : String(error)]);
  }
}

function readProviders(data: FileText): Provider[] {
  const content = parseJson(data);
  const problems = Array.isArray(content) ? content.flatMap(faultsOf) : ["must be a list of providers"];
  if (problems.length > 0) throw new PriceFileError(data.path, problems.slice(0, 20));
  // As far as the compiler reads them they are what faultsOf looked for.
  return content as Provider[];
}

function faultsOf(provider: unknown, index: number): string[] {
  const place = `[${index}]`;
  if (!isObject(provider) || typeof provider["id"] !== "string") return [`${place}.id: is missing`];
  if (!Array.isArray(provider["models"])) return [`${place}.models: must be a list`];
  return provider["models"].flatMap((model: unknown, at) => {
    const here = `${place}.models[${at}]`;
    if (!isObject(model) || typeof model["id"] !== "string") return [`${here}.id: is missing`];
    if (!isObject(model["match"])) return [`${here}.match: is missing`];
    return isObject(model["prices"]) || Array.isArray(model["prices"]) ? [] : [`${here}.prices: is missing`];
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
