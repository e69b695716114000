-- Which customers cost far more than most, and whether they pay for it.
-- Grain: one row per customer that cost at least `times` as much as the median customer, dearest first.
-- Excludes: calls without a customer, except from share: of all spending. Costs are known costs: unpriced_calls counts what may come on top. revenue_usd and margin_usd as in unit_economics.
CREATE VIEW IF NOT EXISTS ${database}.inference_whales ${on_cluster}
AS
SELECT
    whales.customer_id AS customer_id,
    whales.calls AS calls,
    whales.unpriced_calls AS unpriced_calls,
    whales.cost_usd AS cost_usd,
    whales.known_cost_usd AS known_cost_usd,
    whales.rank AS rank,
    whales.times_median AS times_median,
    whales.share AS share,
    whales.cumulative_share AS cumulative_share,
    whales.revenue_usd AS revenue_usd,
    whales.margin_usd AS margin_usd
FROM
(
    SELECT
        units.*,
        row_number() OVER dearest AS rank,
        round(toFloat64(units.known_cost_usd) / nullIf(toFloat64(quantileExact(0.5)(units.known_cost_usd) OVER ()), 0), 6) AS times_median,
        round(toFloat64(units.known_cost_usd) / nullIf(toFloat64(units.whole), 0), 6) AS share,
        round(toFloat64(sum(units.known_cost_usd) OVER dearest) / nullIf(toFloat64(units.whole), 0), 6) AS cumulative_share
    FROM
    (
        SELECT levels.*, maxIf(levels.known_cost_usd, levels.level = 'whole') OVER () AS whole
        FROM ${database}.unit_economics(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS levels
        WHERE levels.level IN ('customer', 'whole')
    ) AS units
    WHERE units.level = 'customer' AND units.customer_id != '' AND units.calls > 0
    WINDOW dearest AS (ORDER BY units.known_cost_usd DESC, units.customer_id ROWS UNBOUNDED PRECEDING)
) AS whales
WHERE whales.times_median >= {times:Float64}
ORDER BY rank
