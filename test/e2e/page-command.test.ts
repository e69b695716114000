import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@tokenledger/clickhouse";
import { startReceiver, startStore, type Store } from "@tokenledger/local";
import { afterAll, beforeAll, expect, test } from "vitest";
import { interrupt, startCommand } from "./cli-process.ts";
import { calls, post, token } from "./collector-rig.ts";

const scratch = mkdtempSync(join(tmpdir(), "tokenledger-page-command-"));
let store: Store;

beforeAll(async () => {
  store = await startStore({ directory: join(scratch, "server") });
  await migrate(store.target);
  const receiver = await startReceiver({ target: store.target, token, port: 0 });
  const status = await post(receiver, calls(0, 7));
  if (status !== 200) throw new Error(`the receiver answered ${status}`);
  await receiver.stop();
});
afterAll(async () => {
  await store?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

test("the page shows the ledger of a server to whoever has the key, and leaves it running", async () => {
  const address = new URL(store.url);
  Object.assign(address, { username: store.username, password: store.password, pathname: store.database });
  // A home that nothing has used yet.
  const home = join(scratch, "home");
  const page = await startCommand(home, ["page", "--clickhouse", address.href, "--page-port", "0"]);
  const { origin, hash } = new URL(page.said["page"] ?? "");
  const question = `${origin}/api/views/ledger_total?from=1970-01-01&to=2100-01-01`;
  const key = hash.replace("#key=", "");
  const answer = await fetch(question, { headers: { Authorization: `Bearer ${key}` } });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('"7"')]);
  expect((await fetch(question)).status).toBe(401);
  expect((await fetch(origin)).headers.get("content-type")).toContain("text/html");
  expect(await interrupt(page.child)).toBe(0);
  const kept = await store.client.query({ query: "SELECT count() AS calls FROM llm_calls", format: "JSONEachRow" });
  expect(await kept.json()).toEqual([{ calls: 7 }]);
});
