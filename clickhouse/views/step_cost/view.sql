-- What each step of an agent's loop costs: does a run get dearer as it goes on?
-- Grain: one row per agent and step; step 0 holds calls whose place is not known.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.step_cost ${on_cluster}
AS
SELECT
    calls.agent_name AS agent_name,
    calls.agent_step AS agent_step,
    count() AS calls,
    round(avg(calls.input_tokens)) AS mean_input_tokens,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.billed_by = 0
    AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
GROUP BY calls.agent_name, calls.agent_step
ORDER BY calls.agent_name, calls.agent_step
