import type { AttributeValue, Attributes, Span } from "@opentelemetry/api";
import type { ClientFacts, Operation, ProviderAdapter, RequestFacts, ResponseFacts } from "./adapter.ts";
import { names } from "./attributes.ts";

/** What a sampler and a bill need, known before the call. */
export function identityAttributes(
  adapter: ProviderAdapter,
  operation: Operation,
  facts: RequestFacts,
  client: ClientFacts,
): Attributes {
  const provider = facts.provider ?? adapter.provider;
  const attributes: Attributes = {
    [names.operationName]: facts.operation ?? operation.name,
    [names.providerName]: provider,
  };
  if (facts.model !== undefined) attributes[names.requestModel] = facts.model;
  if (operation.billed !== false) attributes[names.usageScope] = "call";
  if (facts.serviceTier !== undefined && provider === "openai") {
    attributes[names.openaiRequestServiceTier] = facts.serviceTier;
  }
  const server = client.baseURL === undefined ? undefined : serverOf(client.baseURL);
  if (server) {
    attributes[names.serverAddress] = server.address;
    if (server.port !== undefined) attributes[names.serverPort] = server.port;
  }
  return attributes;
}

/** Who answered, and what the price depends on. */
export function setAnswer(span: Span, facts: ResponseFacts, provider: string): void {
  set(span, names.responseId, facts.id);
  set(span, names.responseModel, facts.model);
  set(span, names.serviceTier, facts.serviceTier);
  set(span, names.speed, facts.speed);
  set(span, names.inferenceGeo, facts.inferenceGeo);
  if (provider === "openai") set(span, names.openaiResponseServiceTier, facts.serviceTier);
  if (facts.finishReasons) set(span, names.finishReasons, withoutHoles(facts.finishReasons));
  if (facts.toolCalls?.length) {
    set(span, names.toolCallIds, JSON.stringify(facts.toolCalls.map(({ id }) => id)));
  }
}

/** Of parallel choices some may be unfinished: their places must not shift. */
function withoutHoles(reasons: readonly (string | undefined)[]): string[] {
  const filled: string[] = [];
  for (let index = 0; index < reasons.length; index += 1) filled.push(reasons[index] ?? "");
  return filled;
}

/** What describes the call beside its bill. */
export function setDetails(span: Span, request: RequestFacts, response: ResponseFacts): void {
  set(span, names.conversationId, response.conversationId ?? request.conversationId);
  // Spelled out rather than read from a table: a table of fields doubles what this costs.
  set(span, names.requestStream, request.stream);
  set(span, names.maxTokens, request.maxTokens);
  set(span, names.temperature, request.temperature);
  set(span, names.topP, request.topP);
  set(span, names.topK, request.topK);
  set(span, names.seed, request.seed);
  set(span, names.choiceCount, request.choiceCount);
  set(span, names.frequencyPenalty, request.frequencyPenalty);
  set(span, names.presencePenalty, request.presencePenalty);
  set(span, names.stopSequences, request.stopSequences);
  set(span, names.encodingFormats, request.encodingFormats);
  set(span, names.outputType, request.outputType);
  set(span, names.reasoningLevel, request.reasoningLevel);
  set(span, names.previousResponseId, request.previousResponseId);
  set(span, names.openaiApiType, request.openaiApiType);
}

function set(span: Span, name: string, value: AttributeValue): void {
  if (value !== undefined && value !== null) span.setAttribute(name, value);
}

interface Server {
  readonly address: string;
  readonly port: number | undefined;
}

const servers = new Map<string, Server | undefined>();
const rememberedServers = 100;

/** Parsed once per base URL: an app talks to few, and parsing costs as much as the rest of a span's start. */
function serverOf(baseUrl: string): Server | undefined {
  if (servers.has(baseUrl)) return servers.get(baseUrl);
  const url = URL.parse(baseUrl);
  const server = url
    ? { address: url.hostname, port: Number(url.port) || (url.protocol === "https:" ? 443 : 80) }
    : undefined;
  if (servers.size >= rememberedServers) servers.clear();
  servers.set(baseUrl, server);
  return server;
}
