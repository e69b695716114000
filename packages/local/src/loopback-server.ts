import type { Server } from "node:http";
import { isIPv4 } from "node:net";
import { LocalFault, systemCode } from "./fault.ts";

const headersTimeoutMs = 10_000;
const requestTimeoutMs = 60_000;
const keepAliveMs = 60_000;
const maxConnections = 512;

/**
 * Lets a server answer on a loopback address, with bounds on slow and many clients.
 *
 * @param port 0 takes a free one.
 * @param option How the user chooses another one.
 * @returns the port
 * @throws LocalFault `not_loopback`, `port_in_use`
 */
export const listenOnLoopback = async (
  server: Server,
  host: string,
  port: number,
  option = "--port",
): Promise<number> => {
  if (!(isIPv4(host) && host.startsWith("127.")) && host !== "::1") {
    throw new LocalFault(
      "not_loopback",
      `Tokenledger itself does not listen on ${host}: it has no TLS. Put an OpenTelemetry Collector or a proxy there instead`,
    );
  }
  server.headersTimeout = headersTimeoutMs;
  server.requestTimeout = requestTimeoutMs;
  server.keepAliveTimeout = keepAliveMs;
  server.maxConnections = maxConnections;
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    else socket.destroy();
  });
  return new Promise((settle, fail) => {
    server.once("error", (error) => {
      const taken = systemCode(error) === "EADDRINUSE";
      const message = `Port ${port} is in use by another program, perhaps a Collector; choose another one (${option}), or 0 for any`;
      fail(taken ? new LocalFault("port_in_use", message, { cause: error }) : error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      settle(typeof address === "object" && address !== null ? address.port : port);
    });
  });
};

export const loopbackUrl = (host: string, port: number): string => `http://${host === "::1" ? "[::1]" : host}:${port}`;

/** Takes no more requests, lets what was taken be finished, and closes; who is slower than a second is cut off. */
export const closeServer = async (server: Server, finish: () => Promise<unknown> = async () => {}): Promise<void> => {
  const closed = new Promise<void>((settle) => server.close(() => settle()));
  server.closeIdleConnections();
  await finish();
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), 1_000);
  await closed;
  clearTimeout(deadline);
};
