-- Prices each call with the newest published catalogue. The only place where tokens become money.
--
-- Card. The model's name is looked up lower-cased: of the exact names, the prefixes and the exact names
-- without a date suffix that fit, the longest wins. The card is that of the region, or of the model
-- anywhere, of the very service tier, newest at the start of the call. The band is chosen by the total
-- input, cache included, and holds for the whole request.
--
-- Unknown is not zero. cost_usd is NULL where usage is missing or any class with tokens has no price, and
-- unpriced says why; known_cost_usd is what could be priced. One case is known to be free: a call that
-- the provider refused (HTTP 4xx or 5xx before any output, no usage). Where a server or gateway gave up
-- waiting (408, 499, 504, 524) the model may have run, so that stays unknown.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.price_calls ${on_cluster} TO ${database}.llm_calls${local}
AS
WITH
    [
        'input', 'cache_read', 'cache_write', 'cache_write_5m', 'cache_write_30m', 'cache_write_1h',
        'cache_write_12h', 'input_audio', 'cache_read_audio', 'input_image', 'input_video', 'input_document',
        'input_tool_use', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted',
        'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'
    ] AS components,
    (SELECT max(catalogues.price_version) FROM ${database}.price_catalogues AS catalogues) AS catalogue,
    asked AS
    (
        SELECT DISTINCT
            calls.provider AS provider, calls.model AS model, calls.region AS region, calls.service_tier AS service_tier,
            lower(calls.model) AS name,
            replaceRegexpOne(name, '[-@](20\\d{6}|20\\d{2}-\\d{2}-\\d{2})$', '') AS undated_name
        FROM ${database}.llm_calls_unpriced${local} AS calls
    ),
    resolved AS
    (
        SELECT
            asked.provider AS provider, asked.model AS model, asked.region AS region, asked.service_tier AS service_tier,
            argMax(names.model, (length(names.name), names.kind = 'exact')) AS catalogue_model
        FROM asked
        INNER JOIN ${database}.model_names AS names ON names.provider = asked.provider
        WHERE names.price_version = catalogue AND if(names.kind = 'prefix', startsWith(asked.name, names.name), names.name IN (asked.name, asked.undated_name))
        GROUP BY asked.provider, asked.model, asked.region, asked.service_tier
    ),
    fitting AS
    (
        SELECT
            resolved.provider AS provider, resolved.model AS model, resolved.region AS region, resolved.service_tier AS service_tier,
            cards.valid_from AS valid_from, cards.price_card_id AS price_card_id, cards.context_from AS context_from,
            [
                cards.input, cards.cache_read, cards.cache_write, cards.cache_write_5m,
                cards.cache_write_30m, cards.cache_write_1h, cards.cache_write_12h, cards.input_audio,
                cards.cache_read_audio, cards.input_image, cards.input_video, cards.input_document,
                cards.input_tool_use, cards.output, cards.reasoning, cards.output_audio,
                cards.output_image, cards.prediction_accepted, cards.prediction_rejected,
                cards.web_search, cards.web_fetch, cards.file_search, cards.code_execution, cards.request
            ] AS prices,
            cards.region = max(cards.region) OVER (PARTITION BY resolved.provider, resolved.model, resolved.region, resolved.service_tier) AS is_nearest
        FROM resolved
        INNER JOIN ${database}.price_cards AS cards
            ON cards.provider = resolved.provider AND cards.model = resolved.catalogue_model AND cards.service_tier = resolved.service_tier
        WHERE cards.price_version = catalogue AND cards.region IN ('', resolved.region)
    ),
    calls.usage_source = 'none' AND calls.outcome IN ('failed', '') AND calls.time_to_first_chunk_ns = 0
        AND calls.http_status BETWEEN 400 AND 599 AND calls.http_status NOT IN (408, 499, 504, 524) AS was_refused,
    -- In the order of components. A fee per request is for calls that were served, not for lines beside them.
    arrayMap(count -> ifNull(count, 0), [
        calls.input_text_tokens, calls.cache_read_tokens, calls.cache_write_tokens, calls.cache_write_5m_tokens,
        calls.cache_write_30m_tokens, calls.cache_write_1h_tokens, calls.cache_write_12h_tokens, calls.input_audio_tokens,
        calls.cache_read_audio_tokens, calls.input_image_tokens, calls.input_video_tokens, calls.input_document_tokens,
        calls.input_tool_use_tokens, calls.output_text_tokens, calls.reasoning_tokens, calls.output_audio_tokens,
        calls.output_image_tokens, calls.prediction_accepted_tokens, calls.prediction_rejected_tokens,
        calls.web_search_requests, calls.web_fetch_requests, calls.file_search_requests, calls.code_execution_sessions,
        toUInt64(calls.billed_line = '' AND NOT was_refused)
    ]) AS counts,
    -- A call without a card has no arrays at all: give it one without prices per component.
    arrayResize(card.prices, length(components)) AS prices,
    arrayLastIndex(from_tokens -> from_tokens <= ifNull(calls.input_tokens, 0), card.context_from) AS band,
    -- No fee per request is the rule: a card without one says that there is none.
    arrayFirst((component, count, bands) -> count > 0 AND bands[band] IS NULL AND component != 'request', components, counts, prices) AS component_without_price
