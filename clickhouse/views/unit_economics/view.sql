-- What each customer and feature earned and cost, and the margin between.
-- Grain: one row per customer and feature, per customer, per feature, and for the whole: level says which, and the rows of one level sum to the whole. Revenue that was paid for no feature in particular stands at the empty one.
-- Excludes: revenue outside the window: of a period that lies in it in part, the part by time. revenue_usd is NULL where none is recorded (table revenue), cost_usd where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest. margin_usd is NULL where either is.
CREATE VIEW IF NOT EXISTS ${database}.unit_economics ${on_cluster}
AS
WITH
    booked AS
    (
        SELECT
            calls.customer_id AS customer_id, toString(calls.feature_name) AS feature_name, count() AS calls,
            countIf(calls.unpriced != '') AS unpriced_calls, sum(calls.known_cost_usd) AS known_cost_usd,
            CAST(NULL AS Nullable(Decimal(38, 15))) AS revenue_usd
        FROM ${database}.llm_calls AS calls FINAL
        WHERE calls.billed_by = 0
            AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
        GROUP BY calls.customer_id, feature_name
        UNION ALL
        SELECT
            paid.customer_id, paid.feature_name, 0, 0, toDecimal128(0, 15),
            sum(CAST(
                toDecimal256(paid.revenue_usd, 15)
                    * dateDiff('second', greatest(toDateTime64(paid.starts_at, 9, 'UTC'), {from:DateTime64(9, 'UTC')}), least(toDateTime64(paid.ends_at, 9, 'UTC'), {to:DateTime64(9, 'UTC')}))
                    / dateDiff('second', paid.starts_at, paid.ends_at) AS Decimal(38, 15)))
        FROM ${database}.revenue AS paid FINAL
        WHERE paid.starts_at < {to:DateTime64(9, 'UTC')} AND paid.ends_at > {from:DateTime64(9, 'UTC')}
        GROUP BY paid.customer_id, paid.feature_name
    )
SELECT
    multiIf(
        grouping(booked.customer_id) = 0 AND grouping(booked.feature_name) = 0, 'customer and feature',
        grouping(booked.customer_id) = 0, 'customer',
        grouping(booked.feature_name) = 0, 'feature',
        'whole') AS level,
    booked.customer_id AS customer_id,
    booked.feature_name AS feature_name,
    sum(booked.calls) AS calls,
    sum(booked.unpriced_calls) AS unpriced_calls,
    if(unpriced_calls = 0, sum(booked.known_cost_usd), NULL) AS cost_usd,
    sum(booked.known_cost_usd) AS known_cost_usd,
    sum(booked.revenue_usd) AS revenue_usd,
    revenue_usd - cost_usd AS margin_usd,
    if(revenue_usd = 0, NULL, round(toFloat64(margin_usd) / toFloat64(revenue_usd), 6)) AS margin_share
FROM booked
GROUP BY GROUPING SETS ((booked.customer_id, booked.feature_name), (booked.customer_id), (booked.feature_name), ())
ORDER BY level, sum(booked.known_cost_usd) DESC, customer_id, feature_name
