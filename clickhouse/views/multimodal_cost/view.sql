-- What images, audio, video and documents cost, in and out.
-- Grain: one row per provider, model, agent, direction and medium (image, audio, video, document; any where the provider bills media as text), dearest first.
-- Tokens and cost are as billed. Where a provider counts no media but the prompt has some, they are estimated by convention, since their tokens do not follow from their bytes: those columns say estimated.
-- Excludes: calls without media; media in calls that neither bill them apart nor say how their prompt was made. tokens and cost_usd are NULL there. cost_usd is NULL too where media have no price: unpriced counts their tokens.
CREATE VIEW IF NOT EXISTS ${database}.multimodal_cost ${on_cluster}
AS
WITH
    prices AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            any([cards.input_image, cards.input_audio, cards.cache_read_audio, cards.input_video, cards.input_document, cards.output_image, cards.output_audio]) AS bands
        FROM ${database}.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    parts AS
    (
        SELECT
            billed.provider AS provider, billed.model AS model, billed.agent_name AS agent_name, billed.trace_id AS trace_id, billed.span_id AS span_id,
            part.direction AS direction, part.medium AS medium, toInt64(part.tokens)::Nullable(Int64) AS tokens, NULL::Nullable(Int64) AS tokens_estimated,
            toInt64(if(part.price IS NULL, part.tokens, 0)) AS unpriced,
            toDecimal128(part.tokens, 0) * ifNull(part.price, 0) AS known_cost_usd, NULL::Nullable(Decimal(38, 15)) AS known_cost_usd_estimated
        FROM
        (
            SELECT billed.*
            FROM ${database}.llm_calls AS billed FINAL
            WHERE billed.billed_by = 0
                AND billed.started_at >= {from:DateTime64(9, 'UTC')} AND billed.started_at < {to:DateTime64(9, 'UTC')}
                AND ifNull(billed.input_image_tokens, 0) + ifNull(billed.input_audio_tokens, 0) + ifNull(billed.cache_read_audio_tokens, 0)
                    + ifNull(billed.input_video_tokens, 0) + ifNull(billed.input_document_tokens, 0)
                    + ifNull(billed.output_image_tokens, 0) + ifNull(billed.output_audio_tokens, 0) > 0
        ) AS billed
        LEFT JOIN prices ON prices.price_card_id = billed.price_card_id
        ARRAY JOIN
            arrayFilter(
                part -> part.tokens > 0,
                arrayMap(
                    (direction, medium, tokens, bands) -> (direction, medium, ifNull(tokens, 0), bands[billed.price_band]),
                    ['input', 'input', 'input', 'input', 'input', 'output', 'output'],
                    ['image', 'audio', 'audio', 'video', 'document', 'image', 'audio'],
                    [
                        billed.input_image_tokens, billed.input_audio_tokens, billed.cache_read_audio_tokens, billed.input_video_tokens,
                        billed.input_document_tokens, billed.output_image_tokens, billed.output_audio_tokens
                    ],
                    arrayResize(prices.bands, 7))::Array(Tuple(direction String, medium String, tokens UInt64, price Nullable(Decimal(18, 15))))) AS part
        UNION ALL
        SELECT
            calls.provider, calls.model, calls.agent_name, calls.trace_id, calls.span_id, 'input', 'any', NULL,
            if(calls.input_tokens IS NULL, NULL, arraySum((kind, tokens) -> if(kind = 'm', tokens, 0), calls.kinds, calls.tokens)),
            arraySum((kind, unpriced) -> if(kind = 'm', unpriced, 0), calls.kinds, calls.unpriced),
            toDecimal128(0, 15),
            if(calls.input_tokens IS NULL, NULL, arraySum((kind, cost) -> if(kind = 'm', cost, toDecimal128(0, 15)), calls.kinds, calls.known_costs_usd))
        FROM ${database}.call_pieces(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
        WHERE calls.media_tokens = 0 AND has(calls.kinds, 'm')
    )
SELECT
    parts.provider AS provider,
    parts.model AS model,
    parts.agent_name AS agent_name,
    parts.direction AS direction,
    parts.medium AS medium,
    uniqExact((parts.trace_id, parts.span_id)) AS calls,
    countIf(parts.tokens IS NULL AND parts.tokens_estimated IS NULL) AS calls_without_usage,
    sum(parts.tokens) AS tokens,
    sum(parts.tokens_estimated) AS tokens_estimated,
    sum(parts.unpriced) AS unpriced,
    if(sum(parts.unpriced) = 0 AND parts.medium != 'any', sum(parts.known_cost_usd), NULL) AS cost_usd,
    sum(parts.known_cost_usd) AS known_cost_usd,
    sum(parts.known_cost_usd_estimated) AS known_cost_usd_estimated
FROM parts
GROUP BY parts.provider, parts.model, parts.agent_name, parts.direction, parts.medium
ORDER BY sum(parts.known_cost_usd) + ifNull(sum(parts.known_cost_usd_estimated), 0) DESC, provider, model, agent_name, direction, medium
