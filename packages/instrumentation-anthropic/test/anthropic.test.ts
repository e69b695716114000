import type Anthropic from "@anthropic-ai/sdk";
import { describeAdapter } from "@tokenledger/core/testing";
import { anthropic } from "../src/index.ts";
import { callsOf } from "./calls.ts";
import { importSdk, requireSdk, versions } from "./sdks.ts";

for (const version of versions) {
  for (const [system, load] of Object.entries({ CommonJS: requireSdk, "ES module": importSdk })) {
    describeAdapter<Anthropic>({
      title: `@anthropic-ai/sdk ${version} (${system})`,
      adapter: anthropic,
      load: () => load(version),
      client: ({ Anthropic: Client }: { Anthropic: typeof Anthropic }, { url, maxRetries }) =>
        new Client({ apiKey: "k", baseURL: url, maxRetries }),
      calls: callsOf(version),
    });
  }
}
