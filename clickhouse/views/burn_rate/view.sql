-- What will be spent in the next days, with the error that the same forecast would have had so far.
-- Grain: one row per day ahead (`days`, at most 366), with the estimated total up to its end. Of everything where scope is 'all' and name ''; else of one customer, feature or agent with those under it.
-- Excludes: the day of `to` and all after it, for history is complete days, 180 at most; no row without a week of them. Estimates from known costs: unpriced_calls counts what may come on top. Method: a day costs the mean of the same weekday in the four weeks before. The same was forecast at every earlier day of the history, for as many days ahead: actual over forecast total, at its median, corrects the estimate, and at its 10th and 90th percentile makes low and high, between which four of five past totals were. With fewer than 14 such back tests there is no correction, and low and high are NULL. The back tests overlap, so a change of regime is seen late.
CREATE VIEW IF NOT EXISTS ${database}.burn_rate ${on_cluster}
AS
WITH
    toDate(least({to:DateTime64(9, 'UTC')}, toDateTime64(now('UTC'), 9, 'UTC'))) AS today,
    spent AS
    (
        SELECT
            toDate(calls.started_at) AS day, sum(calls.known_cost_usd) AS known_cost_usd, countIf(calls.cost_usd IS NULL) AS unpriced_calls
        FROM ${database}.llm_calls AS calls FINAL
        WHERE calls.billed_by = 0
            AND calls.started_at >= greatest({from:DateTime64(9, 'UTC')}, toDateTime64(today - 180, 9, 'UTC')) AND calls.started_at < toDateTime64(today, 9, 'UTC')
            AND multiIf(
                {scope:String} = 'customer', calls.customer_id = {name:String},
                {scope:String} = 'feature', calls.feature_name = {name:String},
                {scope:String} = 'agent', calls.agent_name = {name:String} OR has(calls.agent_path, {name:String}),
                NOT throwIf({scope:String} != 'all', 'scope is all, customer, feature or agent'))
        GROUP BY day
    ),
    days AS
    (
        SELECT span.first_day + offset AS day, ifNull(toFloat64(spent.known_cost_usd), 0) AS cost
        FROM (SELECT min(spent.day) AS first_day, count() AS days_with_calls FROM spent) AS span
        ARRAY JOIN range(if(span.days_with_calls = 0, 0, toUInt32(today - span.first_day))) AS offset
        LEFT JOIN spent ON spent.day = span.first_day + offset
    ),
    -- What was known on each day about each weekday.
    weekdays AS
    (
        SELECT days.day + distance AS origin, toDayOfWeek(days.day) AS weekday, avg(days.cost) AS usual
        FROM days
        ARRAY JOIN range(1, 29) AS distance
        WHERE origin <= today AND origin >= (SELECT min(days.day) + 7 FROM days)
        GROUP BY origin, weekday
    ),
    forecasts AS
    (
        SELECT
            ahead.origin AS origin, ahead.day AS day, ahead.usual AS usual,
            sum(ahead.usual) OVER upto AS usual_total,
            sum(days.cost) OVER upto AS actual_total
        FROM
        (
            SELECT weekdays.origin AS origin, weekdays.origin + number AS day, weekdays.usual AS usual
            FROM weekdays
            ARRAY JOIN range(least({days:UInt16}, 366)) AS number
            WHERE toDayOfWeek(weekdays.origin + number) = weekdays.weekday
        ) AS ahead
        LEFT JOIN days ON days.day = ahead.day
        WINDOW upto AS (PARTITION BY ahead.origin ORDER BY ahead.day ROWS UNBOUNDED PRECEDING)
    ),
    back_tests AS
    (
        SELECT
            forecasts.day - forecasts.origin AS number,
            count() AS tests,
            quantilesExactInclusive(0.1, 0.5, 0.9)(forecasts.actual_total / forecasts.usual_total) AS ratios
        FROM forecasts
        WHERE forecasts.day < today AND forecasts.usual_total > 0
        GROUP BY number
    )
SELECT
    forecasts.day AS day,
    round(forecasts.usual, 9) AS same_weekday_mean_usd,
    round(forecasts.usual_total * if(back_tests.tests >= 14, back_tests.ratios[2], 1), 9) AS estimated_total_usd,
    if(back_tests.tests >= 14, round(forecasts.usual_total * back_tests.ratios[1], 9), NULL) AS low_total_usd,
    if(back_tests.tests >= 14, round(forecasts.usual_total * back_tests.ratios[3], 9), NULL) AS high_total_usd,
    back_tests.tests AS back_tests,
    (SELECT count() FROM days) AS days_of_history,
    (SELECT sum(spent.unpriced_calls) FROM spent) AS unpriced_calls
FROM forecasts
LEFT JOIN back_tests ON back_tests.number = forecasts.day - forecasts.origin
WHERE forecasts.origin = today
ORDER BY day
