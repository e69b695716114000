// Loads a major version of an SDK that no adapter has been tested with.
import { mkdirSync, writeFileSync } from "node:fs";

const directory = new URL("./node_modules/openai/", import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(
  new URL("package.json", directory),
  JSON.stringify({ name: "openai", version: "99.0.0", main: "index.js" }),
);
writeFileSync(new URL("index.js", directory), "exports.greeting = 'the future';");
const { default: sdk } = await import("openai");
console.log(sdk.greeting);
