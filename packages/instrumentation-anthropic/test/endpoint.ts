import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly stream?: boolean; readonly messages?: readonly { role: string; content: unknown }[] };
}

export type Answer = (response: ServerResponse, request: Received) => void;

/** A Messages API on loopback that answers as told; the only thing in these tests that is not real. */
export interface Endpoint {
  readonly url: string;
  readonly received: Received[];
  /** Answers the next requests, one each; after them, and by default, with a short message. */
  next(...answers: Answer[]): void;
  close(): Promise<void>;
}

export async function startEndpoint(): Promise<Endpoint> {
  const received: Received[] = [];
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const text = Buffer.concat(parts).toString();
      const body = (text === "" ? {} : JSON.parse(text)) as Received["body"];
      const arrived = { path: request.url ?? "", headers: request.headers, body };
      received.push(arrived);
      (answers.shift() ?? message())(response, arrived);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    next: (...more) => void answers.push(...more),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export const json =
  (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };

export const failure = (status: number, type: string, headers: Record<string, string> = {}): Answer =>
  json(status, { type: "error", error: { type, message: type } }, headers);

/** Counts of every answer; what was read from and written to the cache adds up to 3210. */
const usage = {
  input_tokens: 10,
  cache_creation_input_tokens: 200,
  cache_read_input_tokens: 3000,
  cache_creation: { ephemeral_5m_input_tokens: 150, ephemeral_1h_input_tokens: 50 },
  output_tokens: 7,
  service_tier: "standard",
};

let messages = 0;

/** Answers with one message, as a stream where the request asks for one. */
export const message =
  (content: object[] = [{ type: "text", text: "hi" }], stop_reason = "end_turn", counts: object = usage): Answer =>
  (response, { body }) => {
    messages += 1;
    const whole = {
      id: `msg_${messages}`,
      type: "message",
      role: "assistant",
      model: "claude-sonnet-5",
      content,
      stop_reason,
      stop_sequence: null,
      usage: counts,
    };
    if (body.stream === true) events(eventsOf(whole))(response, { path: "", headers: {}, body });
    else json(200, whole)(response, { path: "", headers: {}, body });
  };

export const toolUse = (id: string, name: string, input: object = {}): Answer =>
  message([{ type: "tool_use", id, name, input }], "tool_use");

/** Answers with these events; unless told to end, the connection stays open. */
export const events =
  (sent: readonly StreamEvent[], end = true): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of sent) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (end) response.end();
  };

export interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The first event knows the input and has placeholders for the rest. */
export const start = (whole: object = { id: "msg_cut", model: "claude-sonnet-5" }): StreamEvent => ({
  type: "message_start",
  message: {
    type: "message",
    role: "assistant",
    stop_sequence: null,
    ...whole,
    content: [],
    stop_reason: null,
    usage: { ...usage, output_tokens: 1 },
  },
});

interface Whole {
  readonly content: readonly object[];
  readonly stop_reason: string;
  readonly usage: object;
}

function eventsOf(whole: Whole): StreamEvent[] {
  return [
    start(whole),
    ...whole.content.flatMap((block, index) => blockEvents(block as Record<string, unknown>, index)),
    { type: "message_delta", delta: { stop_reason: whole.stop_reason, stop_sequence: null }, usage: whole.usage },
    { type: "message_stop" },
  ];
}

function blockEvents(block: Record<string, unknown>, index: number): StreamEvent[] {
  const empty = block["type"] === "text" ? { ...block, text: "" } : { ...block, input: {} };
  const delta =
    block["type"] === "text"
      ? { type: "text_delta", text: block["text"] }
      : { type: "input_json_delta", partial_json: JSON.stringify(block["input"]) };
  return [
    { type: "content_block_start", index, content_block: empty },
    { type: "content_block_delta", index, delta },
    { type: "content_block_stop", index },
  ];
}
