import { piecesOf, type Dialect, type Exchange, type Reply, type StreamEvent } from "./dialect.ts";
import { lastTurns, tokensOf, type Turn } from "./prompt.ts";

interface Part {
  text?: string;
  functionCall?: { name: string; args: unknown };
  functionResponse?: { name: string; response: unknown };
}

interface Content {
  role?: string;
  parts?: readonly Part[];
}

interface GeminiBody {
  contents: readonly Content[];
  systemInstruction?: Content;
  tools?: readonly { functionDeclarations?: readonly { name: string }[] }[];
}

const failure: Dialect["failure"] = ({ status, message, type }) => ({
  error: { code: status, message: message ?? "The double refuses.", status: type ?? "UNAVAILABLE" },
});

/** The paths of Google's Gemini API name the model and whether the answer is a stream. */
export function geminiRoute(path: string): Dialect | undefined {
  const { model, method } =
    /^\/v1beta\/models\/(?<model>[^/:]+):(?<method>generateContent|streamGenerateContent)$/.exec(path)?.groups ?? {};
  if (model === undefined) return undefined;
  return {
    provider: "gcp.gemini",
    api: "generate_content",
    failure,
    failureEvent: () => ({ data: JSON.stringify(failure({ status: 503 }, "")), produced: 0 }),
    open: (text) => open(JSON.parse(text), decodeURIComponent(model), method === "streamGenerateContent"),
  };
}

function open(body: GeminiBody, model: string, stream: boolean): Exchange {
  const system = textOf(body.systemInstruction);
  const tools = (body.tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []);
  const segments = [
    ...tools.map((tool) => ({ text: JSON.stringify(tool) })),
    { text: system },
    ...body.contents.map((content) => ({ text: textOf(content) })),
  ];
  return {
    body,
    model,
    stream,
    prompt: { segments, system, ...lastTurns(body.contents.map(turnOf)), tools: tools.map(({ name }) => name) },
    serviceTier: "standard",
    complete: (reply) => chunk(reply, partsOf(reply), true),
    events: (reply) => events(reply),
  };
}

const textOf = (content: Content | undefined): string =>
  (content?.parts ?? [])
    .map(({ text, functionCall, functionResponse }) => text ?? JSON.stringify(functionCall ?? functionResponse ?? {}))
    .join("\n");

const turnOf = (content: Content): Turn => {
  const tool = content.parts?.find((part) => part.functionResponse !== undefined)?.functionResponse?.name;
  if (tool !== undefined) return { from: "tool", text: textOf(content), tool };
  return { from: content.role === "model" ? "model" : "user", text: textOf(content) };
};

const partsOf = ({ text, toolCalls }: Reply): Part[] => [
  ...(text === "" ? [] : [{ text }]),
  ...toolCalls.map(({ name, arguments: args }) => ({ functionCall: { name, args: JSON.parse(args) as unknown } })),
];

/** Candidates leave the thoughts out; the prompt includes what was cached. */
const usageOf = ({ usage }: Reply): object => ({
  promptTokenCount: usage.input,
  ...(usage.cacheRead > 0 && { cachedContentTokenCount: usage.cacheRead }),
  candidatesTokenCount: usage.output - usage.reasoning,
  ...(usage.reasoning > 0 && { thoughtsTokenCount: usage.reasoning }),
  totalTokenCount: usage.input + usage.output,
});

const chunk = (reply: Reply, parts: readonly Part[], isLast: boolean): object => ({
  candidates: [{ content: { role: "model", parts }, index: 0, ...(isLast && { finishReason: "STOP" }) }],
  ...(isLast && { usageMetadata: usageOf(reply) }),
  modelVersion: reply.model,
  responseId: reply.id,
});

function events(reply: Reply): StreamEvent[] {
  let produced = reply.usage.reasoning;
  const pieces = piecesOf(reply.text).map((text) => {
    produced += tokensOf(text);
    return { data: JSON.stringify(chunk(reply, [{ text }], false)), produced };
  });
  const last = chunk(reply, partsOf({ ...reply, text: "" }), true);
  return [...pieces, { data: JSON.stringify(last), produced: reply.usage.output }];
}
