import type { ClientFacts } from "@tokenledger/core";

interface Service {
  /** As the GenAI conventions name it, else the service's own plain name. */
  readonly provider: string;
  /** Whether streams take `stream_options.include_usage`; from recordings of the service. */
  readonly usageOnRequest?: (url: URL, client: ClientFacts) => boolean;
}

const always = (): boolean => true;

/** Azure takes the option since API version 2024-09-01, and on its versionless path. */
const azure: Service = {
  provider: "azure.ai.openai",
  usageOnRequest: (url, client) =>
    url.pathname.startsWith("/openai/v1") || (client.apiVersion !== undefined && client.apiVersion >= "2024-09-01"),
};

/**
 * Services by host, subdomains included. Those that report usage in every stream, or are not known
 * to take the option, are not asked for it: an unknown option can fail the user's call.
 */
const services: Readonly<Record<string, Service>> = {
  "api.openai.com": { provider: "openai", usageOnRequest: always },
  "openai.azure.com": azure,
  "cognitiveservices.azure.com": azure,
  "services.ai.azure.com": azure,
  "models.inference.ai.azure.com": { provider: "azure.ai.inference" },
  "api.anthropic.com": { provider: "anthropic" },
  "amazonaws.com": { provider: "aws.bedrock" },
  "api.cerebras.ai": { provider: "cerebras" },
  "api.cohere.ai": { provider: "cohere" },
  "api.cohere.com": { provider: "cohere" },
  "api.deepseek.com": { provider: "deepseek" },
  "api.fireworks.ai": { provider: "fireworks" },
  "generativelanguage.googleapis.com": { provider: "gcp.gemini" },
  // `us-central1-aiplatform.googleapis.com` and its like.
  "googleapis.com": { provider: "gcp.vertex_ai" },
  "api.groq.com": { provider: "groq" },
  "router.huggingface.co": { provider: "huggingface" },
  "api.mistral.ai": { provider: "mistral_ai" },
  "api.moonshot.ai": { provider: "moonshot_ai" },
  "api.moonshot.cn": { provider: "moonshot_ai" },
  "openrouter.ai": { provider: "openrouter" },
  "api.perplexity.ai": { provider: "perplexity" },
  "snowflakecomputing.com": { provider: "snowflake", usageOnRequest: always },
  "api.together.ai": { provider: "together" },
  "api.together.xyz": { provider: "together" },
  "api.writer.com": { provider: "writer", usageOnRequest: always },
  "api.x.ai": { provider: "x_ai" },
  "api.z.ai": { provider: "zai" },
};

/**
 * Who serves this client. The SDK also talks to compatible servers, and the host is the only
 * evidence of which; a client that knows an API version is Azure's, whatever gateway it goes
 * through. `undefined`: an unknown host, taken for OpenAI's flavour.
 */
export function providerOf(client: ClientFacts): string | undefined {
  return serviceOf(client)?.provider ?? (client.apiVersion === undefined ? undefined : azure.provider);
}

/** Whether this client's streams can be asked for usage without risk to the call. */
export function takesUsageOption(client: ClientFacts): boolean {
  const service = serviceOf(client);
  return service?.usageOnRequest?.(new URL(client.baseURL ?? ""), client) ?? false;
}

/** A process talks to few hosts, so each is looked up once. */
const seen = new Map<string, Service | undefined>();
const seenAtMost = 100;

function serviceOf({ baseURL }: ClientFacts): Service | undefined {
  if (baseURL === undefined) return undefined;
  if (!seen.has(baseURL)) {
    if (seen.size === seenAtMost) seen.clear();
    seen.set(baseURL, serviceAt(baseURL));
  }
  return seen.get(baseURL);
}

function serviceAt(baseURL: string): Service | undefined {
  if (!URL.canParse(baseURL)) return undefined;
  for (let { hostname } = new URL(baseURL); hostname.includes("."); hostname = hostname.replace(/^[^.]*\./, "")) {
    if (Object.hasOwn(services, hostname)) return services[hostname];
  }
  return undefined;
}