SELECT
    calls.started_at, calls.trace_id, calls.span_id, calls.parent_span_id, calls.version, calls.call_key, calls.request_key,
    calls.billed_by, calls.duration_ns, calls.source, calls.scope_name, calls.scope_version, calls.emitter, calls.report_rank, calls.service_name,
    calls.environment, calls.process_id, calls.sequence, calls.agent_name, calls.agent_path, calls.agent_run_id,
    calls.agent_parent_run_id, calls.agent_step, calls.handoff_from, calls.customer_id, calls.feature_name,
    calls.task_id, calls.conversation_id, calls.operation, calls.provider, calls.request_model,
    calls.response_model, calls.model, calls.response_id, calls.billed_line, calls.service_tier, calls.region,
    calls.streamed, calls.outcome, calls.error_type, calls.http_status, calls.attempts, calls.finish_reasons,
    calls.time_to_first_chunk_ns, calls.usage_source, calls.usage_split, calls.usage_inconsistent,
    calls.input_basis, calls.usage_reported, calls.input_tokens, calls.output_tokens, calls.input_text_tokens, calls.cache_read_tokens,
    calls.cache_write_tokens, calls.cache_write_5m_tokens, calls.cache_write_30m_tokens,
    calls.cache_write_1h_tokens, calls.cache_write_12h_tokens, calls.input_audio_tokens,
    calls.cache_read_audio_tokens, calls.input_image_tokens, calls.input_video_tokens, calls.input_document_tokens,
    calls.input_tool_use_tokens, calls.output_text_tokens, calls.reasoning_tokens, calls.output_audio_tokens,
    calls.output_image_tokens, calls.prediction_accepted_tokens, calls.prediction_rejected_tokens,
    calls.web_search_requests, calls.web_fetch_requests, calls.file_search_requests, calls.code_execution_sessions,
    if(card.price_card_id = 0, 0, catalogue) AS price_version,
    card.price_card_id AS price_card_id,
    toUInt8(band) AS price_band,
    if(unpriced = '', known_cost_usd, NULL) AS cost_usd,
    arraySum((count, bands) -> ifNull(toDecimal128(count, 0) * bands[band], 0), counts, prices) AS known_cost_usd,
    multiIf(
        was_refused, '',
        calls.usage_source = 'none', 'no usage',
        calls.input_tokens IS NULL, 'no input tokens',
        calls.output_tokens IS NULL AND calls.operation != 'embeddings', 'no output tokens',
        calls.input_text_tokens IS NULL OR (calls.output_text_tokens IS NULL AND calls.output_tokens IS NOT NULL), 'invalid usage',
        catalogue = 0, 'no catalogue',
        card.price_card_id = 0, if((calls.provider, calls.model) IN (SELECT resolved.provider, resolved.model FROM resolved), 'no price', 'no model'),
        component_without_price != '', concat('no price for ', component_without_price),
        '') AS unpriced
FROM ${database}.llm_calls_unpriced${local} AS calls
ASOF LEFT JOIN (SELECT * FROM fitting WHERE fitting.is_nearest) AS card
    ON card.provider = calls.provider AND card.model = calls.model AND card.region = calls.region
        AND card.service_tier = calls.service_tier AND card.valid_from <= toDateTime(calls.started_at, 'UTC')
