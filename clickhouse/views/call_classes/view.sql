-- What one call was billed for, class by class, at which price, and where that price was read.
-- Grain: one row per class of tokens, fee or request that the call used, in the order of billed_classes. usd_per_unit is the price of one token or use on the card and in the band of context (from so many input tokens on) that the call was priced with; priced_as is another class where that one's price stands in. layer, source, checked_on and confidence are of the catalogue that priced it, empty where that does not say.
-- Excludes: classes that were not reported, which are not zero: unpriced of call_detail names them. cost_usd is NULL where the class has no price.
CREATE VIEW IF NOT EXISTS ${database}.call_classes ${on_cluster}
AS
WITH
    [
        'input', 'cache_read', 'cache_write', 'cache_write_5m', 'cache_write_30m', 'cache_write_1h',
        'cache_write_12h', 'input_audio', 'cache_read_audio', 'input_image', 'input_video', 'input_document',
        'input_tool_use', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted',
        'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'
    ] AS classes,
    used AS
    (
        SELECT
            calls.price_version AS price_version, calls.price_card_id AS price_card_id, calls.price_band AS price_band,
            place, classes[place] AS component, assumeNotNull(used_of_it) AS units
        FROM ${database}.llm_calls AS calls FINAL
        ARRAY JOIN
            arrayEnumerate(classes) AS place,
            [
                calls.input_text_tokens, calls.cache_read_tokens, calls.cache_write_tokens, calls.cache_write_5m_tokens,
                calls.cache_write_30m_tokens, calls.cache_write_1h_tokens, calls.cache_write_12h_tokens, calls.input_audio_tokens,
                calls.cache_read_audio_tokens, calls.input_image_tokens, calls.input_video_tokens, calls.input_document_tokens,
                calls.input_tool_use_tokens, calls.output_text_tokens, calls.reasoning_tokens, calls.output_audio_tokens,
                calls.output_image_tokens, calls.prediction_accepted_tokens, calls.prediction_rejected_tokens,
                calls.web_search_requests, calls.web_fetch_requests, calls.file_search_requests, calls.code_execution_sessions,
                -- A request that was refused costs nothing, whatever a request costs.
                toUInt64(calls.billed_line = '' AND calls.usage_source != 'none')
            ] AS used_of_it
        WHERE calls.trace_id = toUUIDOrZero({trace_id:String})
            -- Where to look: rows lie by day.
            AND toDate(calls.started_at) GLOBAL IN (SELECT days.started_on FROM ${database}.trace_days AS days WHERE days.trace_id = toUUIDOrZero({trace_id:String}))
            AND lower(leftPad(hex(calls.span_id), 16, '0')) = lower({span_id:String})
            AND used_of_it > 0
    ),
    priced AS
    (
        SELECT
            used.place AS place, used.component AS component, used.units AS units,
            cards.context_from AS context_from, cards.prices[used.place] AS price
        FROM used
        LEFT ANY JOIN ${database}.band_prices AS cards ON cards.price_card_id = used.price_card_id AND cards.band = used.price_band
    ),
    origins AS
    (
        SELECT
            of_component AS component,
            argMax((toString(points.component), toString(points.layer), points.source, toNullable(points.checked_on), toString(points.confidence)), points.context_from) AS origin
        FROM ${database}.price_points AS points
        ARRAY JOIN arrayConcat([points.component], points.stands_in_for) AS of_component
        WHERE (points.price_version, points.price_card_id) IN (SELECT used.price_version, used.price_card_id FROM used)
            -- A price stands until a band changes it.
            AND points.context_from <= (SELECT max(priced.context_from) FROM priced)
        GROUP BY of_component
    )
SELECT
    priced.component AS component,
    priced.units AS units,
    priced.price AS usd_per_unit,
    toDecimal128(priced.units, 0) * priced.price AS cost_usd,
    priced.context_from AS context_from,
    origins.origin.1 AS priced_as,
    origins.origin.2 AS layer,
    origins.origin.3 AS source,
    origins.origin.4 AS checked_on,
    origins.origin.5 AS confidence
FROM priced
LEFT JOIN origins ON origins.component = priced.component
-- Hardly a provider charges for the request as such.
WHERE priced.component != 'request' OR priced.price > 0
ORDER BY priced.place
