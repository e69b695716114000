-- The price cards with all their prices, as calls are or could be priced.
-- Grain: one row per card. prices are USD per token, request or session, an array over the bands of context_from for each class in the order of counts in billed_classes, NULL where the card has no price; no fee per request is a fee of 0. is_current: in the newest catalogue, and not only in the one that a call was priced with.
-- Excludes: nothing.
CREATE VIEW IF NOT EXISTS ${database}.card_prices ${on_cluster}
AS
SELECT
    cards.price_card_id AS price_card_id,
    any(cards.provider) AS provider,
    any(cards.model) AS model,
    any(cards.region) AS region,
    any(cards.service_tier) AS service_tier,
    any(cards.valid_from) AS valid_from,
    any(cards.context_from) AS context_from,
    any([
        cards.input, cards.cache_read, cards.cache_write, cards.cache_write_5m,
        cards.cache_write_30m, cards.cache_write_1h, cards.cache_write_12h, cards.input_audio,
        cards.cache_read_audio, cards.input_image, cards.input_video, cards.input_document,
        cards.input_tool_use, cards.output, cards.reasoning, cards.output_audio,
        cards.output_image, cards.prediction_accepted, cards.prediction_rejected,
        cards.web_search, cards.web_fetch, cards.file_search, cards.code_execution,
        arrayMap(fee -> ifNull(fee, toDecimal64(0, 15)), cards.request)
    ]) AS prices,
    max(cards.price_version) = (SELECT max(catalogues.price_version) FROM ${database}.price_catalogues AS catalogues) AS is_current
FROM ${database}.price_cards AS cards
GROUP BY cards.price_card_id
