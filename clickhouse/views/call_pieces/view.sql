-- What each piece of each prompt cost: system, tool definitions, messages, results, documents, media.
-- Grain: one row per billed call that says how its prompt was made; kinds (letters of call_prompts), names (tools of d and r), fingerprints, prefixes, markup, carried, tokens, unpriced and known_costs_usd are lists over its pieces, which sum to its billed input. asked_tools: those that the answer asks for; retrieval_used: the per cent of retrieved context that it repeats.
-- A piece has the share of the billed input that its estimated size is of the prompt, as a stretch of it, at the price of the classes in that stretch: providers read from the cache first, then write, then charge the rest. Carried: it was there before the model last spoke.
-- Excludes: calls that do not say how their prompt was made; cause_cost has them under unexplained. input_tokens is NULL where no usage was reported: the pieces have no tokens then.
CREATE VIEW IF NOT EXISTS ${database}.call_pieces ${on_cluster}
AS
WITH
    cards AS
    (
        SELECT
            cards.price_card_id AS price_card_id, cards.band AS band,
            -- In the order in which a provider takes up what they are for.
            arrayMap(place -> cards.prices[place], [2, 9, 4, 5, 6, 7, 3, 1, 13, 12, 10, 11, 8]) AS prices
        FROM ${database}.band_prices AS cards
    ),
    billed AS
    (
        SELECT
            billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id, billed.agent_name AS agent_name,
            billed.agent_run_id AS agent_run_id, billed.customer_id AS customer_id, billed.feature_name AS feature_name,
            billed.provider AS provider, billed.model AS model, billed.outcome AS outcome, billed.input_tokens AS input_tokens,
            billed.price_band AS price_band, billed.price_card_id AS price_card_id,
            -- In the order in which a provider takes them up.
            [
                billed.cache_read_tokens, billed.cache_read_audio_tokens, billed.cache_write_5m_tokens, billed.cache_write_30m_tokens,
                billed.cache_write_1h_tokens, billed.cache_write_12h_tokens, billed.cache_write_tokens, billed.input_text_tokens,
                billed.input_tool_use_tokens, billed.input_document_tokens, billed.input_image_tokens, billed.input_video_tokens,
                billed.input_audio_tokens
            ] AS class_counts,
            ifNull(billed.cache_read_audio_tokens, 0) + arraySum(count -> ifNull(count, 0), arraySlice(class_counts, 10)) AS media_tokens
        FROM ${database}.llm_calls AS billed FINAL
        WHERE billed.billed_by = 0
            AND billed.started_at >= {from:DateTime64(9, 'UTC')} AND billed.started_at < {to:DateTime64(9, 'UTC')}
    ),
    paired AS
    (
        SELECT
            billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id,
            billed.* EXCEPT (started_at, trace_id, span_id), prompts.* EXCEPT (started_at, trace_id, span_id)
        FROM billed
        INNER JOIN
        (
            SELECT
                prompts.started_at AS started_at, prompts.trace_id AS trace_id, prompts.span_id AS span_id, prompts.segment_kinds AS segment_kinds,
                prompts.segment_tokens AS segment_tokens, prompts.segment_markup AS segment_markup, prompts.segment_fingerprints AS segment_fingerprints,
                prompts.prefix_fingerprints AS prefix_fingerprints, prompts.tool_names::Array(String) AS tool_names,
                prompts.asked_tools::Array(String) AS asked_tools, prompts.retrieval_used AS retrieval_used
            FROM ${database}.call_prompts AS prompts FINAL
            WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} AND prompts.started_at < {to:DateTime64(9, 'UTC')}
                AND prompts.segment_kinds != ''
        ) AS prompts
            ON toDate(prompts.started_at) = toDate(billed.started_at) AND prompts.trace_id = billed.trace_id AND prompts.span_id = billed.span_id AND prompts.started_at = billed.started_at
        -- Both are read in this order: nothing has to be kept.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    stretched AS
    (
        SELECT
            paired.*,
            arrayFilter(
                class -> class.count > 0,
                arrayMap((count, price) -> (toInt64(ifNull(count, 0)), price), paired.class_counts, arrayResize(cards.prices, 13))::Array(Tuple(count Int64, price Nullable(Decimal(18, 15))))
            ) AS classes,
            arraySum(class -> class.count, classes) AS total,
            arrayCumSum(class -> class.count, classes) AS class_ends,
            arrayCumSum(paired.segment_tokens) AS reached,
            arrayMap(
                (size, number) -> if(number = length(paired.segment_tokens), total, toInt64(intDiv(toUInt64(total) * size, greatest(reached[-1], 1)))),
                reached, arrayEnumerate(reached)) AS boundaries
        FROM paired
        LEFT ANY JOIN cards ON cards.price_card_id = paired.price_card_id AND cards.band = paired.price_band
    ),
    priced AS
    (
        SELECT
            stretched.*,
            splitByString('', stretched.segment_kinds) AS kinds,
            arrayFilter((number, letter) -> letter IN ('d', 'r'), arrayEnumerate(kinds), kinds) AS named,
            arrayFilter((number, letter) -> letter NOT IN ('d', 'r'), arrayEnumerate(kinds), kinds) AS nameless,
            arrayMap(
                boundary -> arraySum(
                    (class, class_end) -> toDecimal128(greatest(0, least(boundary - class_end + class.count, class.count)), 0) * ifNull(class.price, 0),
                    stretched.classes, stretched.class_ends),
                stretched.boundaries)::Array(Decimal(38, 15)) AS cost_to,
            arrayMap(
                boundary -> arraySum(
                    (class, class_end) -> if(class.price IS NULL, greatest(0, least(boundary - class_end + class.count, class.count)), 0),
                    stretched.classes, stretched.class_ends),
                stretched.boundaries)::Array(Int64) AS unpriced_to
        FROM stretched
    )
