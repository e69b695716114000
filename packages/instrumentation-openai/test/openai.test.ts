import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describeAdapter } from "@tokenledger/core/testing";
import { openai } from "../src/index.ts";
import { calls, firstCalls } from "./calls.ts";

type Sdk = typeof import("openai");

const root = resolve(import.meta.dirname, "../../..");
/** The first version of the range, and the last of every major in it. */
const versions = [
  // It waits long between retries, so it is taken through them in one module system only.
  { version: "4.19", manifest: "test/versions/openai-4.19/package.json", calls: firstCalls, systems: ["CommonJS"] },
  { version: "4", manifest: "test/versions/openai-4/package.json", calls },
  { version: "5", manifest: "test/versions/openai-5/package.json", calls },
  { version: "6", manifest: "test/versions/openai-6/package.json", calls },
  { version: "7", manifest: "package.json", calls },
];

/** At OpenAI's own host, as far as the SDK can tell; only its `fetch` goes to the replay server. */
function client(
  { OpenAI }: Sdk,
  { url, maxRetries }: { url: string; maxRetries: number },
): InstanceType<Sdk["OpenAI"]> {
  const send: typeof fetch = (input, init) =>
    fetch(url + new URL(input instanceof Request ? input.url : input).pathname, init);
  return new OpenAI({ apiKey: "none", baseURL: "https://api.openai.com/v1", maxRetries, fetch: send });
}

for (const { version, manifest, calls: own, systems = ["CommonJS", "ES modules"] } of versions) {
  const require = createRequire(resolve(root, manifest));
  for (const system of systems) {
    const load = (): unknown =>
      system === "CommonJS"
        ? require("openai")
        : import(pathToFileURL(require.resolve("openai").replace(/\.js$/, ".mjs")).href);
    describeAdapter({ title: `openai ${version}, ${system}`, adapter: openai, load, client, calls: own });
  }
}
