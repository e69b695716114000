import type { LandingRow } from "../../src/index.ts";
import { opusCall, span } from "../test-ledger.ts";
import type { Recorded } from "./conversation.ts";
import { type PlantedCall, tokensOf } from "./planted-call.ts";

/** Monday, 1 June 2026, in milliseconds since 1970. */
const firstDay = Date.UTC(2026, 5, 1);
const hour = 3_600_000;

/** All that is planted, and the rows that tell of it. */
export class World {
  readonly calls: PlantedCall[] = [];
  readonly rows: LandingRow[] = [];
  #traces = 0;
  #spans = 0;

  /** A trace that begins on a day, from 0, at an hour. */
  trace(day: number, startHour: number): Trace {
    this.#traces += 1;
    const ids = { trace: this.#traces, nextSpan: (): number => (this.#spans += 1) };
    return new Trace(this, ids, firstDay + day * 24 * hour + startHour * hour);
  }
}

interface Ids {
  readonly trace: number;
  readonly nextSpan: () => number;
}

/** Calls one after the other. */
export class Trace {
  readonly #world: World;
  readonly #ids: Ids;
  #now: number;

  constructor(world: World, ids: Ids, start: number) {
    this.#world = world;
    this.#ids = ids;
    this.#now = start;
  }

  /** A call, so many seconds after the one before. */
  call({ call, record }: Recorded, after = 20): PlantedCall {
    this.#now += after * 1_000;
    const planted = { ...call, trace: this.#ids.trace, span: this.#ids.nextSpan(), startedAt: this.#now };
    this.#world.calls.push(planted);
    this.#world.rows.push(rowOf(planted, record));
    return planted;
  }
}

function rowOf(call: PlantedCall, record: Readonly<Record<string, string>>): LandingRow {
  const labels = {
    "gen_ai.provider.name": call.provider,
    "gen_ai.response.model": call.model,
    "gen_ai.agent.name": call.agent,
    "gen_ai.conversation.id": call.conversation,
    "tokenledger.agent.path": JSON.stringify(call.path),
    "tokenledger.agent.run_id": call.run,
    "tokenledger.agent.parent_run_id": call.parentRun,
    "tokenledger.customer.id": call.customer,
    "tokenledger.feature.name": call.feature,
    "tokenledger.task.id": call.task,
    "tokenledger.call.outcome": call.outcome,
    "tokenledger.request.attempts": String(call.attempts),
  };
  return span({ trace: call.trace, span: call.span }, opusCall(usageOf(call), { ...labels, ...record }), {
    Timestamp: `${call.startedAt / 1_000}.000000000`,
  });
}

/** As a provider reports it: totals, and the classes within them. */
function usageOf(call: PlantedCall): Record<string, number> {
  const of = (...components: string[]): number => tokensOf(call, ({ component }) => components.includes(component));
  const written = { "5m": of("cache_write_5m"), "1h": of("cache_write_1h") };
  const usage = {
    "cache_read.input_tokens": of("cache_read"),
    "cache_write.input_tokens": written["5m"] + written["1h"],
    "cache_write.5m.input_tokens": written["5m"],
    "cache_write.1h.input_tokens": written["1h"],
    "audio.input_tokens": of("input_audio"),
    "reasoning.output_tokens": of("reasoning"),
  };
  const reported = Object.fromEntries(Object.entries(usage).filter(([, count]) => count > 0));
  const output = of("output", "reasoning");
  return { ...reported, input_tokens: tokensOf(call) - output, output_tokens: output };
}
