import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Interaction } from "./interaction.ts";

/** A loopback server that answers every request with the bytes of the current recording. */
export interface ReplayServer {
  /** For the SDK's `fetch` option: same request, sent to this server, so that the SDK keeps the real host. */
  readonly fetch: typeof fetch;
  /** Requests since the last call of {@link ReplayServer.serve}. */
  requests(): number;
  serve(interaction: Interaction): void;
  stop(): Promise<void>;
}

export async function startReplayServer(): Promise<ReplayServer> {
  let current: Interaction | undefined;
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      requests += 1;
      if (!current) return response.writeHead(503).end();
      return response.writeHead(current.response.status, headers(current)).end(bytes(current));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    fetch: (input, init) => {
      const { pathname, search } = new URL(input instanceof Request ? input.url : input);
      return fetch(`http://127.0.0.1:${port}${pathname}${search}`, init);
    },
    requests: () => requests,
    serve: (interaction) => {
      current = interaction;
      requests = 0;
    },
    stop: () => stop(server),
  };
}

/** Recordings keep few headers; without a type the SDK would take JSON for text. */
function headers({ streaming, response }: Interaction): Record<string, string> {
  const kept = Object.entries(response.headers ?? {}).filter(([name]) => !framing.has(name.toLowerCase()));
  const type = streaming ? "text/event-stream" : "application/json";
  return { "content-type": type, ...Object.fromEntries(kept.map(([name, value]) => [name.toLowerCase(), value])) };
}

/** These describe the bytes on the recorded wire, which are decoded in the recording. */
const framing = new Set(["content-length", "content-encoding", "transfer-encoding", "connection"]);

const bytes = ({ response }: Interaction): Buffer => Buffer.from(response.body, response.body_encoding ?? "utf8");

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
