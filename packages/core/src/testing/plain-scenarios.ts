import { observable, seenBy } from "./observable.ts";
import type { Bench, Scenario } from "./scenario.ts";

const failure = { body: { error: { type: "invalid_request_error", message: "no such thing" } } };
const soon = { "retry-after-ms": "1", "retry-after": "0.001" };

/** Makes the call and waits for it. */
const make = async <Client>({ call, client }: Bench<Client>, params: object = call.params): Promise<unknown> =>
  await call.make(client(), params);

/** Endings of a call that is not streamed. */
export const plainScenarios: readonly Scenario[] = [
  {
    name: "a plain call",
    usage: "plain",
    expected: { "tokenledger.call.outcome": "completed", "tokenledger.request.attempts": 1 },
    run: (bench) => {
      bench.server.answer(bench.call.answer);
      return seenBy(() => make(bench));
    },
  },
  {
    name: "HTTP 400",
    expected: { "tokenledger.call.outcome": "failed", "http.response.status_code": 400 },
    run: (bench) => {
      bench.server.answer({ status: 400, ...failure });
      return seenBy(() => make(bench));
    },
  },
  {
    name: "HTTP 429 until retries are exhausted",
    expected: {
      "tokenledger.call.outcome": "failed",
      "http.response.status_code": 429,
      "tokenledger.request.attempts": 3,
    },
    run: (bench) => {
      bench.server.answer({ status: 429, headers: soon, ...failure });
      return seenBy(() => bench.call.make(bench.client({ maxRetries: 2 }), bench.call.params));
    },
  },
  {
    name: "HTTP 429 and then success",
    usage: "plain",
    expected: { "tokenledger.call.outcome": "completed", "tokenledger.request.attempts": 2 },
    run: (bench) => {
      bench.server.answer({ status: 429, headers: soon, ...failure }, bench.call.answer);
      return seenBy(() => bench.call.make(bench.client({ maxRetries: 2 }), bench.call.params));
    },
  },
  {
    name: "a request that its caller aborts",
    expected: { "tokenledger.call.outcome": "cancelled" },
    run: (bench) => {
      bench.server.answer({ events: [], ending: "hang" });
      return seenBy(async () => {
        const controller = new AbortController();
        const returned = bench.call.make(bench.client(), bench.call.params, { signal: controller.signal });
        queueMicrotask(() => controller.abort());
        return await returned;
      });
    },
  },
  {
    name: "a body that is not JSON",
    expected: { "tokenledger.call.outcome": "failed" },
    run: (bench) => {
      bench.server.answer({ body: "{ cut" });
      return seenBy(() => make(bench));
    },
  },
  {
    name: "arguments with a getter that throws",
    expected: { "tokenledger.call.outcome": "failed" },
    run: (bench) => {
      bench.server.answer(bench.call.answer);
      return seenBy(() => make(bench, withThrowingModel(bench.call.params)));
    },
  },
  {
    name: "frozen arguments, which stay as they were",
    usage: "plain",
    run: async (bench) => {
      bench.server.answer(bench.call.answer);
      const params = frozen(structuredClone(bench.call.params));
      const seen = await seenBy(() => make(bench, params));
      return { seen, params: observable(params), sent: bench.server.requests[0]?.body };
    },
  },
  {
    name: "a method called without its object",
    detached: true,
    expected: { "tokenledger.call.outcome": "failed" },
    run: (bench) => {
      bench.server.answer(bench.call.answer);
      const { call } = bench;
      return seenBy(async () => await call.detached?.(bench.client())(call.params));
    },
  },
  {
    name: "20 calls at once",
    usage: "plain",
    spans: 20,
    run: (bench) => {
      bench.server.answer(bench.call.answer);
      const client = bench.client();
      return seenBy(() => Promise.all(Array.from({ length: 20 }, () => bench.call.make(client, bench.call.params))));
    },
  },
];

function withThrowingModel(params: object): object {
  return Object.defineProperty({ ...params }, "model", {
    enumerable: true,
    get() {
      throw new RangeError("this getter throws");
    },
  });
}

function frozen<Value extends object>(value: Value): Value {
  for (const item of Object.values(value)) if (typeof item === "object" && item !== null) frozen(item);
  return Object.freeze(value);
}
