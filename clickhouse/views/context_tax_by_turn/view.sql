-- What is paid for context that had been read before: turn by turn, from the cache, again after it expired, and in full.
-- Grain: one row per agent and turn. A turn is the place of a call in its conversation, where one is known, else in its run; a conversation that began before the window is counted from where the window begins.
-- Excludes: output; failed calls and exact duplicates, which are told of by retry_cost and duplicate_calls. Calls that are not explained yet, or do not say how their prompt was made, are in unexplained_tokens. Costs are known costs: unpriced counts input tokens without a price.
CREATE VIEW IF NOT EXISTS ${database}.context_tax_by_turn ${on_cluster}
AS
WITH
    numbered AS
    (
        SELECT
            calls.agent_name AS agent_name, calls.input AS input, calls.input_tokens AS input_tokens,
            row_number() OVER (PARTITION BY calls.conversation ORDER BY calls.started_at, calls.span_id) AS turn
        FROM
        (
            SELECT
                calls.agent_name AS agent_name, calls.started_at AS started_at, calls.span_id AS span_id, calls.input_tokens AS input_tokens,
                if(calls.conversation_id = '', sipHash64(calls.trace_id, calls.agent_run_id), sipHash64(calls.conversation_id, calls.agent_name)) AS conversation,
                arrayFilter(
                    part -> part.tokens > 0 AND part.component NOT IN ('output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected'),
                    arrayZip(calls.causes, calls.components, calls.tokens, calls.is_unknown, calls.known_costs_usd)::Array(Tuple(cause String, component String, tokens UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15)))) AS input,
                has(calls.causes, 'failed_attempt') OR has(calls.causes, 'exact_duplicate') AS is_told_elsewhere
            FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
            WHERE NOT is_told_elsewhere
        ) AS calls
    )
SELECT
    numbered.agent_name AS agent_name,
    numbered.turn AS turn,
    count() AS calls,
    countIf(numbered.input_tokens IS NULL) AS calls_without_usage,
    sum(numbered.input_tokens) AS input_tokens,
    sum(arraySum(part -> if(part.cause = 're_read_from_cache', part.tokens, 0), numbered.input)) AS re_read_from_cache_tokens,
    sum(arraySum(part -> if(part.cause = 'expired_cache_rewrite', part.tokens, 0), numbered.input)) AS rewritten_tokens,
    sum(arraySum(part -> if(part.cause = 're_read_in_full', part.tokens, 0), numbered.input)) AS re_read_in_full_tokens,
    sum(arraySum(part -> if(part.cause = 'unexplained', part.tokens, 0), numbered.input)) AS unexplained_tokens,
    round((re_read_from_cache_tokens + rewritten_tokens + re_read_in_full_tokens) / nullIf(sum(numbered.input_tokens), 0), 4) AS re_read_share,
    sum(arraySum(part -> if(part.is_unknown, part.tokens, 0), numbered.input)) AS unpriced,
    sum(arraySum(part -> part.known_cost_usd, numbered.input)) AS input_known_cost_usd,
    sum(arraySum(part -> if(part.cause = 're_read_from_cache', part.known_cost_usd, toDecimal128(0, 15)), numbered.input)) AS re_read_from_cache_known_cost_usd,
    sum(arraySum(part -> if(part.cause = 'expired_cache_rewrite', part.known_cost_usd, toDecimal128(0, 15)), numbered.input)) AS rewritten_known_cost_usd,
    sum(arraySum(part -> if(part.cause = 're_read_in_full', part.known_cost_usd, toDecimal128(0, 15)), numbered.input)) AS re_read_in_full_known_cost_usd
FROM numbered
GROUP BY numbered.agent_name, numbered.turn
ORDER BY agent_name, turn
