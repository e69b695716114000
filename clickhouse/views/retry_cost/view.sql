-- What failing costs: calls that failed or whose answers were abandoned, and requests that had to be sent again.
-- Grain: one row per provider, model and agent with such calls, dearest first. Costs are of whole calls that failed or were abandoned; those that the provider refused are known to cost nothing.
-- extra_attempts are requests that the SDK repeated within one call: the provider bills the last one, so they have no cost of their own. attempts_unknown counts calls that do not tell.
-- Excludes: cancelled calls, which somebody wanted to end. cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.retry_cost ${on_cluster}
AS
SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.outcome = 'failed') AS failed_calls,
    countIf(calls.outcome = 'abandoned') AS abandoned_calls,
    countIf(calls.attempts > 1) AS retried_calls,
    sumIf(calls.attempts - 1, calls.attempts > 1) AS extra_attempts,
    countIf(calls.attempts = 0) AS attempts_unknown,
    sumIf(calls.input_tokens, calls.outcome IN ('failed', 'abandoned')) AS wasted_input_tokens,
    sumIf(calls.output_tokens, calls.outcome IN ('failed', 'abandoned')) AS wasted_output_tokens,
    countIf(calls.outcome IN ('failed', 'abandoned') AND calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sumIf(calls.known_cost_usd, calls.outcome IN ('failed', 'abandoned')), NULL) AS cost_usd,
    sumIf(calls.known_cost_usd, calls.outcome IN ('failed', 'abandoned')) AS known_cost_usd
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.billed_by = 0
    AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
GROUP BY calls.provider, calls.model, calls.agent_name
HAVING failed_calls + abandoned_calls + retried_calls > 0
ORDER BY sumIf(calls.known_cost_usd, calls.outcome IN ('failed', 'abandoned')) DESC, provider, model, agent_name
