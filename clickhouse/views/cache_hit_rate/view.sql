-- Does prompt caching hit as often as it did: the share of input that was read from a provider's cache, beside that of the days before.
-- Grain: one row per provider, model and agent with calls in the window, the largest fall first. base_ columns are of the base_days days before the window.
-- Excludes: calls that do not tell what was read from the cache, in calls_not_telling; rows with fewer than least_tokens input tokens in the window or in the days before. Rates are NULL where no call tells.
CREATE VIEW IF NOT EXISTS ${database}.cache_hit_rate ${on_cluster}
AS
SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    countIf(calls.is_now) AS calls,
    countIf(calls.is_now AND NOT calls.tells) AS calls_not_telling,
    sumIf(calls.input, calls.is_now) AS input_tokens,
    sumIf(calls.read, calls.is_now) AS cache_read_tokens,
    sumIf(calls.input, NOT calls.is_now) AS base_input_tokens,
    sumIf(calls.read, NOT calls.is_now) AS base_cache_read_tokens,
    round(cache_read_tokens / nullIf(input_tokens, 0), 6) AS hit_rate,
    round(base_cache_read_tokens / nullIf(base_input_tokens, 0), 6) AS base_hit_rate,
    round(hit_rate - base_hit_rate, 6) AS hit_rate_change
FROM
(
    SELECT
        billed.provider AS provider, billed.model AS model, billed.agent_name AS agent_name,
        billed.started_at >= {from:DateTime64(9, 'UTC')} AS is_now,
        billed.input_tokens IS NOT NULL AND billed.cache_read_tokens IS NOT NULL AS tells,
        if(tells, assumeNotNull(billed.input_tokens), 0) AS input,
        if(tells, assumeNotNull(billed.cache_read_tokens) + ifNull(billed.cache_read_audio_tokens, 0), 0) AS read
    FROM ${database}.llm_calls AS billed FINAL
    WHERE billed.billed_by = 0
        AND billed.started_at >= {from:DateTime64(9, 'UTC')} - toIntervalDay({base_days:UInt16})
        AND billed.started_at < {to:DateTime64(9, 'UTC')}
) AS calls
GROUP BY calls.provider, calls.model, calls.agent_name
HAVING calls > 0 AND input_tokens >= {least_tokens:UInt64} AND base_input_tokens >= {least_tokens:UInt64}
ORDER BY hit_rate_change ASC NULLS LAST, provider, model, agent_name
