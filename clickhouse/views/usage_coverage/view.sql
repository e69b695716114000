-- How sure the token counts are: what providers reported, what was counted here, and what nobody said.
-- Grain: one row per provider and instrumentation scope.
-- Excludes: nothing. Calls that the provider refused before any output are no_usage and refused: they cost nothing.
CREATE VIEW IF NOT EXISTS ${database}.usage_coverage ${on_cluster}
AS
SELECT
    calls.provider AS provider,
    calls.scope_name AS scope_name,
    count() AS calls,
    countIf(calls.usage_source = 'reported') AS reported,
    countIf(calls.usage_source = 'partial') AS partial,
    countIf(calls.usage_source = 'estimated') AS estimated,
    countIf(calls.usage_source = 'none') AS no_usage,
    countIf(calls.usage_source = 'none' AND calls.cost_usd IS NOT NULL) AS refused,
    countIf(calls.usage_split = 'assumed') AS assumed_split,
    countIf(calls.usage_inconsistent != '') AS inconsistent,
    arraySort(groupUniqArrayArrayIf(splitByChar(',', toString(calls.usage_inconsistent)), calls.usage_inconsistent != '')) AS inconsistent_counts
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.billed_by = 0
    AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
GROUP BY calls.provider, calls.scope_name
ORDER BY calls.provider, calls.scope_name
