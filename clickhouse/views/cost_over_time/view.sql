-- What was spent when: a series by model, agent, customer, feature, service or provider.
-- Grain: one row per span of time (`every` hour, day, week or month, in UTC) and name of what the series is `by`; the empty name holds calls that carry none. Agents have their own calls only. Spans of time without a call have no row.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest. Causes by day: cause_cost.
CREATE VIEW IF NOT EXISTS ${database}.cost_over_time ${on_cluster}
AS
SELECT
    multiIf(
        {every:String} = 'hour', toStartOfHour(toDateTime(calls.started_at, 'UTC')),
        {every:String} = 'day', toStartOfDay(toDateTime(calls.started_at, 'UTC')),
        {every:String} = 'week', toDateTime(toMonday(calls.started_at), 'UTC'),
        toDateTime(toStartOfMonth(calls.started_at), 'UTC')) AS starts_at,
    multiIf(
        {by:String} = 'model', toString(calls.model),
        {by:String} = 'agent', toString(calls.agent_name),
        {by:String} = 'customer', calls.customer_id,
        {by:String} = 'feature', toString(calls.feature_name),
        {by:String} = 'service', toString(calls.service_name),
        toString(calls.provider)) AS name,
    count() AS calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.billed_by = 0
    AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
    AND NOT throwIf({every:String} NOT IN ('hour', 'day', 'week', 'month'), 'every is hour, day, week or month')
    AND NOT throwIf({by:String} NOT IN ('model', 'agent', 'customer', 'feature', 'service', 'provider'), 'by is model, agent, customer, feature, service or provider')
GROUP BY starts_at, name
ORDER BY starts_at, sum(calls.known_cost_usd) DESC, name
