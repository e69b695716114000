import { createRequire } from "node:module";
import { waitForUpdate } from "@pydantic/genai-prices";
import type { BundledPrices } from "./bundled-shape.ts";
import { compileGenaiPrices } from "./genai/compile.ts";

/**
 * The prices of the catalogue's first layer. From source they are compiled on the spot; the build
 * replaces this module by the result (see `tsdown.config.ts`), so the package needs no genai-prices.
 */
export async function bundledPrices(): Promise<BundledPrices> {
  return compileGenaiPrices(`@pydantic/genai-prices ${installedVersion()}`, (await waitForUpdate()) ?? []);
}

function installedVersion(): string {
  const entry = createRequire(import.meta.url).resolve("@pydantic/genai-prices");
  const { version } = createRequire(entry)("../package.json") as { version: string };
  return version;
}
