-- What is paid for context that had been read before: turn by turn, from the cache, again after it expired, and in full.
-- Grain: one row per agent and turn. A turn is the place of a call among those of its agent in the conversation, where one is known, else in the run; a conversation that began before the window is counted from where the window begins.
-- Excludes: output; failed calls and exact duplicates, which are told of by retry_cost and duplicate_calls. Calls that do not say how their prompt was made are in unexplained_tokens, and calls that are not explained yet too, with no cost. Costs are known costs: unpriced counts input tokens without a price.
CREATE VIEW IF NOT EXISTS ${database}.context_tax_by_turn ${on_cluster}
AS
WITH
    ['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input,
    calls AS
    (
        SELECT
            calls.agent_name AS agent_name,
            if(calls.conversation_id = '', sipHash64(calls.trace_id, calls.agent_run_id, calls.agent_name), sipHash64(calls.conversation_id, calls.agent_name)) AS conversation,
            (
                calls.started_at, calls.span_id, calls.input_tokens,
                arraySum((cause, tokens) -> if(cause = 're_read_from_cache', tokens, 0), calls.causes, calls.tokens),
                arraySum((cause, tokens) -> if(cause = 'expired_cache_rewrite', tokens, 0), calls.causes, calls.tokens),
                arraySum((cause, tokens) -> if(cause = 're_read_in_full', tokens, 0), calls.causes, calls.tokens),
                arraySum((cause, tokens) -> if(cause = 'unexplained', tokens, 0), calls.causes, calls.tokens),
                arraySum((component, tokens, unknown) -> if(unknown AND component NOT IN no_input, tokens, 0), calls.components, calls.tokens, calls.is_unknown),
                arraySum((component, cost) -> if(component NOT IN no_input, cost, toDecimal128(0, 15)), calls.components, calls.known_costs_usd),
                arraySum((cause, cost) -> if(cause = 're_read_from_cache', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd),
                arraySum((cause, cost) -> if(cause = 'expired_cache_rewrite', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd),
                arraySum((cause, cost) -> if(cause = 're_read_in_full', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd)
            )::Tuple(
                started_at DateTime64(9, 'UTC'), span_id UInt64, input_tokens Nullable(UInt64), from_cache_tokens UInt64, rewritten_tokens UInt64,
                in_full_tokens UInt64, unexplained_tokens UInt64, unpriced UInt64, input_cost_usd Decimal(38, 15), from_cache_cost_usd Decimal(38, 15),
                rewritten_cost_usd Decimal(38, 15), in_full_cost_usd Decimal(38, 15)) AS call
        FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
        WHERE NOT hasAny(calls.causes, ['failed_attempt', 'exact_duplicate'])
    ),
    -- Each conversation is put in order by itself: to number calls in a window, all of them would be sorted at once.
    conversations AS
    (
        SELECT any(calls.agent_name) AS agent_name, arraySort(groupArray(calls.call)) AS in_order
        FROM calls
        GROUP BY calls.conversation
    )
SELECT
    conversations.agent_name AS agent_name,
    turn,
    count() AS calls,
    countIf(call.input_tokens IS NULL) AS calls_without_usage,
    sum(call.input_tokens) AS input_tokens,
    sum(call.from_cache_tokens) AS re_read_from_cache_tokens,
    sum(call.rewritten_tokens) AS rewritten_tokens,
    sum(call.in_full_tokens) AS re_read_in_full_tokens,
    sum(call.unexplained_tokens) AS unexplained_tokens,
    round((sum(call.from_cache_tokens) + sum(call.rewritten_tokens) + sum(call.in_full_tokens)) / nullIf(sum(call.input_tokens), 0), 4) AS re_read_share,
    sum(call.unpriced) AS unpriced,
    sum(call.input_cost_usd) AS input_known_cost_usd,
    sum(call.from_cache_cost_usd) AS re_read_from_cache_known_cost_usd,
    sum(call.rewritten_cost_usd) AS rewritten_known_cost_usd,
    sum(call.in_full_cost_usd) AS re_read_in_full_known_cost_usd
FROM conversations
ARRAY JOIN conversations.in_order AS call, arrayEnumerate(conversations.in_order) AS turn
GROUP BY conversations.agent_name, turn
ORDER BY agent_name, turn
