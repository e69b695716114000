import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A port that passes connections on to another one, until it is closed. */
export interface Relay {
  readonly port: number;
  /** Refuses connections, and ends those there are. */
  close(): Promise<void>;
}

/**
 * Passes connections on, and ends them in good order however they end on the other side.
 *
 * The embedded engine ends with a fatal error where a connection of another server is reset, as it is when that server
 * is killed, or gives up a query or an insert half way. A server proper closes that one connection.
 *
 * @param port where it listens; 0: where there is room
 */
export async function startRelay(target: number, port = 0): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (incoming) => {
    const outgoing = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true });
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from.setNoDelay());
      from.pipe(to);
      from.on("error", () => to.end());
      from.on("close", () => sockets.delete(from) && to.end());
    }
  });
  await once(server.listen(port, "127.0.0.1"), "listening");
  return { port: portOf(server), close: () => end(server, sockets) };
}

async function end(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets) socket.end();
  for (const socket of sockets) socket.destroySoon();
  await closed;
}

/** The port that a server was given. */
function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("a server that listens has a port");
  return address.port;
}
