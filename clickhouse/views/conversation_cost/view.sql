-- What each conversation cost, dearest first, and how large its context grew.
-- Grain: one row per customer and conversation; the empty id holds calls that carry none.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.conversation_cost ${on_cluster}
AS
SELECT
    calls.customer_id AS customer_id,
    calls.conversation_id AS conversation_id,
    min(calls.started_at) AS first_call_at,
    max(calls.started_at) AS last_call_at,
    uniqExact(calls.trace_id) AS traces,
    arraySort(groupUniqArrayIf(calls.agent_name, calls.agent_name != '')) AS agents,
    count() AS calls,
    max(calls.input_tokens) AS largest_input_tokens,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.billed_by = 0
    AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
GROUP BY calls.customer_id, calls.conversation_id
ORDER BY sum(calls.known_cost_usd) DESC, calls.customer_id, calls.conversation_id
