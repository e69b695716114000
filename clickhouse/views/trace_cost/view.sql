-- What each trace cost, dearest first.
-- Grain: one row per trace with model calls.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.trace_cost ${on_cluster}
AS
SELECT
    replaceAll(toString(calls.trace_id), '-', '') AS trace_id,
    min(calls.started_at) AS first_call_at,
    max(calls.started_at) AS last_call_at,
    any(calls.service_name) AS service_name,
    count() AS calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.billed_by = 0
    AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
GROUP BY calls.trace_id
ORDER BY sum(calls.known_cost_usd) DESC, calls.trace_id
