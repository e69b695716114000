import { setTimeout } from "node:timers/promises";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import { selectRows } from "../../clickhouse/src/ledger-target.ts";

/** Spans of one trace: two agents, six calls and two tool calls. */
export const spansPerTrace = 10;
/** Rows of one insert: what a busy writer would send in some seconds, so that parts are many but not tiny. */
const tracesPerInsert = 20_000;

/** Ten million spans are thirty days. */
const millisPerTrace = 2_592;
const beginning = Date.UTC(2026, 3, 1);
/** When a trace may begin, early or late, within which traces therefore lie beside one another. */
const spreadMillis = 3_600_000;

/** When the first so many spans of a ledger lie, but for those that began late. */
export function timeOf(spans: number): { readonly from: Date; readonly middle: Date; readonly to: Date } {
  const millis = (spans / spansPerTrace) * millisPerTrace;
  return { from: new Date(beginning), middle: new Date(beginning + millis / 2), to: new Date(beginning + millis) };
}

/**
 * Fills a ledger with traces `from` up to `to`, made by the server itself and landed like any others, with how their
 * prompts were made beside them. Every trace is two agents at work: the planner's four turns go over one growing
 * history, which a cache holds in three of four traces; the worker takes over what the planner said. They come in the
 * order of time but for an hour, as from agents at work: an insert reaches a day or two, not all that there is.
 */
export async function fillLedger(
  target: LedgerTarget,
  from: number,
  to: number,
  onProgress: (traces: number) => void,
): Promise<void> {
  for (let first = from; first < to; first += tracesPerInsert) {
    const count = Math.min(tracesPerInsert, to - first);
    for (const query of [landing, prompts]) {
      await target.client.command({
        query: query.replaceAll("DATABASE", target.database),
        query_params: { first, count },
        clickhouse_settings: { async_insert: 0, max_partitions_per_insert_block: "0", max_insert_threads: "2" },
      });
    }
    onProgress(first + count);
  }
}

/** Waits until all merges have ended: what is measured is the questions, not the work beside them. */
export async function mergesAtRest(target: LedgerTarget): Promise<void> {
  const active = "SELECT toUInt32(count()) AS merges FROM system.merges";
  for (let quiet = 0; quiet < 5;) {
    const [row] = await selectRows<{ merges: number }>(target, active);
    quiet = row?.merges === 0 ? quiet + 1 : 0;
    await setTimeout(1_000);
  }
}

/** Traces of all customers in turn; what a call used follows from its number alone. */
const calls = `
  SELECT
    number AS trace,
    arrayJoin(range(${spansPerTrace})) AS place,
    concat('0000000000000000', lower(leftPad(hex(sipHash64(trace)), 16, '0'))) AS trace_id,
    lower(leftPad(hex(sipHash64(trace, place)), 16, '0')) AS span_id,
    fromUnixTimestamp64Milli(toInt64(${beginning} + ${millisPerTrace} * trace + intHash64(trace) % ${spreadMillis} + 1500 * place), 'UTC') AS at,
    ['planner', concat('worker_', toString(trace % 40))] AS agents,
    place IN (1, 6, 7, 9) AS is_worker,
    multiIf(place IN (0, 1), 'invoke_agent', place IN (8, 9), 'execute_tool', 'chat') AS operation,
    ['gpt-5.4', 'claude-opus-4-6', 'gpt-5.4-mini', 'claude-haiku-4-5'][1 + (trace + is_worker) % 4] AS model,
    -- Turns 1 to 4 of the planner, 1 and 2 of the worker: in some traces its first twice.
    multiIf(place BETWEEN 2 AND 5, place - 1, place IN (6, 7), if(trace % 50 = 0, 1, place - 5), 0) AS turn,
    1000 + 700 * turn + trace % 300 AS input,
    if(turn > 1 AND trace % 4 != 0, 1000 + 700 * (turn - 1), 0) AS cached,
    80 + intHash64(trace * 10 + place) % 400 AS output
  FROM numbers({first:UInt64}, {count:UInt64})`;

