-- What prompt caching earned and cost: the discount on what was read, against the premium on what was written.
-- Grain: one row per provider, model and agent with cache tokens.
-- Excludes: calls without a price card, in unpriced_calls. A write that is never read shows as loss; which ones those are is another question.
CREATE VIEW IF NOT EXISTS ${database}.cache_profit_and_loss ${on_cluster}
AS
SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.price_card_id = 0) AS unpriced_calls,
    sum(calls.read_tokens) AS cache_read_tokens,
    sum(calls.written_tokens) AS cache_write_tokens,
    sum(calls.discount) AS read_discount_usd,
    sum(calls.premium) AS write_premium_usd,
    sum(calls.discount) - sum(calls.premium) AS net_saving_usd
FROM
(
    SELECT
        calls.provider AS provider, calls.model AS model, calls.agent_name AS agent_name, calls.price_card_id AS price_card_id,
        ifNull(calls.cache_read_tokens, 0) + ifNull(calls.cache_read_audio_tokens, 0) AS read_tokens,
        ifNull(calls.cache_write_tokens, 0) + ifNull(calls.cache_write_5m_tokens, 0) + ifNull(calls.cache_write_30m_tokens, 0)
            + ifNull(calls.cache_write_1h_tokens, 0) + ifNull(calls.cache_write_12h_tokens, 0) AS written_tokens,
        toDecimal128(ifNull(calls.cache_read_tokens, 0), 0) * (ifNull(cards.input[calls.price_band], 0) - ifNull(cards.cache_read[calls.price_band], 0))
            + toDecimal128(ifNull(calls.cache_read_audio_tokens, 0), 0) * (ifNull(cards.input_audio[calls.price_band], 0) - ifNull(cards.cache_read_audio[calls.price_band], 0)) AS discount,
        toDecimal128(ifNull(calls.cache_write_tokens, 0), 0) * (ifNull(cards.cache_write[calls.price_band], 0) - ifNull(cards.input[calls.price_band], 0))
            + toDecimal128(ifNull(calls.cache_write_5m_tokens, 0), 0) * (ifNull(cards.cache_write_5m[calls.price_band], 0) - ifNull(cards.input[calls.price_band], 0))
            + toDecimal128(ifNull(calls.cache_write_30m_tokens, 0), 0) * (ifNull(cards.cache_write_30m[calls.price_band], 0) - ifNull(cards.input[calls.price_band], 0))
            + toDecimal128(ifNull(calls.cache_write_1h_tokens, 0), 0) * (ifNull(cards.cache_write_1h[calls.price_band], 0) - ifNull(cards.input[calls.price_band], 0))
            + toDecimal128(ifNull(calls.cache_write_12h_tokens, 0), 0) * (ifNull(cards.cache_write_12h[calls.price_band], 0) - ifNull(cards.input[calls.price_band], 0)) AS premium
    FROM ${database}.llm_calls AS calls FINAL
    LEFT JOIN ${database}.price_cards AS cards ON cards.price_version = calls.price_version AND cards.price_card_id = calls.price_card_id
    WHERE calls.billed_by = 0
        AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
        AND read_tokens + written_tokens > 0
) AS calls
GROUP BY calls.provider, calls.model, calls.agent_name
ORDER BY net_saving_usd DESC, provider, model, agent_name
