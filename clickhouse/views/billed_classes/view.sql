-- What each call was billed for, class by class: the ground that every what-if stands on.
-- Grain: one row per billed call. counts are its tokens, fees and the request itself in the order of the prices in card_prices, 0 where nothing was reported; cost_usd is NULL where that leaves the cost unknown. An empty in_trace, in_conversation or in_service asks for all.
-- Excludes: other reports of the same call.
CREATE VIEW IF NOT EXISTS ${database}.billed_classes ${on_cluster}
AS
SELECT
    calls.started_at AS started_at,
    calls.started_at + toIntervalNanosecond(toInt64(if(calls.time_to_first_chunk_ns = 0, calls.duration_ns, calls.time_to_first_chunk_ns))) AS answered_at,
    calls.trace_id AS trace_id,
    calls.span_id AS span_id,
    calls.service_name AS service_name,
    calls.conversation_id AS conversation_id,
    calls.customer_id AS customer_id,
    calls.agent_name AS agent_name,
    calls.agent_run_id AS agent_run_id,
    calls.operation AS operation,
    calls.provider AS provider,
    calls.model AS model,
    calls.service_tier AS service_tier,
    calls.region AS region,
    calls.streamed AS streamed,
    calls.outcome AS outcome,
    calls.finish_reasons AS finish_reasons,
    calls.input_tokens AS input_tokens,
    calls.output_tokens AS output_tokens,
    calls.cost_usd AS cost_usd,
    calls.known_cost_usd AS known_cost_usd,
    calls.price_card_id AS price_card_id,
    calls.price_band AS price_band,
    -- Without usage a cost is known only where the provider refused, and then there is no fee for the request.
    arrayMap(count -> toInt64(ifNull(count, 0)), [
        calls.input_text_tokens, calls.cache_read_tokens, calls.cache_write_tokens, calls.cache_write_5m_tokens,
        calls.cache_write_30m_tokens, calls.cache_write_1h_tokens, calls.cache_write_12h_tokens, calls.input_audio_tokens,
        calls.cache_read_audio_tokens, calls.input_image_tokens, calls.input_video_tokens, calls.input_document_tokens,
        calls.input_tool_use_tokens, calls.output_text_tokens, calls.reasoning_tokens, calls.output_audio_tokens,
        calls.output_image_tokens, calls.prediction_accepted_tokens, calls.prediction_rejected_tokens,
        calls.web_search_requests, calls.web_fetch_requests, calls.file_search_requests, calls.code_execution_sessions,
        toUInt64(calls.billed_line = '' AND calls.usage_source != 'none')
    ]) AS counts
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.billed_by = 0
    AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
    AND ({in_trace:String} = '' OR calls.trace_id = toUUIDOrZero({in_trace:String}))
    AND ({in_conversation:String} = '' OR calls.conversation_id = {in_conversation:String})
    AND ({in_service:String} = '' OR calls.service_name = {in_service:String})
