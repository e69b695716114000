-- The price cards with the prices of each band of context: what multiplies the tokens of a call.
-- Grain: one row per card and band. prices are USD per token, request or session, one for each class in the order of counts in billed_classes, NULL where the card has no price; no fee per request is a fee of 0. context_from: the input tokens from which the band's prices hold, for the whole call.
-- Excludes: nothing.
CREATE VIEW IF NOT EXISTS ${database}.band_prices ${on_cluster}
AS
SELECT
    cards.price_card_id AS price_card_id,
    band,
    cards.context_from[band] AS context_from,
    arrayMap(bands -> bands[band], cards.prices) AS prices
FROM ${database}.card_prices AS cards
ARRAY JOIN arrayEnumerate(cards.context_from) AS band
