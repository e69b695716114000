import type { ClientFacts } from "@tokenledger/core";

/** Services that take Anthropic's requests, by their hosts. */
const services: readonly (readonly [host: RegExp, provider: string])[] = [
  [/(^|[.-])aiplatform\.([a-z]+\.rep\.)?googleapis\.com$/, "gcp.vertex_ai"],
  [/^bedrock-(runtime|mantle)[.-].*\.(amazonaws\.com(\.cn)?|api\.aws)$/, "aws.bedrock"],
  [/\.services\.ai\.azure\.com$/, "azure.ai.inference"],
  [/^api\.deepseek\.com$/, "deepseek"],
  [/^api\.moonshot\.(ai|cn)$/, "moonshot_ai"],
  [/^openrouter\.ai$/, "openrouter"],
  [/^api\.z\.ai$/, "zai"],
];

/** A process talks to few hosts, so each is looked up once. */
const seen = new Map<string, string | undefined>();
const seenAtMost = 100;

/**
 * Who serves this client. The clients for Vertex AI and Bedrock share their methods with Anthropic's
 * own, and the host is the only evidence of which. `undefined`: Anthropic, or a gateway to it.
 */
export function providerOf({ baseURL }: ClientFacts): string | undefined {
  if (baseURL === undefined) return undefined;
  if (!seen.has(baseURL)) {
    if (seen.size === seenAtMost) seen.clear();
    seen.set(baseURL, providerAt(baseURL));
  }
  return seen.get(baseURL);
}

function providerAt(baseURL: string): string | undefined {
  if (!URL.canParse(baseURL)) return undefined;
  const { hostname } = new URL(baseURL);
  return services.find(([host]) => host.test(hostname))?.[1];
}
