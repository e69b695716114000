-- What each model cost, dearest first, and the classes of tokens it was billed for.
-- Grain: one row per provider, model as reported, and service tier.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.model_cost ${on_cluster}
AS
SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.service_tier AS service_tier,
    count() AS calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(ifNull(calls.cache_write_tokens, 0) + ifNull(calls.cache_write_5m_tokens, 0) + ifNull(calls.cache_write_30m_tokens, 0)
        + ifNull(calls.cache_write_1h_tokens, 0) + ifNull(calls.cache_write_12h_tokens, 0)) AS cache_write_tokens,
    sum(calls.output_tokens) AS output_tokens,
    sum(calls.reasoning_tokens) AS reasoning_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.billed_by = 0
    AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
GROUP BY calls.provider, calls.model, calls.service_tier
ORDER BY sum(calls.known_cost_usd) DESC, calls.provider, calls.model, calls.service_tier