const landing = `
INSERT INTO DATABASE.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, SpanKind, ServiceName, ResourceAttributes, ScopeName, ScopeVersion, SpanAttributes, Duration, StatusCode)
SELECT
  calls.at, calls.trace_id, calls.span_id,
  if(calls.place = 0, '', lower(leftPad(hex(sipHash64(calls.trace, if(calls.is_worker AND calls.place != 1, 1, 0))), 16, '0'))),
  concat(calls.operation, ' ', calls.model), 'Client', 'bench',
  map('service.name', 'bench', 'service.instance.id', toString(calls.trace % 20)), '@tokenledger/instrumentation-openai', '0.1.0',
  mapFilter((name, value) -> value != '', map(
    'gen_ai.operation.name', calls.operation,
    'gen_ai.provider.name', if(calls.operation = 'chat', if(startsWith(calls.model, 'claude'), 'anthropic', 'openai'), ''),
    'gen_ai.request.model', if(calls.operation = 'chat', calls.model, ''),
    'gen_ai.response.model', if(calls.operation = 'chat', calls.model, ''),
    'gen_ai.response.id', if(calls.operation = 'chat', concat('response_', calls.span_id), ''),
    'gen_ai.usage.input_tokens', if(calls.operation = 'chat', toString(calls.input), ''),
    'gen_ai.usage.output_tokens', if(calls.operation = 'chat', toString(calls.output), ''),
    'gen_ai.usage.cache_read.input_tokens', if(calls.operation = 'chat', toString(calls.cached), ''),
    'tokenledger.usage.source', if(calls.operation = 'chat', 'reported', ''),
    'gen_ai.tool.name', if(calls.operation = 'execute_tool', concat('tool_', toString(calls.trace % 12)), ''),
    'gen_ai.agent.name', calls.agents[1 + calls.is_worker],
    'tokenledger.agent.path', if(calls.is_worker, concat('["planner","', calls.agents[2], '"]'), '["planner"]'),
    'tokenledger.agent.run_id', concat(calls.trace_id, if(calls.is_worker, '-worker', '-planner')),
    'tokenledger.agent.parent_run_id', if(calls.is_worker, concat(calls.trace_id, '-planner'), ''),
    'tokenledger.agent.step', toString(calls.turn),
    'tokenledger.customer.id', concat('customer-', toString(intHash32(calls.trace) % 500)),
    'tokenledger.feature.name', concat('feature-', toString(calls.trace % 8)),
    'tokenledger.task.id', concat('task-', toString(calls.trace)),
    'gen_ai.conversation.id', concat('conversation-', toString(intDiv(calls.trace, 3))))),
  1200000000, 'Unset'
FROM (${calls}) AS calls`;

const prompts = `
INSERT INTO DATABASE.call_prompts
SELECT
  calls.at, toUUID(concat(substring(calls.trace_id, 1, 8), '-', substring(calls.trace_id, 9, 4), '-', substring(calls.trace_id, 13, 4), '-', substring(calls.trace_id, 17, 4), '-', substring(calls.trace_id, 21))),
  sipHash64(calls.trace, calls.place),
  concat('sdd', repeat('uar', calls.turn)) AS kinds,
  arrayConcat([400, 150, 150], arrayFlatten(arrayMap(one -> [200, 100, 400], range(calls.turn)))),
  arrayWithConstant(length(kinds), 5),
  arrayMap(piece -> sipHash64(calls.is_worker AND piece > 5, if(piece < 4, 0, calls.trace), piece), range(1, length(kinds) + 1)),
  arrayMap(piece -> sipHash64('prefix', calls.is_worker, if(piece < 4, 0, calls.trace), piece), range(1, length(kinds) + 1)),
  arrayConcat(['search', 'write'], arrayWithConstant(calls.turn, 'search')),
  arrayMap(chunk -> sipHash64('chunk', calls.trace, calls.turn, chunk), range(2)),
  sipHash64('new', calls.trace % 100000, calls.turn), NULL,
  -- In some traces the planner's last turn asks for the same as its second.
  [sipHash64('answer', calls.trace, if(calls.place = 5 AND calls.trace % 50 = 1, 3, calls.place))], [calls.output], [5],
  [sipHash64('chunk', calls.trace, calls.turn + 1, 0)], if(calls.turn % 2 = 0, ['search'], [])
FROM (${calls}) AS calls
WHERE calls.operation = 'chat'`;
