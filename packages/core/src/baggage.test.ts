import {
  type Context,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { AgentContextPropagator } from "./baggage.ts";
import { forgetSettings } from "./config.ts";
import { agentRunIn, taskIn, withTask } from "./context.ts";
import { withAgent } from "./structure.ts";
import { collectSpans } from "./testing.ts";

const collector = collectSpans();
afterAll(() => collector.stop());
afterEach(() => {
  vi.unstubAllEnvs();
  forgetSettings();
});

/** W3C baggage, as far as a test needs it; the header's name and form are those of the standard. */
const inner: TextMapPropagator = {
  inject(active, carrier, setter) {
    const entries = propagation.getBaggage(active)?.getAllEntries() ?? [];
    const header = entries.map(([key, { value }]) => `${key}=${encodeURIComponent(value)}`).join(",");
    if (header !== "") setter.set(carrier, "baggage", header);
  },
  extract(active, carrier, getter) {
    const header = String(getter.get(carrier, "baggage") ?? "");
    const pairs = header.split(",").map((pair) => pair.split("="));
    const entries = pairs.map(([key = "", value = ""]) => [key, { value: decodeURIComponent(value) }] as const);
    return propagation.setBaggage(active, propagation.createBaggage(Object.fromEntries(entries)));
  },
  fields: () => ["baggage"],
};
const propagator = new AgentContextPropagator(inner);

function configure(environment: Record<string, string>): void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  forgetSettings();
}

/** The baggage header of a request to a host, as an HTTP instrumentation would send it. */
function sentTo(attributes: Record<string, string>, from: Context = context.active()): string | undefined {
  const request = trace.getTracer("http").startSpan("GET", { attributes }, from);
  const carrier: Record<string, string> = {};
  propagator.inject(trace.setSpan(from, request), carrier, defaultTextMapSetter);
  request.end();
  return carrier["baggage"];
}

const inTask = <Result>(run: () => Result): Result =>
  withTask({ customer: "acme & sons", id: "t1" }, () => withAgent("planner", run));

test("without an allow-list no host learns anything", () => {
  expect(inTask(() => sentTo({ "server.address": "api.openai.com" }))).toBeUndefined();
});

test("hosts that are allowed get the labels and the agents, others do not", () => {
  configure({ TOKENLEDGER_BAGGAGE_HOSTS: "agents.example, *.internal.example" });
  const seen = inTask(() =>
    [
      { "server.address": "agents.example" },
      { "url.full": "https://deep.internal.example:8443/path" },
      { "server.address": "internal.example" },
      { "server.address": "agents.example.evil.example" },
      { "http.request.method": "GET" },
    ].map((attributes) => sentTo(attributes)?.includes("tokenledger.customer=acme%20%26%20sons") ?? false),
  );
  expect(seen).toEqual([true, true, false, false, false]);
});

test("what is not ours goes where it always went, and ours is taken out on the way to strangers", () => {
  const baggage = propagation.createBaggage({ user: { value: "1" }, "tokenledger.customer": { value: "acme" } });
  expect(sentTo({ "server.address": "api.openai.com" }, propagation.setBaggage(ROOT_CONTEXT, baggage))).toBe("user=1");
});

test("our share is at most 1 KB", () => {
  configure({ TOKENLEDGER_BAGGAGE_HOSTS: "agents.example" });
  const header = withTask({ customer: "acme" }, () =>
    withAgent("x".repeat(2_000), () => sentTo({ "server.address": "agents.example" })),
  );
  expect(header).toContain("tokenledger.customer=acme");
  expect(header?.length).toBeLessThan(1_024);
});

test("what a stranger sends charges nobody; what a trusted sender sends does", () => {
  configure({ TOKENLEDGER_BAGGAGE_HOSTS: "agents.example" });
  const header = inTask(() => sentTo({ "server.address": "agents.example" }));
  const receive = (): Context => propagator.extract(ROOT_CONTEXT, { baggage: header }, defaultTextMapGetter);
  const strange = receive();
  expect([taskIn(strange), agentRunIn(strange)]).toEqual([undefined, undefined]);
  expect(propagation.getBaggage(strange)?.getEntry("tokenledger.customer")).toBeUndefined();
  configure({ TOKENLEDGER_TRUST_BAGGAGE: "on" });
  const trusted = receive();
  expect(taskIn(trusted)).toMatchObject({ customer: "acme & sons", id: "t1" });
  expect(agentRunIn(trusted)).toMatchObject({ name: "planner", path: ["planner"], steps: undefined });
});

test.each(["tokenledger.path=notjson,tokenledger.run_id=1", "tokenledger.path=%7B%7D", ""])(
  "a malformed header breaks nothing: %s",
  (header) => {
    configure({ TOKENLEDGER_TRUST_BAGGAGE: "on" });
    const received = propagator.extract(ROOT_CONTEXT, { baggage: header }, defaultTextMapGetter);
    expect(agentRunIn(received)).toBeUndefined();
  },
);
