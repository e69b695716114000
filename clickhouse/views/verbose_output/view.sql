-- Which agents write answers far longer than they usually do, and what the excess costs.
-- Grain: one row per agent and model with visible output, dearest excess first. An answer is verbose where it is more than twice as long as the median of its agent and model in the window; what is above the median is excess.
-- Excludes: reasoning; calls without a count of their output are in calls_without_usage. Costs are known costs: unpriced counts excess tokens without a price.
CREATE VIEW IF NOT EXISTS ${database}.verbose_output ${on_cluster}
AS
WITH
    prices AS
    (
        SELECT cards.price_card_id AS price_card_id, any(cards.output) AS output
        FROM ${database}.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    usual AS
    (
        SELECT
            calls.provider AS provider, calls.model AS model, calls.agent_name AS agent_name,
            quantileExact(0.5)(calls.output_text_tokens) AS median, quantileExact(0.95)(calls.output_text_tokens) AS nearly_longest
        FROM ${database}.llm_calls AS calls FINAL
        WHERE calls.billed_by = 0
            AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')} AND calls.output_text_tokens > 0
        GROUP BY calls.provider, calls.model, calls.agent_name
    )
SELECT
    calls.agent_name AS agent_name,
    calls.provider AS provider,
    calls.model AS model,
    countIf(calls.output_text_tokens IS NOT NULL) AS calls,
    countIf(calls.output_text_tokens IS NULL) AS calls_without_usage,
    any(usual.median) AS median_tokens,
    any(usual.nearly_longest) AS p95_tokens,
    countIf(calls.output_text_tokens > 2 * usual.median) AS verbose_calls,
    sum(calls.output_text_tokens) AS output_text_tokens,
    ifNull(sumIf(calls.output_text_tokens - usual.median, calls.output_text_tokens > 2 * usual.median), 0) AS excess_tokens,
    ifNull(sumIf(calls.output_text_tokens - usual.median, calls.output_text_tokens > 2 * usual.median AND prices.output[calls.price_band] IS NULL), 0) AS unpriced,
    sum(toDecimal128(ifNull(calls.output_text_tokens, 0), 0) * ifNull(prices.output[calls.price_band], 0)) AS output_text_known_cost_usd,
    ifNull(sumIf(toDecimal128(calls.output_text_tokens - usual.median, 0) * ifNull(prices.output[calls.price_band], 0), calls.output_text_tokens > 2 * usual.median), 0) AS excess_known_cost_usd
FROM
(
    SELECT calls.*
    FROM ${database}.llm_calls AS calls FINAL
    WHERE calls.billed_by = 0
        AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
        AND (calls.output_text_tokens > 0 OR calls.output_text_tokens IS NULL) AND calls.operation != 'embeddings'
) AS calls
LEFT JOIN usual ON usual.provider = calls.provider AND usual.model = calls.model AND usual.agent_name = calls.agent_name
LEFT JOIN prices ON prices.price_card_id = calls.price_card_id
GROUP BY calls.provider, calls.model, calls.agent_name
ORDER BY excess_known_cost_usd DESC, output_text_known_cost_usd DESC, agent_name, provider, model
