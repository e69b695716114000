import { join } from "node:path";
import { expect, test } from "vitest";
import { billedCall, protobufOf } from "../otlp/spans.fixture.ts";
import { smallDisk } from "../small-disk.fixture.ts";
import { landed, startLedgerStore } from "../store.fixture.ts";
import { post, token } from "./post.fixture.ts";
import { startReceiver } from "./receiver.ts";

test("a full disk is told to senders as a fault that passes, and nothing is lost when it has passed", async () => {
  const disk = smallDisk(48);
  if (disk === undefined) return;
  const store = await startLedgerStore(join(disk.path, "ledger"));
  const receiver = await startReceiver({ target: store.target, token });
  try {
    disk.fill();
    const spans = Array.from({ length: 200 }, () => billedCall({ name: Math.random().toString(36).repeat(300) }));
    const refused = await post(receiver, protobufOf(spans));
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "2"]);
    expect(refused.body.toString()).toContain("disk of the ledger is full");
    disk.free();
    expect((await post(receiver, protobufOf(spans))).status).toBe(200);
    expect((await landed(store.target)).billed).toEqual(spans.map((span) => span.spanContext().spanId).toSorted());
    expect(receiver.statistics()).toMatchObject({ received: 400, stored: 200, deferred: 200, held: 0 });
  } finally {
    await receiver.stop();
    await store.stop();
    disk.remove();
  }
});
