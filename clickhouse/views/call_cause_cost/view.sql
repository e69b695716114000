-- Why each call was paid for: every token and fee of it, with its cause.
-- Grain: one row per call, stretch of its prompt or answer, and price component; of one trace, or of all where trace_id is ''. The causes are listed at explain_calls. Parts of a call sum to its cost, to the last digit.
-- Excludes: nothing. Calls that are not explained yet (a job does it every minute), or that do not say how their prompt was made, stand under unexplained, and so does usage that was not reported, with 0 tokens. cost_usd is NULL where a part is not reported or has no price: known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.call_cause_cost ${on_cluster}
AS
WITH
    [
        'input', 'cache_read', 'cache_write', 'cache_write_5m', 'cache_write_30m', 'cache_write_1h',
        'cache_write_12h', 'input_audio', 'cache_read_audio', 'input_image', 'input_video', 'input_document',
        'input_tool_use', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted',
        'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'
    ] AS priced,
    ['web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS priced_per_use,
    cards AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            any([
                cards.input, cards.cache_read, cards.cache_write, cards.cache_write_5m,
                cards.cache_write_30m, cards.cache_write_1h, cards.cache_write_12h, cards.input_audio,
                cards.cache_read_audio, cards.input_image, cards.input_video, cards.input_document,
                cards.input_tool_use, cards.output, cards.reasoning, cards.output_audio,
                cards.output_image, cards.prediction_accepted, cards.prediction_rejected,
                cards.web_search, cards.web_fetch, cards.file_search, cards.code_execution, cards.request
            ]) AS prices
        FROM ${database}.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    read AS
    (
        SELECT
            billed.started_at AS started_at, billed.model AS model, billed.agent_path AS agent_path, billed.agent_name AS agent_name, billed.customer_id AS customer_id, billed.feature_name AS feature_name,
            billed.trace_id AS trace_id, billed.span_id AS span_id, billed.known_cost_usd AS known_cost_usd, billed.cost_usd IS NULL AS is_unpriced,
            billed.price_band AS price_band, cards.prices AS prices,
            ifNull(billed.input_tokens, 0) + ifNull(billed.output_tokens, 0) AS tokens, why.causes AS causes, why.components AS said_components, why.counts AS counts,
            -- A call that was explained before all of its usage had come in is not explained yet.
            empty(why.causes) OR arraySum((component, count) -> if(component IN priced_per_use, 0, count), why.components, why.counts) != tokens AS is_unexplained
        FROM
        (
            SELECT billed.*
            FROM ${database}.llm_calls AS billed FINAL
            WHERE billed.billed_by = 0
                AND billed.started_at >= {from:DateTime64(9, 'UTC')} AND billed.started_at < {to:DateTime64(9, 'UTC')}
                AND ({trace_id:String} = '' OR billed.trace_id = toUUIDOrZero({trace_id:String}))
        ) AS billed
        LEFT JOIN
        (
            SELECT why.*
            FROM ${database}.call_causes AS why FINAL
            WHERE why.started_at >= {from:DateTime64(9, 'UTC')} AND why.started_at < {to:DateTime64(9, 'UTC')}
                AND ({trace_id:String} = '' OR why.trace_id = toUUIDOrZero({trace_id:String}))
        ) AS why
            ON why.trace_id = billed.trace_id AND why.span_id = billed.span_id AND why.started_at = billed.started_at
        LEFT JOIN cards ON cards.price_card_id = billed.price_card_id
    ),
    explained AS
    (
        SELECT
            read.*,
            -- Hardly a provider charges for the request as such.
            arrayFilter(part -> part.2 != 'request' OR ifNull(part.5, 0) > 0, arrayMap(
                (cause, component, count) -> (cause, component, count, component IN priced_per_use, read.prices[indexOf(priced, component)][read.price_band]),
                read.causes, read.said_components, read.counts))::Array(Tuple(cause String, component String, count UInt64, is_fee Bool, price Nullable(Decimal(18, 15)))) AS known_parts,
            multiIf(
                read.is_unexplained, [('unexplained', '', read.tokens, false, NULL)],
                -- Usage that was not reported has no token to stand for it.
                read.is_unpriced AND NOT arrayExists(part -> part.5 IS NULL, known_parts), arrayPushBack(known_parts, ('unexplained', '', 0, false, NULL)),
                known_parts)::Array(Tuple(cause String, component String, count UInt64, is_fee Bool, price Nullable(Decimal(18, 15)))) AS parts
        FROM read
    ),
    paid AS
    (
        SELECT
            explained.started_at AS started_at, explained.model AS model, explained.agent_path AS agent_path, explained.agent_name AS agent_name, explained.customer_id AS customer_id, explained.feature_name AS feature_name,
            explained.trace_id AS trace_id, explained.span_id AS span_id,
            part.cause AS cause, part.component AS component, if(part.is_fee, 0, part.count) AS tokens, if(part.is_fee, part.count, 0) AS fees,
            explained.is_unpriced AND part.price IS NULL AS is_unknown,
            multiIf(
                explained.is_unexplained, explained.known_cost_usd,
                -- A call that was refused cost nothing, whatever a request costs.
                explained.known_cost_usd = 0, toDecimal128(0, 15),
                ifNull(toDecimal128(part.count, 0) * part.price, toDecimal128(0, 15))) AS known_cost_usd
        FROM explained
        ARRAY JOIN explained.parts AS part
    )
SELECT
    replaceAll(toString(paid.trace_id), '-', '') AS trace_id,
    lower(leftPad(hex(paid.span_id), 16, '0')) AS span_id,
    paid.started_at AS started_at,
    paid.model AS model,
    paid.agent_path AS agent_path,
    paid.agent_name AS agent_name,
    paid.customer_id AS customer_id,
    paid.feature_name AS feature_name,
    paid.cause AS cause,
    paid.component AS component,
    paid.tokens AS tokens,
    paid.fees AS fees,
    if(paid.is_unknown, NULL, paid.known_cost_usd) AS cost_usd,
    paid.known_cost_usd AS known_cost_usd
FROM paid
ORDER BY started_at, span_id, cause, component
