-- What was spent on one trace, conversation or service, or in all, and when.
-- Grain: one row. An empty in_trace, in_conversation or in_service asks for all.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.selection_total ${on_cluster}
AS
SELECT
    count() AS calls,
    uniqExact(calls.trace_id) AS traces,
    uniqExactIf(calls.conversation_id, calls.conversation_id != '') AS conversations,
    minOrNull(calls.started_at) AS first_call_at,
    maxOrNull(calls.started_at) AS last_call_at,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.cost_usd IS NULL) AS unpriced_calls,
    if(unpriced_calls = 0, ifNull(sum(calls.cost_usd), 0), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM ${database}.billed_classes(
    from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
    in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
