import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A receiver that takes its time: every request is passed on, and answered, `delayMillis` later. */
export const startSlowProxy = async (target: string, delayMillis: number): Promise<{ url: string; stop(): void }> => {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = "/" } = incoming;
    const body: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => body.push(chunk));
    incoming.on("end", () => {
      setTimeout(() => {
        const onward = request(new URL(url, target), { method, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        });
        onward.on("error", () => outgoing.destroy());
        onward.end(Buffer.concat(body));
      }, delayMillis);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
};
