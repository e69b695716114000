-- Where the money went by cause, for each agent, customer, session, model or service, or for all together.
-- Grain: one row per name of what it is `by` and cause, dearest first; by is agent, customer, session (the conversation, else the trace), model or service, and anything else is all together under an empty name. The causes are listed at explain_calls; they sum to the cost of the calls, to the last digit. name_known_cost_usd is what the name cost by all causes; is_waste: paid for what had been paid for before, failed or was never used.
-- Excludes: nothing; what is not explained stands under unexplained. cost_usd is NULL where a part is not reported or has no price: unpriced_calls counts the calls, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.spend_by_cause ${on_cluster}
AS
SELECT
    paid.name AS name,
    part.cause AS cause,
    countIf(part.nth_of_cause = 1) AS calls,
    sum(part.tokens) AS tokens,
    countIf(part.is_unknown AND part.nth_alike = 1) AS unpriced_calls,
    if(unpriced_calls = 0, sum(part.known_cost_usd), NULL) AS cost_usd,
    sum(part.known_cost_usd) AS known_cost_usd,
    sum(sum(part.known_cost_usd)) OVER (PARTITION BY paid.name) AS name_known_cost_usd,
    cause IN ('failed_attempt', 'exact_duplicate', 'expired_cache_rewrite', 're_read_in_full', 'unused_tool_definitions') AS is_waste
FROM
(
    SELECT
        multiIf(
            {by:String} = 'agent', toString(calls.agent_name),
            {by:String} = 'customer', calls.customer_id,
            {by:String} = 'session', if(calls.conversation_id = '', replaceAll(toString(calls.trace_id), '-', ''), calls.conversation_id),
            {by:String} = 'model', toString(calls.model),
            {by:String} = 'service', toString(calls.service_name),
            '') AS name,
        calls.causes AS causes, calls.tokens AS tokens, calls.is_unknown AS is_unknown, calls.known_costs_usd AS known_costs_usd
    FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {in_trace:String}) AS calls
    WHERE ({in_conversation:String} = '' OR calls.conversation_id = {in_conversation:String})
        AND ({in_service:String} = '' OR calls.service_name = {in_service:String})
) AS paid
ARRAY JOIN
    arrayZip(
        paid.causes, paid.tokens, paid.is_unknown, paid.known_costs_usd,
        arrayEnumerateUniq(paid.causes), arrayEnumerateUniq(paid.causes, paid.is_unknown))::Array(Tuple(
            cause String, tokens UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15), nth_of_cause UInt32, nth_alike UInt32)) AS part
GROUP BY paid.name, part.cause
ORDER BY sum(part.known_cost_usd) DESC, name, cause
