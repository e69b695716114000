import { observable, readAll, seenBy } from "./observable.ts";
import { type Answer, type Exchange } from "./replay-server.ts";
import { type Bench, type Scenario, streamOf } from "./scenario.ts";

/** A stream of a Stainless SDK, as a program uses it. */
interface SdkStream extends AsyncIterable<unknown> {
  controller: AbortController;
  tee(): [SdkStream, SdkStream];
  toReadableStream(): ReadableStream<Uint8Array>;
}

/** Answers with what the provider streams, changed by the scenario, and opens the stream. */
async function open<Client>(
  { call, server, client }: Bench<Client>,
  change: (answer: Exchange) => Exchange = (answer) => answer,
): Promise<SdkStream> {
  const stream = streamOf(call);
  const answer: Answer = (request) =>
    change(typeof stream.answer === "function" ? stream.answer(request) : stream.answer);
  server.answer(answer);
  // A stream, because the parameters ask for one.
  return (await call.make(client(), stream.params)) as SdkStream;
}

/** Of two events, not of a share: an answer may be longer where we ask for usage. */
const beginning = ({ events = [], ...rest }: Exchange): Exchange => ({ ...rest, events: events.slice(0, 2) });

const cancelled = { "tokenledger.call.outcome": "cancelled" };
const failed = { "tokenledger.call.outcome": "failed" };

/** Endings of a stream that any SDK can have. */
const anyStream: readonly Scenario[] = [
  {
    name: "a stream read to its end",
    usage: "stream",
    expected: { "tokenledger.call.outcome": "completed", "tokenledger.usage.source": "reported" },
    run: (bench) => seenBy(async () => await readAll(await open(bench))),
  },
  {
    name: "a stream left by an early break",
    expected: cancelled,
    run: (bench) => seenBy(async () => await readAll(await open(bench), (count) => count === 1)),
  },
  {
    name: "a stream whose socket breaks",
    expected: failed,
    run: (bench) =>
      seenBy(async () => await readAll(await open(bench, (answer) => ({ ...beginning(answer), ending: "cut" })))),
  },
  {
    name: "an error event in mid-stream",
    expected: failed,
    run: (bench) => {
      const { error } = streamOf(bench.call);
      const broken = (answer: Exchange): Exchange => {
        const begun = beginning(answer);
        return { ...begun, events: [...(begun.events ?? []), error] };
      };
      return seenBy(async () => await readAll(await open(bench, broken)));
    },
  },
  {
    name: "a chunk that the adapter has never seen",
    usage: "stream",
    run: (bench) => {
      const { odd } = streamOf(bench.call);
      const strange = ({ events = [], ...rest }: Exchange): Exchange => {
        return { ...rest, events: events.toSpliced(2, 0, odd) };
      };
      return seenBy(async () => await readAll(await open(bench, strange)));
    },
  },
  {
    name: "an iterator driven by hand and closed early",
    expected: cancelled,
    run: (bench) =>
      seenBy(async () => {
        const iterator = (await open(bench))[Symbol.asyncIterator]();
        const first = await iterator.next();
        const closed = await iterator.return?.("because");
        return { first, closed, after: await iterator.next() };
      }),
  },
  {
    name: "an HTTP error in place of a stream",
    expected: { ...failed, "http.response.status_code": 400 },
    run: (bench) => seenBy(async () => await open(bench, () => ({ status: 400, body: { error: { message: "no" } } }))),
  },
];

/** What the stream object of a Stainless SDK offers. */
const stainlessStream: readonly Scenario[] = [
  {
    name: "the stream is the SDK's own",
    usage: "stream",
    run: (bench) =>
      seenBy(async () => {
        const stream = await open(bench);
        const look = { type: stream.constructor.name, keys: Object.keys(stream).sort() };
        return { look, read: await readAll(stream) };
      }),
  },
  {
    name: "tee(), both read",
    usage: "stream",
    run: (bench) =>
      seenBy(async () => {
        const [left, right] = (await open(bench)).tee();
        return [await readAll(left), await readAll(right)];
      }),
  },
  {
    name: "toReadableStream()",
    usage: "stream",
    run: (bench) => seenBy(async () => await new Response((await open(bench)).toReadableStream()).text()),
  },
  {
    name: "controller.abort() while reading",
    expected: cancelled,
    run: (bench) =>
      seenBy(async () => {
        const stream = await open(bench, (answer) => ({ ...beginning(answer), ending: "hang" }));
        const read = await readAll(stream, () => {
          stream.controller.abort();
          return false;
        });
        return { read, aborted: stream.controller.signal.aborted };
      }),
  },
  {
    name: "a stream read a second time",
    usage: "stream",
    run: (bench) =>
      seenBy(async () => {
        const stream = await open(bench);
        const first = await readAll(stream);
        return { first, second: observable(await readAll(stream)) };
      }),
  },
  {
    name: "a request for usage that the user does not see",
    usage: "stream",
    run: async (bench) => {
      const params = streamOf(bench.call).params;
      const before = JSON.stringify(params);
      const seen = await seenBy(async () => await readAll(await open(bench)));
      return { seen, unchanged: JSON.stringify(params) === before };
    },
  },
];

export const streamScenarios: readonly Scenario[] = [
  ...anyStream.map((scenario) => ({ ...scenario, streams: true as const })),
  ...stainlessStream.map((scenario) => ({ ...scenario, streams: true as const, stainless: true as const })),
];
