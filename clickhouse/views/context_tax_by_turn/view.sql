-- What is paid for context that had been read before: turn by turn, from the cache, again after it expired, and in full.
-- Grain: one row per agent and turn. A turn is the place of a call in its conversation, where one is known, else in its run; a conversation that began before the window is counted from where the window begins.
-- Excludes: output; failed calls and exact duplicates, which are told of by retry_cost and duplicate_calls. Calls that do not say how their prompt was made are in unexplained_tokens, and calls that are not explained yet too, with no cost. Costs are known costs: unpriced counts input tokens without a price.
CREATE VIEW IF NOT EXISTS ${database}.context_tax_by_turn ${on_cluster}
AS
WITH
    ['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input,
    calls AS
    (
        SELECT
            calls.agent_name AS agent_name, calls.started_at AS started_at, calls.span_id AS span_id, calls.input_tokens AS input_tokens,
            if(calls.conversation_id = '', sipHash64(calls.trace_id, calls.agent_run_id), sipHash64(calls.conversation_id, calls.agent_name)) AS conversation,
            arraySum((cause, tokens) -> if(cause = 're_read_from_cache', tokens, 0), calls.causes, calls.tokens) AS from_cache_tokens,
            arraySum((cause, tokens) -> if(cause = 'expired_cache_rewrite', tokens, 0), calls.causes, calls.tokens) AS rewritten_tokens,
            arraySum((cause, tokens) -> if(cause = 're_read_in_full', tokens, 0), calls.causes, calls.tokens) AS in_full_tokens,
            arraySum((cause, tokens) -> if(cause = 'unexplained', tokens, 0), calls.causes, calls.tokens) AS unexplained_tokens,
            arraySum((component, tokens, unknown) -> if(unknown AND component NOT IN no_input, tokens, 0), calls.components, calls.tokens, calls.is_unknown) AS unpriced,
            arraySum((component, cost) -> if(component NOT IN no_input, cost, toDecimal128(0, 15)), calls.components, calls.known_costs_usd) AS input_cost_usd,
            arraySum((cause, cost) -> if(cause = 're_read_from_cache', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd) AS from_cache_cost_usd,
            arraySum((cause, cost) -> if(cause = 'expired_cache_rewrite', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd) AS rewritten_cost_usd,
            arraySum((cause, cost) -> if(cause = 're_read_in_full', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd) AS in_full_cost_usd
        FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
        WHERE NOT hasAny(calls.causes, ['failed_attempt', 'exact_duplicate'])
    ),
    numbered AS
    (
        SELECT calls.*, row_number() OVER (PARTITION BY calls.conversation ORDER BY calls.started_at, calls.span_id) AS turn
        FROM calls
    )
SELECT
    numbered.agent_name AS agent_name,
    numbered.turn AS turn,
    count() AS calls,
    countIf(numbered.input_tokens IS NULL) AS calls_without_usage,
    sum(numbered.input_tokens) AS input_tokens,
    sum(numbered.from_cache_tokens) AS re_read_from_cache_tokens,
    sum(numbered.rewritten_tokens) AS rewritten_tokens,
    sum(numbered.in_full_tokens) AS re_read_in_full_tokens,
    sum(numbered.unexplained_tokens) AS unexplained_tokens,
    round((sum(numbered.from_cache_tokens) + sum(numbered.rewritten_tokens) + sum(numbered.in_full_tokens)) / nullIf(sum(numbered.input_tokens), 0), 4) AS re_read_share,
    sum(numbered.unpriced) AS unpriced,
    sum(numbered.input_cost_usd) AS input_known_cost_usd,
    sum(numbered.from_cache_cost_usd) AS re_read_from_cache_known_cost_usd,
    sum(numbered.rewritten_cost_usd) AS rewritten_known_cost_usd,
    sum(numbered.in_full_cost_usd) AS re_read_in_full_known_cost_usd
FROM numbered
GROUP BY numbered.agent_name, numbered.turn
ORDER BY agent_name, turn
