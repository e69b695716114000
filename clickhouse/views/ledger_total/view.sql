-- Everything in one row: what was spent, how much of it is known, and what was counted once though reported twice.
-- Grain: one row.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.ledger_total ${on_cluster}
AS
SELECT
    uniqExactIf(calls.trace_id, calls.billed_by = 0) AS traces,
    countIf(calls.billed_by = 0) AS calls,
    countIf(calls.billed_by = 0 AND calls.outcome NOT IN ('completed', '')) AS unfinished_calls,
    countIf(calls.billed_by != 0) AS repeated_reports,
    sumIf(greatest(calls.attempts, 1) - 1, calls.billed_by = 0) AS retries,
    sumIf(calls.input_tokens, calls.billed_by = 0) AS input_tokens,
    sumIf(calls.cache_read_tokens, calls.billed_by = 0) AS cache_read_tokens,
    sumIf(calls.output_tokens, calls.billed_by = 0) AS output_tokens,
    sumIf(calls.reasoning_tokens, calls.billed_by = 0) AS reasoning_tokens,
    countIf(calls.billed_by = 0 AND calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sumIf(calls.known_cost_usd, calls.billed_by = 0), NULL) AS cost_usd,
    sumIf(calls.known_cost_usd, calls.billed_by = 0) AS known_cost_usd,
    sumIf(calls.known_cost_usd, calls.billed_by = 0 AND calls.agent_name != '') AS agent_cost_usd,
    sumIf(calls.known_cost_usd, calls.billed_by = 0 AND calls.agent_name = '') AS agentless_cost_usd
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
