-- The traces whose model calls began last, newest first.
-- Grain: one row per trace with model calls, as many as max_rows.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.recent_traces ${on_cluster}
AS
SELECT
    replaceAll(toString(calls.trace_id), '-', '') AS trace_id,
    min(calls.started_at) AS first_call_at,
    any(calls.service_name) AS service_name,
    arraySort(groupUniqArrayIf(calls.agent_name, calls.agent_name != '')) AS agents,
    arraySort(groupUniqArrayIf(calls.model, calls.model != '')) AS models,
    count() AS calls,
    countIf(calls.outcome NOT IN ('completed', '')) AS unfinished_calls,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.billed_by = 0
    AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
GROUP BY calls.trace_id
ORDER BY min(calls.started_at) DESC, calls.trace_id
LIMIT {max_rows:UInt64}
