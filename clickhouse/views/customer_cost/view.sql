-- What each customer cost, by the feature that was used.
-- Grain: one row per customer and feature; empty names hold calls that carry none.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.customer_cost ${on_cluster}
AS
SELECT
    calls.customer_id AS customer_id,
    calls.feature_name AS feature_name,
    uniqExactIf(calls.task_id, calls.task_id != '') AS tasks,
    uniqExact(calls.trace_id) AS traces,
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
GROUP BY calls.customer_id, calls.feature_name
ORDER BY sum(calls.known_cost_usd) DESC, calls.customer_id, calls.feature_name
