-- Where the money went by cause, for each agent, customer, session, model or service, or for all together.
-- Grain: one row per name of what it is `by` and cause, dearest first; by is agent, customer, session (the conversation, else the trace), model or service, and anything else is all together under an empty name. The causes are listed at explain_calls; they sum to the cost of the calls, to the last digit. name_known_cost_usd is what the name cost by all causes; is_waste: paid for what had been paid for before, failed or was never used.
-- Excludes: nothing; what is not explained stands under unexplained. cost_usd is NULL where a part is not reported or has no price: unpriced_calls counts the calls, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.spend_by_cause ${on_cluster}
AS
SELECT
    calls.name AS name,
    parts.cause AS cause,
    uniqExact(sipHash64(parts.trace_id, parts.span_id)) AS calls,
    sum(parts.tokens) AS tokens,
    uniqExactIf(sipHash64(parts.trace_id, parts.span_id), parts.cost_usd IS NULL) AS unpriced_calls,
    if(unpriced_calls = 0, sum(parts.cost_usd), NULL) AS cost_usd,
    sum(parts.known_cost_usd) AS known_cost_usd,
    sum(sum(parts.known_cost_usd)) OVER (PARTITION BY calls.name) AS name_known_cost_usd,
    cause IN ('failed_attempt', 'exact_duplicate', 'expired_cache_rewrite', 're_read_in_full', 'unused_tool_definitions') AS is_waste
FROM ${database}.call_cause_cost(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {in_trace:String}) AS parts
INNER JOIN
(
    SELECT
        calls.started_at AS started_at,
        replaceAll(toString(calls.trace_id), '-', '') AS trace_id,
        lower(leftPad(hex(calls.span_id), 16, '0')) AS span_id,
        multiIf(
            {by:String} = 'agent', toString(calls.agent_name),
            {by:String} = 'customer', calls.customer_id,
            {by:String} = 'session', if(calls.conversation_id = '', replaceAll(toString(calls.trace_id), '-', ''), calls.conversation_id),
            {by:String} = 'model', toString(calls.model),
            {by:String} = 'service', toString(calls.service_name),
            '') AS name
    FROM ${database}.billed_classes(
        from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
        in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
) AS calls
    ON calls.trace_id = parts.trace_id AND calls.span_id = parts.span_id AND calls.started_at = parts.started_at
GROUP BY calls.name, parts.cause
ORDER BY sum(parts.known_cost_usd) DESC, name, cause
