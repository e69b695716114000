-- Which calls have a price, and why the others do not.
-- Grain: one row per provider, model, service tier, region and reason; the empty reason holds the priced calls.
-- Excludes: nothing.
CREATE VIEW IF NOT EXISTS ${database}.price_coverage ${on_cluster}
AS
SELECT
    calls.unpriced AS reason,
    calls.provider AS provider,
    calls.model AS model,
    calls.service_tier AS service_tier,
    calls.region AS region,
    count() AS calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.output_tokens) AS output_tokens,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.billed_by = 0
    AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
GROUP BY calls.unpriced, calls.provider, calls.model, calls.service_tier, calls.region
ORDER BY calls.unpriced = '', calls DESC, provider, model, service_tier, region, reason
