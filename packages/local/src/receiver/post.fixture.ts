import { request } from "node:http";
import { connect } from "node:net";
import type { Receiver } from "./receiver.ts";

export const token = "test-token";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Sends a request as it is said, without a client's own ideas about headers. */
export const send = (
  { port }: Pick<Receiver, "port">,
  parts: { method?: string; path?: string; headers?: Record<string, string | string[]>; body?: Buffer | string },
): Promise<Answer> =>
  new Promise((settle, fail) => {
    const outgoing = request(
      {
        port,
        host: "127.0.0.1",
        method: parts.method ?? "POST",
        path: parts.path ?? "/v1/traces",
        headers: parts.headers ?? {},
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          settle({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        });
        response.on("error", fail);
      },
    );
    outgoing.on("error", fail);
    outgoing.end(parts.body);
  });

/** Posts spans as an exporter does. */
export const post = (
  receiver: Pick<Receiver, "port">,
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  send(receiver, {
    body,
    headers: { "Content-Type": "application/x-protobuf", Authorization: `Bearer ${token}`, ...headers },
  });

/** Sends bytes as they are and returns what comes back until the connection ends. */
export const sendRaw = ({ port }: Pick<Receiver, "port">, bytes: string): Promise<string> =>
  new Promise((settle) => {
    const socket = connect(port, "127.0.0.1", () => socket.end(bytes));
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => settle(answer));
    socket.on("close", () => settle(answer));
  });
