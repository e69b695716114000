import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describeAdapter } from "@tokenledger/core/testing";
import { openai } from "../src/index.ts";
import { calls } from "./calls.ts";

type Sdk = typeof import("openai");

const root = resolve(import.meta.dirname, "../../..");
const manifests = {
  4: resolve(root, "test/versions/openai-4/package.json"),
  5: resolve(root, "test/versions/openai-5/package.json"),
  6: resolve(root, "test/versions/openai-6/package.json"),
  7: resolve(root, "package.json"),
};

/** At OpenAI's own host, as far as the SDK can tell; only its `fetch` goes to the replay server. */
function client(
  { OpenAI }: Sdk,
  { url, maxRetries }: { url: string; maxRetries: number },
): InstanceType<Sdk["OpenAI"]> {
  const send: typeof fetch = (input, init) =>
    fetch(url + new URL(input instanceof Request ? input.url : input).pathname, init);
  return new OpenAI({ apiKey: "none", baseURL: "https://api.openai.com/v1", maxRetries, fetch: send });
}

for (const [major, manifest] of Object.entries(manifests)) {
  const require = createRequire(manifest);
  const load = {
    CommonJS: () => require("openai") as unknown,
    "ES modules": () => import(pathToFileURL(require.resolve("openai").replace(/\.js$/, ".mjs")).href),
  };
  for (const [system, loadAs] of Object.entries(load)) {
    describeAdapter({ title: `openai ${major}, ${system}`, adapter: openai, load: loadAs, client, calls });
  }
}
