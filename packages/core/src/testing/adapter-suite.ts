import { context, createContextKey } from "@opentelemetry/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProviderAdapter } from "../adapter.ts";
import { forgetSettings } from "../config.ts";
import { plainScenarios } from "./plain-scenarios.ts";
import { describeHandedOn, describeSwitches, describeUnawaited, describeUnread } from "./leftover-tests.ts";
import { instrumentBeside, type OtherInstrumentation } from "./other-instrumentation.ts";
import { type PatchedModule, patchModule, type Sabotage, sabotaged } from "./patched-module.ts";
import { promiseScenarios } from "./promise-scenarios.ts";
import { seenBy } from "./observable.ts";
import { type ReplayServer, startReplayServer } from "./replay-server.ts";
import { type Bench, type CallUnderTest, type HelperUnderTest, type Scenario, secret } from "./scenario.ts";
import { collectSpans, type SpanCollector } from "./span-collector.ts";
import { streamScenarios } from "./stream-scenarios.ts";

/** What an adapter's test tells the suite. */
export interface AdapterUnderTest<Client> {
  /** Shown in the report: SDK, version and module system. */
  readonly title: string;
  readonly adapter: ProviderAdapter;
  /** Loads the SDK. No other suite of this process may be given the same classes. */
  load(): unknown;
  /**
   * A client of that SDK. `url` is the replay server's; add the path the SDK expects. Where behaviour
   * depends on the host, keep the provider's own URL and give the client `fetch`, which sends every
   * request to the server instead.
   */
  client(exports: never, options: ClientOptions): Client;
  readonly calls: readonly CallUnderTest<Client>[];
  /** False where the SDK has neither Stainless promises nor streams. */
  readonly stainless?: boolean;
}

interface ClientOptions {
  readonly url: string;
  readonly maxRetries: number;
  readonly fetch: typeof fetch;
}

/** Everything the tests of one suite share. */
export interface Suite<Client> {
  readonly server: ReplayServer;
  readonly collector: SpanCollector;
  readonly module: PatchedModule;
  readonly sabotage: Sabotage;
  /** Products that patched the same methods before us and after us. */
  readonly others: OtherInstrumentation[];
  bench(call: CallUnderTest<Client>): Bench<Client>;
}

const scenarios: readonly Scenario[] = [...plainScenarios, ...promiseScenarios, ...streamScenarios];

/**
 * The suite that every adapter passes. Each situation runs on the untouched SDK first; then, patched,
 * it must look the same to the program and leave exactly the spans it should.
 */
export function describeAdapter<Client>(under: AdapterUnderTest<Client>): void {
  const suite = {} as Suite<Client>;
  const bare = new Map<string, unknown>();

  describe(`${under.title}`, () => {
    beforeAll(async () => {
      // An estimate ends its span later, on a thread of its own; it has tests of its own.
      switchEstimates("off");
      Object.assign(suite, await openSuite(under));
      for (const call of under.calls) {
        for (const scenario of scenariosFor(under, call)) {
          bare.set(`${call.name} ${scenario.name}`, await scenario.run(suite.bench(call)));
        }
        for (const helper of call.helpers ?? []) {
          bare.set(`${call.name} ${helper.name}`, await runHelper(suite, call, helper));
        }
      }
      suite.others.push(instrumentBeside(under.adapter, suite.module.exports()));
      suite.module.patch();
      suite.others.push(instrumentBeside(under.adapter, suite.module.exports()));
    });

    afterAll(async () => {
      await suite.server.stop();
      await suite.collector.stop();
      switchEstimates(undefined);
    });

    for (const call of under.calls) {
      describe(`${call.name}`, () => {
        for (const scenario of scenariosFor(under, call)) {
          it(`${scenario.name}`, async () => {
            suite.collector.reset();
            const seen = await scenario.run(suite.bench(call));
            expect(seen).toEqual(bare.get(`${call.name} ${scenario.name}`));
            expectSpans(suite, scenario, call);
          });
        }
        for (const helper of call.helpers ?? []) {
          it(`${helper.name}`, async () => {
            suite.collector.reset();
            const seen = await runHelper(suite, call, helper);
            expect(seen).toEqual(bare.get(`${call.name} ${helper.name}`));
            expect(suite.collector.calls()).toMatchObject(helper.expected);
          });
        }
        describeSwitches(suite, call);
        describeHandedOn(suite, call);
        if (under.stainless !== false) describeUnawaited(suite, call);
        if (call.stream) describeUnread(suite, call);
      });
    }
  });
}

function switchEstimates(value: "off" | undefined): void {
  if (value === undefined) delete process.env.TOKENLEDGER_ESTIMATE;
  else process.env.TOKENLEDGER_ESTIMATE = value;
  forgetSettings();
}

async function openSuite<Client>(under: AdapterUnderTest<Client>): Promise<Suite<Client>> {
  const server = await startReplayServer();
  const collector = collectSpans();
  const { adapter, sabotage } = sabotaged(under.adapter);
  const module = patchModule(adapter, await under.load());
  return {
    server,
    collector,
    module,
    sabotage,
    others: [],
    bench: (call) => ({
      server,
      collector,
      call,
      client: ({ maxRetries = 0 } = {}) =>
        // The adapter's test knows its SDK's exports; the suite does not.
        under.client(module.exports() as never, { url: server.url, maxRetries, fetch: fetchFrom(server.url) }),
    }),
  };
}

function fetchFrom(url: string): typeof fetch {
  return (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    return fetch(`${url}${pathname}${search}`, init);
  };
}

function scenariosFor<Client>(under: AdapterUnderTest<Client>, call: CallUnderTest<Client>): Scenario[] {
  return scenarios.filter(
    (scenario) =>
      (!scenario.streams || call.stream) &&
      (!scenario.stainless || under.stainless !== false) &&
      (!scenario.detached || call.detached !== undefined),
  );
}

function runHelper<Client>(
  suite: Suite<Client>,
  call: CallUnderTest<Client>,
  helper: HelperUnderTest<Client>,
): Promise<unknown> {
  suite.server.answer(...helper.answers);
  return seenBy(async () => await helper.run(suite.bench(call).client()));
}

function expectSpans<Client>(suite: Suite<Client>, scenario: Scenario, call: CallUnderTest<Client>): void {
  const spans = suite.collector.calls();
  expect(spans).toHaveLength(scenario.spans ?? 1);
  const counts = scenario.usage === "stream" ? call.stream?.expected : scenario.usage && call.expected;
  for (const attributes of spans) expect(attributes).toMatchObject({ ...counts, ...scenario.expected });
  expect(suite.collector.open()).toBe(0);
  expect(JSON.stringify(suite.collector.spans().map(exported))).not.toContain(secret);
}

/** What an exporter would send of a span. */
const exported = (span: ReturnType<SpanCollector["spans"]>[number]): unknown => [
  span.name,
  span.attributes,
  span.events,
  span.status,
];

/** The context in which an exporter works: nothing in it is traced. */
export const suppressed = <Result>(run: () => Result): Result =>
  context.with(
    context.active().setValue(createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING"), true),
    run,
  );
