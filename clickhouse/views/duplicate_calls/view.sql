-- What is asked twice: model calls whose very prompt the same model had answered within the hour before, and tools asked for again with the same arguments.
-- Grain: one row per kind (model call, tool call), name of the model or tool, and agent, dearest first. repeated counts different prompts or requests, calls their repetitions; tokens and cost are of the repetitions.
-- A tool call costs what the model wrote to ask for it, estimated as its share of the answer; what its result costs to read is in tool_result_cost. It is repeated within its trace.
-- Excludes: calls that do not say how their prompt was made. cost_usd is NULL where a part has no price: unpriced counts such tokens, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.duplicate_calls ${on_cluster}
AS
WITH
    prices AS
    (
        SELECT cards.price_card_id AS price_card_id, any(cards.output) AS output
        FROM ${database}.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    exact AS
    (
        SELECT why.trace_id AS trace_id, why.span_id AS span_id
        FROM ${database}.call_causes AS why FINAL
        WHERE why.started_at >= {from:DateTime64(9, 'UTC')} AND why.started_at < {to:DateTime64(9, 'UTC')} AND has(why.causes, 'exact_duplicate')
    ),
    requests AS
    (
        SELECT
            prompts.started_at AS started_at, prompts.trace_id AS trace_id, prompts.span_id AS span_id,
            arraySum(prompts.answer_tokens) AS size,
            -- What an answer asks for stands at its end.
            arrayZip(
                arrayResize(arraySlice(prompts.asked_tools::Array(String), -least(length(prompts.asked_tools), length(prompts.answer_fingerprints))), least(length(prompts.asked_tools), length(prompts.answer_fingerprints))),
                arraySlice(prompts.answer_fingerprints, -least(length(prompts.asked_tools), length(prompts.answer_fingerprints))),
                arraySlice(arrayResize(prompts.answer_tokens, length(prompts.answer_fingerprints)), -least(length(prompts.asked_tools), length(prompts.answer_fingerprints)))
            )::Array(Tuple(name String, fingerprint UInt64, size UInt32)) AS asked
        FROM ${database}.call_prompts AS prompts FINAL
        WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} AND prompts.started_at < {to:DateTime64(9, 'UTC')}
            AND notEmpty(prompts.asked_tools) AND notEmpty(prompts.answer_fingerprints)
    ),
    answered AS
    (
        SELECT
            billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id, billed.agent_name AS agent_name,
            billed.output_text_tokens AS output_text_tokens, billed.price_card_id AS price_card_id, billed.price_band AS price_band,
            requests.size AS size, requests.asked AS asked
        FROM
        (
            SELECT billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id, billed.agent_name AS agent_name,
                billed.output_text_tokens AS output_text_tokens, billed.price_card_id AS price_card_id, billed.price_band AS price_band
            FROM ${database}.llm_calls AS billed FINAL
            WHERE billed.billed_by = 0 AND billed.outcome NOT IN ('failed', 'abandoned')
                -- A model call that is repeated asks again, and is counted as such.
                AND (billed.trace_id, billed.span_id) NOT IN (SELECT exact.trace_id, exact.span_id FROM exact)
                AND billed.started_at >= {from:DateTime64(9, 'UTC')} AND billed.started_at < {to:DateTime64(9, 'UTC')}
        ) AS billed
        INNER JOIN requests
            ON toDate(requests.started_at) = toDate(billed.started_at) AND requests.trace_id = billed.trace_id AND requests.span_id = billed.span_id AND requests.started_at = billed.started_at
        -- Both are read in this order: nothing has to be kept.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    -- Trace by trace, in the order of time: what is asked for again stands next to the first of the same.
    asked AS
    (
        SELECT
            answered.trace_id AS trace_id,
            arraySort(groupArrayArray(arrayMap(
                request -> (
                    request.name, request.fingerprint, answered.started_at, answered.span_id, answered.agent_name,
                    intDiv(ifNull(answered.output_text_tokens, 0) * request.size, greatest(answered.size, 1)), prices.output[answered.price_band]
                )::Tuple(
                    name String, fingerprint UInt64, started_at DateTime64(9, 'UTC'), span_id UInt64, agent_name String, tokens UInt64,
                    price Nullable(Decimal(18, 15))),
                answered.asked))) AS requests,
            arrayEnumerateUniq(requests.name, requests.fingerprint) AS nths,
            arrayFill((request, nth) -> nth = 1, requests, nths) AS firsts
        FROM answered
        LEFT ANY JOIN prices ON prices.price_card_id = answered.price_card_id
        GROUP BY answered.trace_id
    ),
    asked_again AS
    (
        SELECT
            asked.trace_id AS trace_id, request.name AS name, first.agent_name AS agent_name,
            countIf(nth = 2) AS repeated,
            count() AS calls,
            sum(request.tokens) AS tokens,
            sumIf(request.tokens, request.price IS NULL) AS unpriced,
            sum(toDecimal128(request.tokens, 0) * ifNull(request.price, 0)) AS known_cost_usd
        FROM asked
        ARRAY JOIN asked.requests AS request, asked.nths AS nth, asked.firsts AS first
        WHERE nth > 1
        GROUP BY asked.trace_id, request.name, first.agent_name
    )
SELECT found.*
FROM
(
    SELECT
        'model call' AS kind,
        calls.model::String AS name,
        calls.agent_name::String AS agent_name,
        uniqExact(calls.prompt_end) AS repeated,
        count() AS calls,
        sum(arraySum(calls.tokens)) AS tokens,
        sum(arraySum((tokens, fees, is_unknown) -> if(is_unknown, tokens + fees, 0), calls.tokens, calls.fees, calls.is_unknown)) AS unpriced,
        if(countIf(calls.cost_usd IS NULL) = 0, known_cost_usd, NULL) AS cost_usd,
        sum(calls.known_cost_usd) AS known_cost_usd,
        replaceAll(toString(argMax(calls.trace_id, calls.known_cost_usd)), '-', '') AS dearest_trace_id
    FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
    WHERE has(calls.causes, 'exact_duplicate')
    GROUP BY calls.model, calls.agent_name
    UNION ALL
    SELECT
        'tool call', asked_again.name, asked_again.agent_name, sum(asked_again.repeated), sum(asked_again.calls), sum(asked_again.tokens),
        sum(asked_again.unpriced) AS unpriced,
        if(unpriced = 0, sum(asked_again.known_cost_usd), NULL),
        sum(asked_again.known_cost_usd),
        replaceAll(toString(argMax(asked_again.trace_id, asked_again.known_cost_usd)), '-', '')
    FROM asked_again
    GROUP BY asked_again.name, asked_again.agent_name
) AS found
ORDER BY found.known_cost_usd DESC, found.kind, found.name, found.agent_name
