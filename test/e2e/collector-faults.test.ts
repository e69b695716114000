import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@tokenledger/clickhouse";
import { type CollectorProcess, startStore, type Store } from "@tokenledger/local";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { billedIds, calls, collect, counter, idsOf, isBuilt, post, select, type WireSpan } from "./collector-rig.ts";

const scratch = mkdtempSync(join(tmpdir(), "tokenledger-collector-faults-"));
let store: Store;
let collector: CollectorProcess;
let queue: string;
let next = 0;

const startStoreAgain = async (): Promise<void> => {
  const { url, identity } = store;
  store = await startStore({ directory: join(scratch, "store"), httpPort: Number(new URL(url).port), identity });
};
/** Sends `count` requests of `size` spans, and returns the spans that were acknowledged. */
const deliver = async (count: number, size: number): Promise<{ taken: WireSpan[]; answers: Set<number> }> => {
  const taken: WireSpan[] = [];
  const answers = new Set<number>();
  for (let request = 0; request < count; request += 1) {
    const spans = calls(next, size);
    next += size;
    const status = await post(collector, spans);
    answers.add(status);
    if (status === 200) taken.push(...spans);
  }
  return { taken, answers };
};
const billedOf = async (spans: readonly WireSpan[]): Promise<string[]> => {
  const wanted = new Set(idsOf(spans));
  return (await billedIds(store.target)).filter((id) => wanted.has(id));
};
/** Waits until every one of these spans is billed, and holds that none of them is twice. */
const expectAllOnce = async (spans: readonly WireSpan[]): Promise<void> => {
  const wanted = idsOf(spans);
  await vi.waitFor(async () => expect((await billedOf(spans)).length).toBeGreaterThanOrEqual(wanted.length), {
    timeout: 150_000,
    interval: 200,
  });
  expect(await billedOf(spans)).toEqual(wanted);
};

describe.skipIf(!isBuilt())("what a collector acknowledged is in the ledger once", { timeout: 240_000 }, () => {
  beforeAll(async () => {
    store = await startStore({ directory: join(scratch, "store") });
    await migrate(store.target);
  });
  afterAll(async () => {
    await store?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });
  beforeEach(async ({ task }) => {
    queue = join(scratch, `queue-${task.id}`);
    collector = await collect(store, queue);
  });
  afterEach(() => collector.stop());

  // Small batches leave spans everywhere at once: on their way, waiting for a sender, in a batch and in the queue.
  const smallBatches = { COLLECTOR_BATCH_SPANS: "100", COLLECTOR_BATCH_SPANS_MAX: "200" };
  test.each([
    ["stop", "all in one batch", {}],
    ["kill", "all in one batch", {}],
    ["stop", "small batches", smallBatches],
    ["kill", "small batches", smallBatches],
  ] as const)("after a %s with spans queued while the store is down, %s", async (ending, _what, settings) => {
    await collector.stop();
    collector = await collect(store, queue, { settings });
    await store.stop();
    const { taken, answers } = await deliver(60, 25);
    expect(answers).toEqual(new Set([200]));
    await collector[ending]();
    collector = await collect(store, queue, { settings });
    await startStoreAgain();
    await expectAllOnce(taken);
  });

  test("after three kills under load, the last while the store is back", async () => {
    await store.stop();
    const taken: WireSpan[] = [];
    for (const rounds of [15, 15, 15]) {
      taken.push(...(await deliver(rounds, 20)).taken);
      await collector.kill();
      collector = await collect(store, queue);
    }
    await startStoreAgain();
    taken.push(...(await deliver(5, 20)).taken);
    await collector.kill();
    collector = await collect(store, queue);
    expect(taken).toHaveLength(1_000);
    await expectAllOnce(taken);
  });

  test("when the store is stopped and started under load", async () => {
    const { taken } = await deliver(20, 20);
    const stopping = store.stop();
    taken.push(...(await deliver(20, 20)).taken);
    await stopping;
    taken.push(...(await deliver(20, 20)).taken);
    await startStoreAgain();
    taken.push(...(await deliver(20, 20)).taken);
    expect(taken).toHaveLength(1_600);
    await expectAllOnce(taken);
  });

  test("when the same batch is delivered five times and in pieces", async () => {
    const spans = calls(next, 50);
    next += 50;
    for (let copy = 0; copy < 5; copy += 1) await post(collector, spans.toReversed());
    for (const span of spans.slice(0, 10)) await post(collector, [span]);
    await expectAllOnce(spans);
    const landed = (): Promise<{ rows: string }[]> =>
      select(store.target, `SELECT toString(count()) AS rows FROM otel_traces WHERE SpanId IN (${quoted(spans)})`);
    await vi.waitFor(async () => expect(await landed()).toEqual([{ rows: "260" }]), { timeout: 20_000 });
    await expectAllOnce(spans);
  });

  test("when the queue was full: the sender is told to wait, and is counted", async () => {
    await collector.stop();
    collector = await collect(store, queue, { settings: { COLLECTOR_QUEUE_BYTES: "60000" } });
    await store.stop();
    const { taken, answers } = await deliver(60, 10);
    expect(answers).toEqual(new Set([200, 503]));
    expect(taken.length).toBeLessThan(600);
    expect(await counter(collector, "otelcol_exporter_enqueue_failed_spans")).toBe(600 - taken.length);
    await startStoreAgain();
    await expectAllOnce(taken);
    await vi.waitFor(async () => expect((await deliver(1, 10)).answers).toEqual(new Set([200])), { timeout: 20_000 });
  });

  test("its queue is closed to other users of the machine", async () => {
    await deliver(1, 1);
    expect(statSync(queue).mode & 0o777).toBe(0o700);
    // Beside the queue there is its copy for a moment, while it is made smaller.
    expect(new Set(readdirSync(queue).map((file) => statSync(join(queue, file)).mode & 0o077))).toEqual(new Set([0]));
  });
});

const quoted = (spans: readonly WireSpan[]): string => spans.map(({ spanId }) => `'${spanId}'`).join(", ");
