import { messages } from "./anthropic-messages.ts";
import type { Dialect } from "./dialect.ts";

const clouds = [
  {
    provider: "gcp.vertex_ai",
    path: /^\/vertex\/projects\/[^/]+\/locations\/[^/]+\/publishers\/anthropic\/models\/(?<model>[^/]+):rawPredict$/,
  },
  { provider: "aws.bedrock", path: /^\/bedrock\/model\/(?<model>[^/]+)\/invoke$/ },
] as const;

/** Messages as clouds sell them: the path names the model. Streams of these are not spoken here. */
export function cloudRoute(path: string): Dialect | undefined {
  for (const { provider, path: pattern } of clouds) {
    const model = pattern.exec(path)?.groups?.model;
    if (model !== undefined) {
      const named = { model: decodeURIComponent(model) };
      return {
        ...messages,
        provider,
        open: (text) => messages.open(JSON.stringify({ ...JSON.parse(text), ...named })),
      };
    }
  }
  return undefined;
}
