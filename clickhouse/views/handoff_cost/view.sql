-- What it costs that agents read what other agents had read or said before: context that is handed over and paid for again.
-- Grain: one row per agent that handed over and agent that read it, dearest first. Cost is that of the first reading by the other agent (the cause handed_over_context of cause_cost, to the last digit); what it carries along later is in context_tax_by_turn.
-- Who handed over is the agent whose prompts or answers held most of the pieces first; where none is found, the one that the span names; else empty. A call that reads from several agents counts under the one it has most from.
-- Excludes: calls that do not say how their prompt was made. cost_usd is NULL where tokens have no price: unpriced counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.handoff_cost ${on_cluster}
AS
WITH
    read AS
    (
        SELECT
            calls.trace_id AS trace_id, calls.started_at AS started_at, calls.span_id AS span_id, calls.agent_name AS agent_name, calls.run AS run,
            prompts.new_pieces AS new_pieces, prompts.answers AS answers, prompts.new_chunks AS new_chunks, prompts.answer_chunks AS answer_chunks
        FROM
        (
            SELECT
                billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id, billed.agent_name AS agent_name,
                sipHash64(billed.agent_run_id) AS run
            FROM ${database}.llm_calls AS billed FINAL
            WHERE billed.billed_by = 0
                AND billed.started_at >= {from:DateTime64(9, 'UTC')} AND billed.started_at < {to:DateTime64(9, 'UTC')}
        ) AS calls
        INNER JOIN
        (
            SELECT
                prompts.started_at AS started_at, prompts.trace_id AS trace_id, prompts.span_id AS span_id,
                prompts.answer_fingerprints AS answers, prompts.answer_chunks AS answer_chunks, prompts.new_chunks AS new_chunks,
                arraySlice(prompts.segment_fingerprints, arrayLastIndex(letter -> letter IN ('a', 'd', 'x'), splitByString('', prompts.segment_kinds)) + 1) AS new_pieces
            FROM ${database}.call_prompts AS prompts FINAL
            WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} AND prompts.started_at < {to:DateTime64(9, 'UTC')}
                AND prompts.trace_id IN
                (
                    SELECT why.trace_id
                    FROM ${database}.call_causes AS why
                    WHERE why.started_at >= {from:DateTime64(9, 'UTC')} AND why.started_at < {to:DateTime64(9, 'UTC')} AND has(why.causes, 'handed_over_context')
                )
        ) AS prompts
            ON toDate(prompts.started_at) = toDate(calls.started_at) AND prompts.trace_id = calls.trace_id AND prompts.span_id = calls.span_id AND prompts.started_at = calls.started_at
        -- Both are read in this order: nothing has to be kept.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    -- Trace by trace: in a window, the pieces of all traces would be sorted at once.
    traces AS
    (
        SELECT
            read.trace_id AS trace_id,
            groupArray((read.started_at, read.span_id, read.run, read.agent_name::String, read.new_pieces, read.answers, read.new_chunks, read.answer_chunks)) AS calls
        FROM read
        GROUP BY read.trace_id
    ),
    -- Pieces and chunks of what is new in a prompt, and of its answer: whatever is read first is new somewhere. Beside each use
    -- stands the first of the same.
    pieces AS
    (
        SELECT
            traces.trace_id AS trace_id,
            arraySort(arrayFlatten(arrayMap(
                (started_at, span_id, run, agent_name, new_pieces, answers, new_chunks, answer_chunks) -> arrayConcat(
                    arrayMap(one -> (false, one, started_at, span_id, false, run, agent_name), new_pieces),
                    arrayMap(one -> (false, one, started_at, span_id, true, run, agent_name), answers),
                    arrayMap(one -> (true, one, started_at, span_id, false, run, agent_name), new_chunks),
                    arrayMap(one -> (true, one, started_at, span_id, true, run, agent_name), answer_chunks)),
                traces.calls.1, traces.calls.2, traces.calls.3, traces.calls.4, traces.calls.5, traces.calls.6, traces.calls.7, traces.calls.8
            )))::Array(Tuple(
                is_chunk Bool, fingerprint UInt64, started_at DateTime64(9, 'UTC'), span_id UInt64, is_answer Bool, run UInt64, agent_name String)) AS uses,
            arrayFill((use, nth) -> nth = 1, uses, arrayEnumerateUniq(uses.is_chunk, uses.fingerprint)) AS first_uses
        FROM traces
    ),
    givers AS
    (
        SELECT given.trace_id AS trace_id, given.span_id AS span_id, max((given.weight, given.giver)).2 AS giver
        FROM
        (
            SELECT pieces.trace_id AS trace_id, use.span_id AS span_id, first_use.agent_name AS giver, count() AS weight
            FROM pieces
            ARRAY JOIN pieces.uses AS use, pieces.first_uses AS first_use
            WHERE first_use.run != use.run AND NOT use.is_answer
            GROUP BY pieces.trace_id, use.span_id, giver
        ) AS given
        GROUP BY given.trace_id, given.span_id
    ),
    handed AS
    (
        SELECT
            if(givers.giver = '', calls.handoff_from::String, givers.giver) AS giver,
            calls.agent_name AS agent_name,
            arraySum((cause, tokens) -> if(cause = 'handed_over_context', tokens, 0), calls.causes, calls.tokens) AS tokens,
            arraySum((cause, tokens, unknown) -> if(cause = 'handed_over_context' AND unknown, tokens, 0), calls.causes, calls.tokens, calls.is_unknown) AS unpriced,
            arraySum((cause, cost) -> if(cause = 'handed_over_context', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd) AS known_cost_usd
        FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
        LEFT ANY JOIN givers ON givers.trace_id = calls.trace_id AND givers.span_id = calls.span_id
        WHERE has(calls.causes, 'handed_over_context')
    )
SELECT
    handed.giver AS from_agent,
    handed.agent_name AS to_agent,
    count() AS calls,
    sum(handed.tokens) AS tokens,
    sum(handed.unpriced) AS unpriced,
    if(sum(handed.unpriced) = 0, sum(handed.known_cost_usd), NULL) AS cost_usd,
    sum(handed.known_cost_usd) AS known_cost_usd
FROM handed
GROUP BY from_agent, handed.agent_name
ORDER BY sum(handed.known_cost_usd) DESC, from_agent, to_agent