SELECT
    priced.started_at AS started_at, priced.trace_id AS trace_id, priced.span_id AS span_id, priced.agent_name AS agent_name,
    priced.agent_run_id AS agent_run_id, priced.customer_id AS customer_id, priced.feature_name AS feature_name,
    priced.provider AS provider, priced.model AS model, priced.outcome AS outcome, priced.input_tokens AS input_tokens,
    priced.media_tokens AS media_tokens, priced.asked_tools AS asked_tools, priced.retrieval_used AS retrieval_used,
    priced.kinds AS kinds,
    -- Names are put to their places by sorting: a list within a lambda is copied for every element.
    arrayMap(
        piece -> piece.2,
        arraySort(piece -> piece.1, arrayConcat(
            arrayZip(priced.named, arrayResize(priced.tool_names, length(priced.named))),
            arrayMap(number -> (number, ''), priced.nameless)))) AS names,
    priced.segment_fingerprints AS fingerprints,
    priced.prefix_fingerprints AS prefixes,
    priced.segment_markup AS markup,
    arrayMap((letter, number) -> number < arrayLastIndex(earlier -> earlier = 'a', priced.kinds), priced.kinds, arrayEnumerate(priced.kinds)) AS carried,
    arrayMap((upto, before) -> upto - before, priced.boundaries, arrayPushFront(arrayPopBack(priced.boundaries), 0)) AS tokens,
    arrayMap((upto, before) -> upto - before, priced.unpriced_to, arrayPushFront(arrayPopBack(priced.unpriced_to), 0)) AS unpriced,
    arrayMap((upto, before) -> upto - before, priced.cost_to, arrayPushFront(arrayPopBack(priced.cost_to), toDecimal128(0, 15))) AS known_costs_usd
FROM priced
-- Prices are few, whatever way this is itself joined in.
SETTINGS join_algorithm = 'direct,parallel_hash,hash'
