import { defineConfig, type UserConfig } from "tsdown";
import { bundledPrices } from "./src/bundled.ts";

// The module that compiles the prices is replaced by what it returns, so that the package ships rows
// and neither the data's package nor the compiler.
const config: UserConfig = defineConfig({
  plugins: [
    {
      name: "compile-prices",
      async load(id) {
        if (!id.endsWith("/prices/src/bundled.ts")) return undefined;
        const json = JSON.stringify(JSON.stringify(await bundledPrices()));
        return `import type { BundledPrices } from "./bundled-shape.ts";
export function bundledPrices(): Promise<BundledPrices> { return Promise.resolve(JSON.parse(${json}) as BundledPrices); }`;
      },
    },
  ],
});
export default config;
