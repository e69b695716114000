-- How much of the output is reasoning that nobody sees, and what it costs.
-- Grain: one row per provider, model and agent with output, dearest reasoning first.
-- Excludes: calls without output. Whether a model reasoned is unknown where its provider does not count it: calls_not_telling; reasoning_tokens is NULL where none does. Costs are known costs: unpriced counts output tokens without a price.
CREATE VIEW IF NOT EXISTS ${database}.reasoning_share ${on_cluster}
AS
WITH
    prices AS
    (
        SELECT cards.price_card_id AS price_card_id, any(cards.output) AS output, any(cards.reasoning) AS reasoning
        FROM ${database}.price_cards AS cards
        GROUP BY cards.price_card_id
    )
SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.output_tokens IS NULL) AS calls_without_usage,
    countIf(calls.output_tokens IS NOT NULL AND calls.reasoning_tokens IS NULL) AS calls_not_telling,
    sum(calls.output_tokens) AS output_tokens,
    sum(calls.reasoning_tokens) AS reasoning_tokens,
    round(sum(calls.reasoning_tokens) / nullIf(sumIf(calls.output_tokens, calls.reasoning_tokens IS NOT NULL), 0), 4) AS reasoning_share,
    sum(if(prices.output[calls.price_band] IS NULL, ifNull(calls.output_text_tokens, 0), 0)
        + if(prices.reasoning[calls.price_band] IS NULL, ifNull(calls.reasoning_tokens, 0), 0)) AS unpriced,
    sum(toDecimal128(ifNull(calls.output_text_tokens, 0), 0) * ifNull(prices.output[calls.price_band], 0)) AS visible_known_cost_usd,
    sum(toDecimal128(ifNull(calls.reasoning_tokens, 0), 0) * ifNull(prices.reasoning[calls.price_band], 0)) AS reasoning_known_cost_usd
FROM
(
    SELECT calls.*
    FROM ${database}.llm_calls AS calls FINAL
    WHERE calls.billed_by = 0
        AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
        AND calls.operation != 'embeddings' AND (calls.output_tokens IS NULL OR calls.output_tokens > 0)
) AS calls
LEFT JOIN prices ON prices.price_card_id = calls.price_card_id
GROUP BY calls.provider, calls.model, calls.agent_name
ORDER BY reasoning_known_cost_usd DESC, visible_known_cost_usd DESC, provider, model, agent_name
