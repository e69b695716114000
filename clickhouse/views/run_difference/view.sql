-- How do two runs differ: two traces, conversations or services, or two ranges of time?
-- Grain: one row per cause, largest change first, and before them one row for the whole, whose cause is empty; the causes sum to the whole. The first run is chosen by from, to, in_trace, in_conversation and in_service, the second by the same with other_; empty ones ask for all.
-- Excludes: nothing; costs are known costs: unpriced_calls and other_unpriced_calls count the calls of which a part has no usage or no price.
CREATE VIEW IF NOT EXISTS ${database}.run_difference ${on_cluster}
AS
WITH parts AS
    (
        SELECT false AS is_other, total.* FROM
        (
            SELECT '' AS cause, total.calls AS calls, ifNull(total.input_tokens, 0) + ifNull(total.output_tokens, 0) AS tokens, total.unpriced_calls AS unpriced_calls, total.known_cost_usd AS known_cost_usd
            FROM ${database}.selection_total(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS total
        ) AS total
        UNION ALL
        SELECT true, total.* FROM
        (
            SELECT '' AS cause, total.calls AS calls, ifNull(total.input_tokens, 0) + ifNull(total.output_tokens, 0) AS tokens, total.unpriced_calls AS unpriced_calls, total.known_cost_usd AS known_cost_usd
            FROM ${database}.selection_total(from = {other_from:DateTime64(9, 'UTC')}, to = {other_to:DateTime64(9, 'UTC')}, in_trace = {other_trace:String}, in_conversation = {other_conversation:String}, in_service = {other_service:String}) AS total
        ) AS total
        UNION ALL
        SELECT false, spent.cause, spent.calls, spent.tokens, spent.unpriced_calls, spent.known_cost_usd
        FROM ${database}.spend_by_cause(by = '', from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS spent
        UNION ALL
        SELECT true, spent.cause, spent.calls, spent.tokens, spent.unpriced_calls, spent.known_cost_usd
        FROM ${database}.spend_by_cause(by = '', from = {other_from:DateTime64(9, 'UTC')}, to = {other_to:DateTime64(9, 'UTC')}, in_trace = {other_trace:String}, in_conversation = {other_conversation:String}, in_service = {other_service:String}) AS spent
    )
SELECT
    parts.cause AS cause,
    sumIf(parts.calls, NOT parts.is_other) AS calls,
    sumIf(parts.calls, parts.is_other) AS other_calls,
    sumIf(parts.tokens, NOT parts.is_other) AS tokens,
    sumIf(parts.tokens, parts.is_other) AS other_tokens,
    sumIf(parts.unpriced_calls, NOT parts.is_other) AS unpriced_calls,
    sumIf(parts.unpriced_calls, parts.is_other) AS other_unpriced_calls,
    sumIf(parts.known_cost_usd, NOT parts.is_other) AS known_cost_usd,
    sumIf(parts.known_cost_usd, parts.is_other) AS other_known_cost_usd,
    sumIf(parts.known_cost_usd, parts.is_other) - sumIf(parts.known_cost_usd, NOT parts.is_other) AS change_usd,
    if(sumIf(parts.known_cost_usd, NOT parts.is_other) = 0, NULL, round(100 * toFloat64(sumIf(parts.known_cost_usd, parts.is_other) - sumIf(parts.known_cost_usd, NOT parts.is_other)) / toFloat64(sumIf(parts.known_cost_usd, NOT parts.is_other)), 2)) AS change_percent
FROM parts
GROUP BY parts.cause
ORDER BY parts.cause != '', abs(change_usd) DESC, cause
