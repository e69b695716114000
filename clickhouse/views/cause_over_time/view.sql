-- What was spent when, and why: a series for every cause.
-- Grain: one row per span of time (`every` hour, day, week or month, in UTC) and cause; the causes are listed at explain_calls, and they sum to the cost of the calls, to the last digit. Spans of time without a call have no row.
-- Excludes: nothing; what is not explained stands under unexplained. cost_usd is NULL where a part is not reported or has no price: unpriced_calls counts the calls, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.cause_over_time ${on_cluster}
AS
SELECT
    multiIf(
        {every:String} = 'hour', toStartOfHour(toDateTime(paid.started_at, 'UTC')),
        {every:String} = 'day', toStartOfDay(toDateTime(paid.started_at, 'UTC')),
        {every:String} = 'week', toDateTime(toMonday(paid.started_at), 'UTC'),
        toDateTime(toStartOfMonth(paid.started_at), 'UTC')) AS starts_at,
    part.cause AS cause,
    countIf(part.nth_of_cause = 1) AS calls,
    sum(part.tokens) AS tokens,
    sum(part.fees) AS fees,
    countIf(part.is_unknown AND part.nth_alike = 1) AS unpriced_calls,
    if(unpriced_calls = 0, sum(part.known_cost_usd), NULL) AS cost_usd,
    sum(part.known_cost_usd) AS known_cost_usd
FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {in_trace:String}) AS paid
ARRAY JOIN
    arrayZip(
        paid.causes, paid.tokens, paid.fees, paid.is_unknown, paid.known_costs_usd,
        arrayEnumerateUniq(paid.causes), arrayEnumerateUniq(paid.causes, paid.is_unknown))::Array(Tuple(
            cause String, tokens UInt64, fees UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15), nth_of_cause UInt32, nth_alike UInt32)) AS part
WHERE ({in_conversation:String} = '' OR paid.conversation_id = {in_conversation:String})
    AND ({in_service:String} = '' OR paid.service_name = {in_service:String})
    AND NOT throwIf({every:String} NOT IN ('hour', 'day', 'week', 'month'), 'every is hour, day, week or month')
GROUP BY starts_at, part.cause
ORDER BY starts_at, sum(part.known_cost_usd) DESC, cause
