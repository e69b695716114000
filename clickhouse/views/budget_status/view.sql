-- How much of each budget is spent at an instant, and whether it will last.
-- Grain: one row per budget in force (table budgets), for the period of the calendar that the instant lies in.
-- Excludes: what has no usage or no price: unpriced_calls counts it, cost_usd is then NULL and known_cost_usd the rest. pace is the share spent over the share of time gone: above 1 the budget will not last; estimated_usd is what the period costs at this pace. burn_rate forecasts with its error.
CREATE VIEW IF NOT EXISTS ${database}.budget_status ${on_cluster}
AS
WITH
    in_force AS
    (
        SELECT
            budgets.scope AS scope, budgets.name AS name, budgets.period AS period,
            argMax(tuple(budgets.limit_usd), budgets.valid_from).1 AS limit_usd,
            toDateTime(multiIf(
                period = 'day', toDate({at:DateTime64(9, 'UTC')}),
                period = 'week', toMonday({at:DateTime64(9, 'UTC')}),
                period = 'month', toStartOfMonth({at:DateTime64(9, 'UTC')}),
                period = 'quarter', toStartOfQuarter({at:DateTime64(9, 'UTC')}),
                toStartOfYear({at:DateTime64(9, 'UTC')})), 'UTC') AS period_start,
            multiIf(
                period = 'day', period_start + INTERVAL 1 DAY,
                period = 'week', period_start + INTERVAL 1 WEEK,
                period = 'month', period_start + INTERVAL 1 MONTH,
                period = 'quarter', period_start + INTERVAL 1 QUARTER,
                period_start + INTERVAL 1 YEAR) AS period_end
        FROM ${database}.budgets AS budgets FINAL
        WHERE budgets.valid_from <= toDate({at:DateTime64(9, 'UTC')})
        GROUP BY budgets.scope, budgets.name, budgets.period
        HAVING limit_usd IS NOT NULL
    ),
    spent AS
    (
        SELECT
            days.day AS day, payer.1 AS scope, payer.2 AS name,
            sum(days.calls) AS calls, sum(days.unpriced_calls) AS unpriced_calls, sum(days.known_cost_usd) AS known_cost_usd
        FROM
        (
            SELECT
                toDate(calls.started_at) AS day, calls.customer_id AS customer_id, toString(calls.feature_name) AS feature_name,
                arrayDistinct(if(empty(calls.agent_path), [calls.agent_name], calls.agent_path))::Array(String) AS agents,
                count() AS calls, countIf(calls.unpriced != '') AS unpriced_calls, sum(calls.known_cost_usd) AS known_cost_usd
            FROM ${database}.llm_calls AS calls FINAL
            WHERE calls.billed_by = 0
                AND calls.started_at >= (SELECT min(in_force.period_start) FROM in_force) AND calls.started_at < {at:DateTime64(9, 'UTC')}
            GROUP BY day, calls.customer_id, feature_name, agents
        ) AS days
        ARRAY JOIN arrayConcat([('all', ''), ('customer', days.customer_id), ('feature', days.feature_name)], arrayMap(agent -> ('agent', agent), days.agents)) AS payer
        GROUP BY days.day, payer.1, payer.2
    ),
    status AS
    (
        SELECT
            in_force.scope AS scope, in_force.name AS name, in_force.period AS period,
            in_force.period_start AS period_start, in_force.period_end AS period_end, any(in_force.limit_usd) AS limit_usd,
            sumIf(spent.calls, spent.day >= in_force.period_start) AS calls,
            sumIf(spent.unpriced_calls, spent.day >= in_force.period_start) AS unpriced_calls,
            sumIf(spent.known_cost_usd, spent.day >= in_force.period_start) AS known_cost_usd
        FROM in_force
        LEFT JOIN spent ON spent.scope = in_force.scope AND spent.name = in_force.name
        GROUP BY in_force.scope, in_force.name, in_force.period, in_force.period_start, in_force.period_end
    )
SELECT
    status.scope AS scope,
    status.name AS name,
    status.period AS period,
    status.period_start AS period_start,
    status.period_end AS period_end,
    status.limit_usd AS limit_usd,
    status.calls AS calls,
    status.unpriced_calls AS unpriced_calls,
    if(status.unpriced_calls = 0, status.known_cost_usd, NULL) AS cost_usd,
    status.known_cost_usd AS known_cost_usd,
    status.limit_usd - status.known_cost_usd AS remaining_usd,
    round(toFloat64(status.known_cost_usd) / toFloat64(status.limit_usd), 6) AS share_spent,
    round(dateDiff('second', status.period_start, {at:DateTime64(9, 'UTC')}) / dateDiff('second', status.period_start, status.period_end), 6) AS share_of_time,
    if(share_of_time = 0, NULL, round(share_spent / share_of_time, 6)) AS pace,
    if(share_of_time = 0, NULL, round(toFloat64(status.known_cost_usd) / share_of_time, 6)) AS estimated_usd
FROM status
ORDER BY share_spent DESC, scope, name, period
