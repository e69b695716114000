import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a provider answers to one HTTP request. */
export interface Exchange {
  /** 200 unless said otherwise. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A whole body; objects are sent as JSON. */
  readonly body?: unknown;
  /** Server-sent events in its place, each as it goes over the wire without the blank line after it. */
  readonly events?: readonly string[];
  /** `cut`: the socket breaks after the events. `hang`: the body never ends. */
  readonly ending?: "cut" | "hang";
}

/** A request that reached the server. */
export interface RecordedRequest {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

/** An exchange, or how to choose one once the request is known. */
export type Answer = Exchange | ((request: RecordedRequest) => Exchange);

/** A provider's HTTP endpoint on loopback that says what it was told to say. */
export interface ReplayServer {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Answers the next requests in this order; the last answer repeats. Forgets earlier requests. */
  answer(...answers: Answer[]): void;
  stop(): Promise<void>;
}

export async function startReplayServer(): Promise<ReplayServer> {
  let answers: Answer[] = [];
  let requests: RecordedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void readRequest(incoming).then((request) => {
      requests.push(request);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      return respond(outgoing, (typeof next === "function" ? next(request) : next) ?? nothingToSay);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    answer(...next) {
      answers = next;
      requests = [];
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const nothingToSay: Exchange = { status: 500, body: { error: { message: "the test told the server no answer" } } };

async function readRequest(incoming: IncomingMessage): Promise<RecordedRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString();
  return { url: incoming.url ?? "", headers: incoming.headers, body: text === "" ? undefined : JSON.parse(text) };
}

async function respond(outgoing: ServerResponse, exchange: Exchange): Promise<void> {
  const { status = 200, headers, body, events, ending } = exchange;
  outgoing.on("error", () => outgoing.destroy());
  outgoing.writeHead(status, {
    "content-type": events ? "text/event-stream" : "application/json",
    "request-id": "req_replay",
    "x-request-id": "req_replay",
    ...headers,
  });
  if (!events) {
    outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
    return;
  }
  for (const event of events) await write(outgoing, `${event}\n\n`);
  if (ending === "cut") outgoing.destroy();
  else if (ending !== "hang") outgoing.end();
}

/** One write per event, so that chunks arrive one by one as they would. */
function write(outgoing: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => {
    outgoing.write(text, () => setImmediate(resolve));
  });
}
