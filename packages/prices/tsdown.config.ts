import { defineConfig, type UserConfig } from "tsdown";
import { catalogueHash } from "../../clickhouse/src/price-hash.ts";
import { bundledPrices } from "./src/bundled.ts";
import { makeCatalogue } from "./src/catalogue.ts";

// Modules that compute what the source alone decides are replaced by what they return, so that the
// package ships rows and neither the data's package nor the compiler, and knows its hash unasked.
const replacements: Readonly<Record<string, () => Promise<string>>> = {
  "bundled.ts": async () => {
    const json = JSON.stringify(JSON.stringify(await bundledPrices()));
    return `import type { BundledPrices } from "./bundled-shape.ts";
export function bundledPrices(): Promise<BundledPrices> { return Promise.resolve(JSON.parse(${json}) as BundledPrices); }`;
  },
  "shipped-hash.ts": async () => {
    const hash = catalogueHash(await makeCatalogue());
    return `export function shippedHash(): Promise<string> { return Promise.resolve("${hash}"); }`;
  },
};

const config: UserConfig = defineConfig({
  plugins: [
    {
      name: "compile-prices",
      load: (id) => replacements[/\/prices\/src\/([\w-]+\.ts)$/.exec(id)?.[1] ?? ""]?.(),
    },
  ],
});
export default config;
