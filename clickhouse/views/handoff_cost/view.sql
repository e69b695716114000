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
            calls.trace_id AS trace_id, calls.span_id AS span_id, calls.started_at AS started_at, calls.agent_name AS agent_name, calls.run AS run,
            calls.handoff_from AS handoff_from, calls.is_reader AS is_reader, calls.tokens AS tokens, calls.unpriced AS unpriced, calls.known_cost_usd AS known_cost_usd,
            prompts.new_pieces AS new_pieces, prompts.answers AS answers, prompts.new_chunks AS new_chunks, prompts.answer_chunks AS answer_chunks
        FROM
        (
            SELECT
                calls.started_at AS started_at, calls.trace_id AS trace_id, calls.span_id AS span_id, calls.agent_name AS agent_name,
                sipHash64(calls.agent_run_id) AS run, calls.handoff_from AS handoff_from, has(calls.causes, 'handed_over_context') AS is_reader,
                arraySum((cause, tokens) -> if(cause = 'handed_over_context', tokens, 0), calls.causes, calls.tokens) AS tokens,
                arraySum((cause, tokens, unknown) -> if(cause = 'handed_over_context' AND unknown, tokens, 0), calls.causes, calls.tokens, calls.is_unknown) AS unpriced,
                arraySum((cause, cost) -> if(cause = 'handed_over_context', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd) AS known_cost_usd
            FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
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
        -- Few and short columns on the left are sorted to the order in which the right is stored.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    -- Pieces and chunks of what is new in a prompt, and of its answer: whatever is read first is new somewhere.
    uses AS
    (
        SELECT
            read.trace_id AS trace_id, read.span_id AS span_id, read.agent_name AS agent_name, read.handoff_from AS handoff_from,
            read.is_reader AS is_reader, read.tokens AS tokens, read.unpriced AS unpriced, read.known_cost_usd AS known_cost_usd,
            part.is_answer AS is_answer,
            first_value(read.run) OVER in_order != read.run AS is_of_another,
            first_value(read.agent_name) OVER in_order AS owner
        FROM read
        ARRAY JOIN
            arrayConcat(
                arrayMap(one -> (false, false, one), read.new_pieces), arrayMap(one -> (true, false, one), read.answers),
                arrayMap(one -> (false, true, one), read.new_chunks), arrayMap(one -> (true, true, one), read.answer_chunks)
            )::Array(Tuple(is_answer Bool, is_chunk Bool, fingerprint UInt64)) AS part
        WINDOW in_order AS (PARTITION BY read.trace_id, part.is_chunk, part.fingerprint ORDER BY read.started_at, read.span_id)
    ),
    handed AS
    (
        SELECT
            given.agent_name AS agent_name,
            argMax(given.giver, (given.weight, given.giver)) AS giver,
            any(given.handoff_from) AS handoff_from,
            any(given.tokens) AS tokens,
            any(given.unpriced) AS unpriced,
            any(given.known_cost_usd) AS known_cost_usd
        FROM
        (
            SELECT
                uses.trace_id AS trace_id, uses.span_id AS span_id, uses.agent_name AS agent_name,
                if(uses.is_of_another, uses.owner, '')::String AS giver, countIf(uses.is_of_another) AS weight,
                any(uses.handoff_from) AS handoff_from, any(uses.tokens) AS tokens, any(uses.unpriced) AS unpriced, any(uses.known_cost_usd) AS known_cost_usd
            FROM uses
            WHERE uses.is_reader AND NOT uses.is_answer
            GROUP BY uses.trace_id, uses.span_id, uses.agent_name, giver
        ) AS given
        GROUP BY given.trace_id, given.span_id, given.agent_name
    )
SELECT
    if(handed.giver = '', handed.handoff_from, handed.giver)::String AS from_agent,
    handed.agent_name AS to_agent,
    count() AS calls,
    sum(handed.tokens) AS tokens,
    sum(handed.unpriced) AS unpriced,
    if(sum(handed.unpriced) = 0, sum(handed.known_cost_usd), NULL) AS cost_usd,
    sum(handed.known_cost_usd) AS known_cost_usd
FROM handed
GROUP BY from_agent, handed.agent_name
ORDER BY sum(handed.known_cost_usd) DESC, from_agent, to_agent
