-- Why the money was spent: what every token and fee was paid for.
-- Grain: one row per day, agent, customer, feature and cause; the causes are listed at explain_calls. Add them up as you like: they sum to the cost of all calls, to the last digit. Single calls and traces: call_cause_cost.
-- Excludes: nothing. Calls that are not explained yet (a job does it every minute), or that do not say how their prompt was made, stand under unexplained, and so does usage that was not reported, with 0 tokens. cost_usd is NULL where a part is not reported or has no price: unpriced_calls counts the calls, unpriced their tokens and fees without a price, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.cause_cost ${on_cluster}
AS
SELECT
    toDate(paid.started_at) AS day,
    paid.agent_name AS agent_name,
    paid.customer_id AS customer_id,
    paid.feature_name AS feature_name,
    part.cause AS cause,
    countIf(part.nth_of_cause = 1) AS calls,
    sum(part.tokens) AS tokens,
    sum(part.fees) AS fees,
    sumIf(part.tokens + part.fees, part.is_unknown) AS unpriced,
    countIf(part.is_unknown AND part.nth_alike = 1) AS unpriced_calls,
    if(unpriced_calls = 0, sum(part.known_cost_usd), NULL) AS cost_usd,
    sum(part.known_cost_usd) AS known_cost_usd
FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS paid
ARRAY JOIN
    arrayZip(
        paid.causes, paid.tokens, paid.fees, paid.is_unknown, paid.known_costs_usd,
        arrayEnumerateUniq(paid.causes), arrayEnumerateUniq(paid.causes, paid.is_unknown))::Array(Tuple(
            cause String, tokens UInt64, fees UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15), nth_of_cause UInt32, nth_alike UInt32)) AS part
GROUP BY day, paid.agent_name, paid.customer_id, paid.feature_name, part.cause
ORDER BY sum(part.known_cost_usd) DESC, day, agent_name, customer_id, feature_name, cause
