-- What will be spent in the next days, with the error that the same forecast would have had so far.
-- Grain: one row per day ahead (`days`, at most 366), with the estimated total up to its end. Of everything where scope is 'all' and name ''; else of one customer, feature or agent with those under it.
-- Excludes: the day of `to` and all after it, for history is complete days, 180 at most; no row without a week of them. Estimates from known costs: unpriced_calls counts what may come on top. Method: a day costs the mean of the same weekday in the four weeks before. The same was forecast at every earlier day of the history, for as many days ahead: actual over forecast total, at its median, corrects the estimate, and at its 10th and 90th percentile makes low and high, between which four of five past totals were. With fewer than 14 such back tests there is no correction, and low and high are NULL. The back tests overlap, so a change of regime is seen late.
CREATE VIEW IF NOT EXISTS ${database}.burn_rate ${on_cluster}
AS
WITH
    toDate(least({to:DateTime64(9, 'UTC')}, toDateTime64(now('UTC'), 9, 'UTC'))) AS today,
    -- The cost of every day up to yesterday, from the first with a call.
    history AS
    (
        SELECT
            arrayReverse(groupArrayInsertAt(toFloat64(0))(toFloat64(spent.known_cost_usd), toUInt32(today - spent.day - 1))) AS costs,
            sum(spent.unpriced_calls) AS unpriced_calls
        FROM
        (
            SELECT
                toDate(calls.started_at) AS day, sum(calls.known_cost_usd) AS known_cost_usd, countIf(calls.unpriced != '') AS unpriced_calls
            FROM ${database}.llm_calls AS calls FINAL
            WHERE calls.billed_by = 0
                AND calls.started_at >= greatest({from:DateTime64(9, 'UTC')}, toDateTime64(today - 180, 9, 'UTC')) AND calls.started_at < toDateTime64(today, 9, 'UTC')
                AND multiIf(
                    {scope:String} = 'customer', calls.customer_id = {name:String},
                    {scope:String} = 'feature', calls.feature_name = {name:String},
                    {scope:String} = 'agent', calls.agent_name = {name:String} OR has(calls.agent_path, {name:String}),
                    NOT throwIf({scope:String} != 'all', 'scope is all, customer, feature or agent'))
            GROUP BY day
        ) AS spent
    ),
    -- The forecast of every day that had a week before it, today's last, from what was known then.
    forecasts AS
    (
        SELECT
            history.unpriced_calls AS unpriced_calls, length(history.costs) AS days_of_history, known,
            arrayReverse(arraySlice(history.costs, greatest(known - 27, 1), least(known, 28))) AS latest_first,
            arrayMap(
                ahead -> arrayAvg(arrayFilter((cost, back) -> back % 7 = (7 - ahead % 7) % 7, latest_first, arrayEnumerate(latest_first))),
                range(least({days:UInt16}, 366))) AS usual,
            arrayCumSum(usual) AS usual_totals,
            -- As far as it has come to pass.
            arrayCumSum(arraySlice(history.costs, known + 1, least({days:UInt16}, 366))) AS actual_totals
        FROM history
        ARRAY JOIN range(7, length(history.costs) + 1) AS known
    ),
    ahead AS
    (
        SELECT
            number AS number,
            any(forecasts.days_of_history) AS days_of_history,
            any(forecasts.unpriced_calls) AS unpriced_calls,
            maxIf(forecasts.usual[number], forecasts.known = forecasts.days_of_history) AS usual,
            maxIf(forecasts.usual_totals[number], forecasts.known = forecasts.days_of_history) AS usual_total,
            countIf(number <= length(forecasts.actual_totals) AND forecasts.usual_totals[number] > 0) AS back_tests,
            if(back_tests < 14, [], quantilesExactInclusiveIf(0.1, 0.5, 0.9)(
                forecasts.actual_totals[number] / forecasts.usual_totals[number],
                number <= length(forecasts.actual_totals) AND forecasts.usual_totals[number] > 0)) AS ratios
        FROM forecasts
        ARRAY JOIN arrayEnumerate(forecasts.usual) AS number
        GROUP BY number
    )
SELECT
    today + toInt32(ahead.number) - 1 AS day,
    round(ahead.usual, 9) AS same_weekday_mean_usd,
    round(ahead.usual_total * if(empty(ahead.ratios), 1, ahead.ratios[2]), 9) AS estimated_total_usd,
    if(empty(ahead.ratios), NULL, round(ahead.usual_total * ahead.ratios[1], 9)) AS low_total_usd,
    if(empty(ahead.ratios), NULL, round(ahead.usual_total * ahead.ratios[3], 9)) AS high_total_usd,
    ahead.back_tests AS back_tests,
    ahead.days_of_history AS days_of_history,
    ahead.unpriced_calls AS unpriced_calls
FROM ahead
ORDER BY day
