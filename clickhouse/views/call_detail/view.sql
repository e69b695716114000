-- Every call of one trace with its usage record and the price row that its cost comes from.
-- Grain: one row per span that reports a call, in order; billed_by names the span that is the bill where it is another.
-- Excludes: nothing.
CREATE VIEW IF NOT EXISTS ${database}.call_detail ${on_cluster}
AS
SELECT
    lower(leftPad(hex(calls.span_id), 16, '0')) AS span_id,
    if(calls.billed_by = 0, '', lower(leftPad(hex(calls.billed_by), 16, '0'))) AS billed_by,
    calls.started_at AS started_at,
    calls.duration_ns / 1000000 AS duration_ms,
    calls.scope_name AS scope_name,
    calls.agent_path AS agent_path,
    calls.agent_step AS agent_step,
    calls.operation AS operation,
    calls.provider AS provider,
    calls.request_model AS request_model,
    calls.response_model AS response_model,
    calls.response_id AS response_id,
    calls.billed_line AS billed_line,
    calls.service_tier AS service_tier,
    calls.region AS region,
    calls.outcome AS outcome,
    calls.error_type AS error_type,
    calls.attempts AS attempts,
    calls.finish_reasons AS finish_reasons,
    calls.usage_source AS usage_source,
    calls.usage_split AS usage_split,
    calls.usage_inconsistent AS usage_inconsistent,
    calls.input_tokens AS input_tokens,
    calls.output_tokens AS output_tokens,
    calls.input_text_tokens AS input_text_tokens,
    calls.cache_read_tokens AS cache_read_tokens,
    calls.cache_write_tokens AS cache_write_tokens,
    calls.cache_write_5m_tokens AS cache_write_5m_tokens,
    calls.cache_write_30m_tokens AS cache_write_30m_tokens,
    calls.cache_write_1h_tokens AS cache_write_1h_tokens,
    calls.cache_write_12h_tokens AS cache_write_12h_tokens,
    calls.input_audio_tokens AS input_audio_tokens,
    calls.cache_read_audio_tokens AS cache_read_audio_tokens,
    calls.input_image_tokens AS input_image_tokens,
    calls.input_video_tokens AS input_video_tokens,
    calls.input_document_tokens AS input_document_tokens,
    calls.input_tool_use_tokens AS input_tool_use_tokens,
    calls.output_text_tokens AS output_text_tokens,
    calls.reasoning_tokens AS reasoning_tokens,
    calls.output_audio_tokens AS output_audio_tokens,
    calls.output_image_tokens AS output_image_tokens,
    calls.prediction_accepted_tokens AS prediction_accepted_tokens,
    calls.prediction_rejected_tokens AS prediction_rejected_tokens,
    calls.web_search_requests AS web_search_requests,
    calls.web_fetch_requests AS web_fetch_requests,
    calls.file_search_requests AS file_search_requests,
    calls.code_execution_sessions AS code_execution_sessions,
    calls.price_version AS price_version,
    calls.price_card_id AS price_card_id,
    calls.price_band AS price_band,
    calls.cost_usd AS cost_usd,
    calls.known_cost_usd AS known_cost_usd,
    calls.unpriced AS unpriced
FROM ${database}.llm_calls AS calls FINAL
WHERE calls.trace_id = toUUIDOrZero({trace_id:String})
    -- Where to look: rows lie by day.
    AND toDate(calls.started_at) GLOBAL IN (SELECT days.started_on FROM ${database}.trace_days AS days WHERE days.trace_id = toUUIDOrZero({trace_id:String}))
ORDER BY calls.started_at, calls.span_id
