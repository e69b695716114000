import { createServer, type ServerResponse } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { connect } from "./connect.ts";
import { closeServer, listenOnLoopback, loopbackUrl } from "./loopback-server.ts";

/** A database that answers when it is told to. */
async function startDatabase(): Promise<{ url: string; asked: () => Promise<ServerResponse> }> {
  const asked: ServerResponse[] = [];
  let tell = (): void => undefined;
  const server = createServer((request, response) => {
    request.resume();
    asked.push(response);
    tell();
  });
  const url = loopbackUrl("127.0.0.1", await listenOnLoopback(server, "127.0.0.1", 0, "--port"));
  onTestFinished(() => closeServer(server));
  const next = async (): Promise<ServerResponse> => {
    while (asked.length === 0) await new Promise<void>((resolve) => (tell = resolve));
    return asked.shift() as ServerResponse;
  };
  return { url, asked: next };
}

test("a query that is given up before it is sent ends no other query", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const database = await startDatabase();
  const client = connect({ url: database.url, username: "reader", password: "", database: "tokenledger" });
  onTestFinished(() => client.close());
  const ask = async (signal?: AbortSignal): Promise<string> => {
    const asking = client.query({ query: "SELECT 1", ...(signal && { abort_signal: signal }) });
    const [answer] = await Promise.all([asking, vi.advanceTimersByTimeAsync(1)]);
    return answer.text();
  };
  const first = ask();
  (await database.asked()).end("first");
  expect(await first).toBe("first");
  const control = new AbortController();
  const given = ask(control.signal);
  control.abort();
  await expect(given).rejects.toThrow(/abort/i);
  const last = ask();
  const answer = await database.asked();
  await vi.advanceTimersByTimeAsync(60_000);
  answer.end("last");
  expect(await last).toBe("last");
});
