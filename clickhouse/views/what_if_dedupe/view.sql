-- What if a prompt that the same model had just answered had been answered from memory?
-- Grain: one row per provider, model and agent, the largest saving first. changed_calls are the exact duplicates that explain_calls found: the whole prompt was answered by the same model within the hour before.
-- Assumes: exact arithmetic, if the first answer serves again, and keeping it costs nothing.
-- Excludes: nothing. unrecorded_calls do not say how their prompt was made, or are not explained yet (a job does it every minute): whether they are duplicates is unknown, and they save nothing. Duplicates without a price are counted in unpriced_calls and save nothing.
CREATE VIEW IF NOT EXISTS ${database}.what_if_dedupe ${on_cluster}
AS
SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(why.is_duplicate AND calls.known_cost_usd > 0) AS changed_calls,
    countIf(why.is_duplicate AND calls.cost_usd IS NULL) AS unpriced_calls,
    countIf(NOT why.is_recorded) AS unrecorded_calls,
    if(countIf(calls.cost_usd IS NULL) = 0, sum(calls.cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd,
    sum(calls.known_cost_usd) - sumIf(calls.known_cost_usd, why.is_duplicate) AS what_if_cost_usd,
    sumIf(calls.known_cost_usd, why.is_duplicate) AS saved_usd
FROM ${database}.billed_classes(
    from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
    in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
LEFT JOIN
(
    SELECT why.started_at AS started_at, why.trace_id AS trace_id, why.span_id AS span_id, has(why.causes, 'exact_duplicate') AS is_duplicate, why.prompt_end != 0 AS is_recorded
    FROM ${database}.call_causes AS why FINAL
    WHERE why.started_at >= {from:DateTime64(9, 'UTC')} AND why.started_at < {to:DateTime64(9, 'UTC')}
) AS why
    ON toDate(why.started_at) = toDate(calls.started_at) AND why.trace_id = calls.trace_id AND why.span_id = calls.span_id AND why.started_at = calls.started_at
GROUP BY calls.provider, calls.model, calls.agent_name
ORDER BY saved_usd DESC, provider, model, agent_name
-- Both are read in this order: nothing has to be kept.
SETTINGS join_algorithm = 'full_sorting_merge'
