import { observable, readAll, seenBy } from "./observable.ts";
import { type Bench, type Scenario, streamOf } from "./scenario.ts";

/** The lazy promise of Stainless SDKs, as a program uses it. */
interface ApiPromise extends Promise<unknown> {
  withResponse(): Promise<{ data: unknown; response: Response }>;
  asResponse(): Promise<Response>;
}

// The suite knows the SDK only as an object with these methods.
const start = <Client>({ call, client }: Bench<Client>, params: object = call.params): ApiPromise =>
  call.make(client(), params) as ApiPromise;

/** What a Stainless promise offers beside `await`. */
export const promiseScenarios: readonly Scenario[] = [
  {
    name: "the promise is the SDK's own",
    stainless: true,
    usage: "plain",
    run: async (bench) => {
      bench.server.answer(bench.call.answer);
      const promise = start(bench);
      const look = { type: promise.constructor.name, keys: Object.keys(promise), methods: methodsOf(promise) };
      return { look, seen: await seenBy(() => promise) };
    },
  },
  {
    name: "awaited twice",
    stainless: true,
    usage: "plain",
    run: (bench) => {
      bench.server.answer(bench.call.answer);
      return seenBy(async () => {
        const promise = start(bench);
        const [first, second] = [await promise, await promise];
        return { same: first === second, first };
      });
    },
  },
  {
    name: "withResponse()",
    stainless: true,
    usage: "plain",
    run: (bench) => {
      bench.server.answer(bench.call.answer);
      return seenBy(async () => await start(bench).withResponse());
    },
  },
  {
    name: "withResponse() on a failure",
    stainless: true,
    expected: { "tokenledger.call.outcome": "failed" },
    run: (bench) => {
      bench.server.answer({ status: 400, body: { error: { message: "no" } } });
      return seenBy(async () => await start(bench).withResponse());
    },
  },
  {
    name: "asResponse()",
    stainless: true,
    expected: { "tokenledger.call.outcome": "completed" },
    run: (bench) => {
      bench.server.answer(bench.call.answer);
      return seenBy(async () => {
        const response = await start(bench).asResponse();
        return { response, text: await response.text() };
      });
    },
  },
  {
    name: "asResponse() on a failure",
    stainless: true,
    expected: { "tokenledger.call.outcome": "failed", "http.response.status_code": 400 },
    run: (bench) => {
      bench.server.answer({ status: 400, body: { error: { message: "no" } } });
      return seenBy(async () => await start(bench).asResponse());
    },
  },
  {
    name: "withResponse() on a stream",
    stainless: true,
    streams: true,
    usage: "stream",
    run: (bench) => {
      const stream = streamOf(bench.call);
      bench.server.answer(stream.answer);
      return seenBy(async () => {
        const { data, response } = await start(bench, stream.params).withResponse();
        // A stream, because the parameters ask for one.
        return { read: await readAll(data as AsyncIterable<unknown>), response };
      });
    },
  },
  {
    name: "then, catch and finally",
    stainless: true,
    usage: "plain",
    run: (bench) => {
      bench.server.answer(bench.call.answer);
      return seenBy(async () => {
        const order: string[] = [];
        const result = await start(bench)
          .finally(() => order.push("finally"))
          .then((value) => ({ value: observable(value) }))
          .catch(() => order.push("catch"));
        return { result, order };
      });
    },
  },
];

function methodsOf(promise: object): string[] {
  return ["then", "catch", "finally", "parse", "withResponse", "asResponse", "_thenUnwrap"].filter(
    (name) => typeof (promise as Record<string, unknown>)[name] === "function",
  );
}
