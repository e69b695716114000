import { expect, it } from "vitest";
import { resetGuard } from "../guard.ts";
import { type Suite, suppressed } from "./adapter-suite.ts";
import { collectGarbageUntil } from "./garbage.ts";
import { withAgent } from "../structure.ts";
import { readAll, seenBy } from "./observable.ts";
import { type CallUnderTest, streamOf } from "./scenario.ts";

/** What cannot be compared with a run on the untouched SDK: switches, company, and failures of our own. */
export function describeSwitches<Client>(suite: Suite<Client>, call: CallUnderTest<Client>): void {
  const plain = (): Promise<unknown> => {
    suite.server.answer(call.answer);
    suite.collector.reset();
    return seenBy(async () => await call.make(suite.bench(call).client(), call.params));
  };

  it("is silent while disabled, and looks the same", async () => {
    const seen = await plain();
    suite.module.disable();
    try {
      expect(await plain()).toEqual(seen);
      // An SDK that traces itself does so again.
      expect(suite.collector.calls()).toEqual([]);
    } finally {
      suite.module.enable();
    }
    await plain();
    expect(suite.collector.calls()).toHaveLength(1);
  });

  it("is silent while tracing is suppressed", async () => {
    await suppressed(plain);
    expect(suite.collector.spans()).toEqual([]);
  });

  it("bills the call although every mapper throws", async () => {
    const seen = await plain();
    suite.sabotage.on = true;
    try {
      expect(await plain()).toEqual(seen);
      expect(suite.collector.calls()).toMatchObject([{ "tokenledger.call.outcome": "completed" }]);
    } finally {
      suite.sabotage.on = false;
      resetGuard();
    }
  });

  it("leaves other instrumentations in the chain, patched before and after", async () => {
    const before = suite.others.map((other) => other.calls());
    await plain();
    expect(suite.others.map((other, index) => other.calls() - (before[index] ?? 0))).toEqual([1, 1]);
    expect(suite.collector.calls()).toHaveLength(1);
  });
}

/** Promises of a Stainless SDK that nobody awaits. */
export function describeUnawaited<Client>(suite: Suite<Client>, call: CallUnderTest<Client>): void {
  it("ends the span of a promise that nobody awaits, once it is collected", async () => {
    suite.server.answer(call.answer);
    suite.collector.reset();
    start(suite, call, call.params);
    await collectGarbageUntil(() => suite.collector.calls().length > 0);
    expect(suite.collector.calls()).toMatchObject([{ "tokenledger.call.outcome": "abandoned" }]);
  });

  it("leaves the rejection of a promise that nobody awaits unhandled", async () => {
    suite.server.answer({ status: 400, body: { error: { message: "no" } } });
    const unhandled = await nextUnhandledRejection(() => start(suite, call, call.params));
    expect(unhandled).toMatchObject({ status: 400 });
    // Its span ends with the promise; the next test must not find it open.
    await collectGarbageUntil(() => suite.collector.open() === 0);
  });
}

/** Calls whose promise or stream an agent returns as it is: two observers, one body. */
export function describeHandedOn<Client>(suite: Suite<Client>, call: CallUnderTest<Client>): void {
  it("looks the same where an agent hands its promise on, and ends the agent with it", async () => {
    for (const outcome of [call.answer, { status: 400, body: { error: { message: "no" } } }]) {
      const seen = async (make: () => unknown): Promise<unknown> => {
        suite.server.answer(outcome);
        suite.collector.reset();
        return seenBy(async () => await make());
      };
      const make = (): unknown => call.make(suite.bench(call).client(), call.params);
      const alone = await seen(make);
      expect(await seen(() => withAgent("outer", () => withAgent("inner", make)))).toEqual(alone);
      const spans = suite.collector.spans().map(({ name }) => name);
      expect(spans.slice(-2).toSorted()).toEqual(["invoke_agent inner", "invoke_agent outer"]);
      expect([spans.length, suite.collector.calls().length, suite.collector.open()]).toEqual([3, 1, 0]);
    }
  });

  const { stream } = call;
  if (stream === undefined) return;
  it("reads the same where an agent hands its stream on, and ends the agent with it", async () => {
    suite.server.answer(stream.answer);
    suite.collector.reset();
    const handedOn = await withAgent("outer", () => call.make(suite.bench(call).client(), stream.params));
    // A stream, because the parameters ask for one.
    await readAll(handedOn as AsyncIterable<unknown>);
    expect(suite.collector.calls()).toMatchObject([stream.expected]);
    expect([suite.collector.spans().length, suite.collector.open()]).toEqual([2, 0]);
  });
}

/** Streams that nobody reads. */
export function describeUnread<Client>(suite: Suite<Client>, call: CallUnderTest<Client>): void {
  it("ends the span of a stream that nobody reads, once it is collected", async () => {
    suite.collector.reset();
    await openUnread(suite, call);
    const streamed = (): object[] => suite.collector.calls().filter((span) => span["gen_ai.request.stream"] === true);
    await collectGarbageUntil(() => streamed().length > 0);
    expect(streamed()).toMatchObject([{ "tokenledger.call.outcome": "abandoned" }]);
  });
}

/** In a function of its own, so that no variable keeps the promise alive. */
function start<Client>(suite: Suite<Client>, call: CallUnderTest<Client>, params: object): void {
  call.make(suite.bench(call).client(), params);
}

async function openUnread<Client>(suite: Suite<Client>, call: CallUnderTest<Client>): Promise<void> {
  const stream = streamOf(call);
  suite.server.answer(stream.answer);
  await call.make(suite.bench(call).client(), stream.params);
}

/** Stands in for the test runner's own listeners, which would fail the run. */
async function nextUnhandledRejection(run: () => void): Promise<unknown> {
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  try {
    return await new Promise((resolve) => {
      process.once("unhandledRejection", resolve);
      run();
    });
  } finally {
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
}
