-- Which runs of agents went on for far longer, or spent far more, than runs of the same agent for the same feature usually do.
-- Grain: one row per run out of its usual range, dearest first. Usual is up to twice the median, and up to the third quartile plus three times the distance of the quartiles; reason says whether steps or spend or both were above. excess is what the run cost above the median.
-- Excludes: agents with fewer than five runs in the window: nothing is usual there. A run that the window cuts counts with the steps inside it. cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.runaway_loops ${on_cluster}
AS
WITH
    runs AS
    (
        SELECT
            calls.trace_id AS trace_id, calls.agent_run_id AS agent_run_id, calls.agent_name AS agent_name, calls.feature_name AS feature_name,
            any(calls.customer_id) AS customer_id, any(calls.task_id) AS task_id,
            min(calls.started_at) AS first_call_at, max(calls.started_at) AS last_call_at, count() AS calls,
            countIf(calls.unpriced != '') AS unpriced_calls, sum(calls.known_cost_usd) AS known_cost_usd
        FROM ${database}.llm_calls AS calls FINAL
        WHERE calls.billed_by = 0
            AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
        GROUP BY calls.trace_id, calls.agent_run_id, calls.agent_name, calls.feature_name
    ),
    usual AS
    (
        SELECT
            runs.agent_name AS agent_name, runs.feature_name AS feature_name,
            quantilesExact(0.25, 0.5, 0.75)(runs.calls) AS steps, quantilesExact(0.25, 0.5, 0.75)(runs.known_cost_usd) AS spend,
            greatest(2 * steps[2], 4 * steps[3] - 3 * steps[1]) AS most_steps,
            greatest(2 * spend[2], 4 * spend[3] - 3 * spend[1]) AS most_spend
        FROM runs
        GROUP BY runs.agent_name, runs.feature_name
        HAVING count() >= 5
    )
SELECT
    replaceAll(toString(runs.trace_id), '-', '') AS trace_id,
    runs.agent_name AS agent_name,
    runs.agent_run_id AS agent_run_id,
    runs.feature_name AS feature_name,
    runs.customer_id AS customer_id,
    runs.task_id AS task_id,
    runs.first_call_at AS first_call_at,
    runs.last_call_at AS last_call_at,
    multiIf(runs.calls > usual.most_steps AND runs.known_cost_usd > usual.most_spend, 'steps and spend', runs.calls > usual.most_steps, 'steps', 'spend') AS reason,
    runs.calls AS calls,
    usual.steps[2] AS median_calls,
    usual.most_steps AS most_usual_calls,
    runs.unpriced_calls AS unpriced_calls,
    if(runs.unpriced_calls = 0, runs.known_cost_usd, NULL) AS cost_usd,
    runs.known_cost_usd AS known_cost_usd,
    usual.spend[2] AS median_known_cost_usd,
    usual.most_spend AS most_usual_known_cost_usd,
    runs.known_cost_usd - usual.spend[2] AS excess_known_cost_usd
FROM runs
INNER JOIN usual ON usual.agent_name = runs.agent_name AND usual.feature_name = runs.feature_name
WHERE runs.calls > usual.most_steps OR runs.known_cost_usd > usual.most_spend
ORDER BY runs.known_cost_usd DESC, trace_id, agent_run_id
