-- One row per reported model call: what the attributes of each dialect say, as disjoint token classes.
--
-- Counts. A count is up to 12 decimal digits; anything else (negative, fractional, absurd) is not a
-- count: its class is NULL, and usage_inconsistent names it. Not reported is NULL, never 0.
--
-- Basis. gen_ai.usage.input_tokens includes what was read from and written to a cache. Emitters that
-- leave it out are listed at input_basis, by scope. An emitter that is not listed is found out where
-- its total is below its own cache tokens; the opposite cannot be seen from one span. Spans that say
-- tokenledger.usage.source follow our contract and are never second-guessed.
--
-- Classes. The provider's subsets may overlap (cached audio is in both); these columns do not. Overlap
-- beyond the total is taken to be cached audio, then other cached media, and usage_split says assumed.
-- Subsets that still exceed their total are cut in the order of input_parts, named in
-- usage_inconsistent, and kept as they came in usage_reported. Text is what remains.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.read_calls ${on_cluster} TO ${database}.llm_calls_unpriced
AS
WITH
    (preferred, fallback) -> if(preferred = '', fallback, preferred) AS either,
    digits -> if(length(digits) <= 12, toUInt64OrNull(digits), NULL) AS parse_count,
    (parts, total) -> arrayMap((part, sum_with_part) -> greatest(toInt64(0), least(part, total - (sum_with_part - part))), parts, arrayCumSum(parts)) AS cut_to_total,
    (names, said, counts, total) -> arrayFilter((name, digits, count) -> (digits != '' AND count IS NULL) OR ifNull(count > total, 0), names, said, counts) AS misfits,
    1000000000000000 AS unlimited,
    [
        'input_tokens', 'input_text_tokens', 'cache_read_tokens', 'cache_write_tokens', 'cache_write_5m_tokens',
        'cache_write_30m_tokens', 'cache_write_1h_tokens', 'cache_write_12h_tokens', 'input_audio_tokens',
        'cache_read_audio_tokens', 'input_image_tokens', 'input_video_tokens', 'input_document_tokens', 'input_tool_use_tokens'
    ] AS input_names,
    [
        'output_tokens', 'output_text_tokens', 'reasoning_tokens', 'output_audio_tokens', 'output_image_tokens',
        'prediction_accepted_tokens', 'prediction_rejected_tokens'
    ] AS output_names,
    ['web_search_requests', 'web_fetch_requests', 'file_search_requests', 'code_execution_sessions'] AS fee_names,
    said AS
    (
        SELECT
            received.*,
            received.attributes AS attribute,
            [
                either(attribute['gen_ai.usage.input_tokens'], either(attribute['gen_ai.usage.prompt_tokens'], attribute['llm.usage.prompt_tokens'])),
                attribute['gen_ai.usage.text.input_tokens'],
                either(attribute['gen_ai.usage.cache_read.input_tokens'], attribute['gen_ai.usage.cache_read_input_tokens']),
                either(attribute['gen_ai.usage.cache_write.input_tokens'],
                    either(attribute['gen_ai.usage.cache_creation.input_tokens'], attribute['gen_ai.usage.cache_creation_input_tokens'])),
                either(attribute['tokenledger.usage.cache_write.5m.input_tokens'], attribute['anthropic.usage.cache_creation.ephemeral_5m_input_tokens']),
                attribute['tokenledger.usage.cache_write.30m.input_tokens'],
                either(attribute['tokenledger.usage.cache_write.1h.input_tokens'], attribute['anthropic.usage.cache_creation.ephemeral_1h_input_tokens']),
                attribute['tokenledger.usage.cache_write.12h.input_tokens'],
                attribute['gen_ai.usage.audio.input_tokens'],
                attribute['gen_ai.usage.audio.cache_read.input_tokens'],
                attribute['gen_ai.usage.image.input_tokens'],
                attribute['tokenledger.usage.video.input_tokens'],
                attribute['tokenledger.usage.document.input_tokens'],
                attribute['tokenledger.usage.tool_use.input_tokens']
            ] AS input_said,
            [
                either(attribute['gen_ai.usage.output_tokens'], either(attribute['gen_ai.usage.completion_tokens'], attribute['llm.usage.completion_tokens'])),
                attribute['gen_ai.usage.text.output_tokens'],
                either(attribute['gen_ai.usage.reasoning.output_tokens'], attribute['gen_ai.usage.reasoning_tokens']),
                attribute['gen_ai.usage.audio.output_tokens'],
                attribute['gen_ai.usage.image.output_tokens'],
                attribute['tokenledger.usage.prediction.accepted.output_tokens'],
                attribute['tokenledger.usage.prediction.rejected.output_tokens']
            ] AS output_said,
            [
                attribute['tokenledger.usage.web_search.requests'],
                attribute['tokenledger.usage.web_fetch.requests'],
                attribute['tokenledger.usage.file_search.requests'],
                attribute['tokenledger.usage.code_execution.sessions']
            ] AS fee_said,
            either(lower(attribute['gen_ai.provider.name']), lower(attribute['gen_ai.system'])) AS said_provider,
            either(attribute['tokenledger.service_tier'], either(attribute['openai.response.service_tier'],
                either(attribute['anthropic.response.service_tier'], either(attribute['gen_ai.openai.response.service_tier'], attribute['openai.request.service_tier'])))) AS said_tier,
            lower(attribute['tokenledger.inference_geo']) AS said_geography,
            either(attribute['http.response.status_code'], attribute['http.status_code']) AS said_status,
            attribute['gen_ai.response.finish_reasons'] AS said_finish,
            attribute['gen_ai.response.id'] AS said_response_id,
            attribute['tokenledger.usage.line'] AS said_line
        FROM ${database}.spans_received AS received
        WHERE received.kind = 'llm_call'
    ),
    counted AS
    (
        SELECT
            said.*,
            arrayMap(digits -> parse_count(digits), said.input_said) AS input_counts,
            arrayMap(digits -> parse_count(digits), said.output_said) AS output_counts,
            arrayMap(digits -> parse_count(digits), said.fee_said) AS fee_counts,
            arrayMap(count -> toInt64(ifNull(count, 0)), input_counts) AS known_input,
            arrayMap(count -> toInt64(ifNull(count, 0)), output_counts) AS known_output,
            known_input[5] + known_input[6] + known_input[7] + known_input[8] AS timed_writes,
            greatest(known_input[4], timed_writes) AS all_writes
        FROM said
    ),
    totalled AS
    (
        SELECT
            counted.*,
            multiIf(
                counted.attribute['tokenledger.usage.source'] != '', 'inclusive',
                counted.scope_name IN ('@traceloop/instrumentation-anthropic'), 'exclusive',
                counted.known_input[1] < counted.known_input[3] + counted.all_writes, 'exclusive',
                'inclusive') AS input_basis,
            counted.input_counts[1] + if(input_basis = 'exclusive', counted.known_input[3] + counted.all_writes, 0) AS input_total,
            counted.output_counts[1] AS output_total,
            toInt64(ifNull(input_total, unlimited)) AS input_limit,
            toInt64(ifNull(output_total, unlimited)) AS output_limit,
            counted.known_input[9] > 0 AND counted.known_input[3] > 0 AND counted.input_counts[10] IS NULL AS cached_audio_unknown,
            counted.known_input[3] + counted.all_writes + counted.known_input[9] + counted.known_input[11] + counted.known_input[12]
                + counted.known_input[13] + counted.known_input[14] AS sum_of_input,
            least(counted.known_input[9], counted.known_input[3],
                if(cached_audio_unknown, greatest(sum_of_input - input_limit, toInt64(0)), counted.known_input[10])) AS cached_audio
        FROM counted
    ),
    split AS
    (
        SELECT
            totalled.*,
            [
                totalled.known_input[5], totalled.known_input[6], totalled.known_input[7], totalled.known_input[8],
                totalled.all_writes - totalled.timed_writes, totalled.known_input[3] - totalled.cached_audio, totalled.cached_audio,
                totalled.known_input[9] - totalled.cached_audio, totalled.known_input[11], totalled.known_input[12],
                totalled.known_input[13], totalled.known_input[14]
            ] AS input_parts,
            arraySlice(totalled.known_output, 3) AS output_parts,
            arraySum(input_parts) > totalled.input_limit AS input_exceeded,
            arraySum(output_parts) > totalled.output_limit AS output_exceeded,
            if(input_exceeded, cut_to_total(input_parts, totalled.input_limit), input_parts) AS input_classes,
            if(output_exceeded, cut_to_total(output_parts, totalled.output_limit), output_parts) AS output_classes,
            arrayExists((digits, count) -> digits != '' AND count IS NULL, totalled.input_said, totalled.input_counts) AS input_invalid,
            arrayExists((digits, count) -> digits != '' AND count IS NULL, totalled.output_said, totalled.output_counts) AS output_invalid,
            -- Media that are cached are counted twice: so much of an excess is no contradiction.
            arraySum(input_parts) - totalled.input_limit <= least(totalled.known_input[3], arraySum(arraySlice(input_parts, 9))) AS overlap_explains,
            arrayConcat(
                misfits(input_names, totalled.input_said, totalled.input_counts, totalled.input_limit),
                if(input_exceeded AND NOT overlap_explains, ['input_tokens'], []),
                if(totalled.known_input[4] > 0 AND totalled.known_input[4] < totalled.timed_writes, ['cache_write_tokens'], []),
                if(totalled.known_input[10] > least(totalled.known_input[3], totalled.known_input[9]), ['cache_read_audio_tokens'], []),
                misfits(output_names, totalled.output_said, totalled.output_counts, totalled.output_limit),
                misfits(fee_names, totalled.fee_said, totalled.fee_counts, unlimited)) AS inconsistent,
            either(arrayStringConcat(arraySort(arrayDistinct(inconsistent)), ','), totalled.attribute['tokenledger.usage.inconsistent']) AS inconsistent_names,
            totalled.cached_audio_unknown OR input_exceeded OR output_exceeded AS split_is_assumed,
            totalled.input_counts[1] IS NULL AND totalled.output_counts[1] IS NULL AS nothing_reported
        FROM totalled
    )
SELECT
    split.started_at, split.trace_id, split.span_id, split.parent_span_id,
    bitShiftLeft(toUInt64(least(split.known_output[1], 2147483648)), 32) AS version,
    -- Some servers number their responses from one: an id that short is not unique.
    if(length(split.said_response_id) >= 16,
        sipHash64('response', split.said_response_id, split.said_line),
        sipHash64('span', split.trace_id, split.span_id)) AS call_key,
    toUInt64(0) AS billed_by,
    split.duration_ns,

    either(split.attribute['tokenledger.source'], 'otlp') AS source,
    split.scope_name, split.scope_version, split.service_name, split.environment, split.process_id, split.sequence,
    split.agent_name, split.agent_path, split.agent_run_id, split.agent_parent_run_id, split.agent_step,
    split.handoff_from, split.customer_id, split.feature_name, split.task_id,
    either(split.attribute['gen_ai.conversation.id'], split.attribute['session.id']) AS conversation_id,

    split.operation,
    transform(split.said_provider,
        ['az.ai.inference', 'az.ai.openai', 'azure', 'gemini', 'vertex_ai', 'xai', 'google', 'aws', 'bedrock', 'mistralai'],
        ['azure.ai.inference', 'azure.ai.openai', 'azure.ai.openai', 'gcp.gemini', 'gcp.vertex_ai', 'x_ai', 'gcp.gemini', 'aws.bedrock', 'aws.bedrock', 'mistral_ai'],
        split.said_provider) AS provider,
    split.attribute['gen_ai.request.model'] AS request_model,
    split.attribute['gen_ai.response.model'] AS response_model,
    either(split.attribute['gen_ai.response.model'], split.attribute['gen_ai.request.model']) AS model,
    split.said_response_id AS response_id,
    split.said_line AS billed_line,
    multiIf(
        lower(split.attribute['tokenledger.speed']) = 'fast', 'fast',
        lower(split.said_tier) IN ('', 'default', 'auto', 'standard', 'standard_only', 'on_demand'), 'standard',
        lower(split.said_tier)) AS service_tier,
    if(split.said_geography IN ('global', 'not_available'), '', split.said_geography) AS region,
    split.attribute['gen_ai.request.stream'] = 'true' AS streamed,
    multiIf(
        split.attribute['tokenledger.call.outcome'] IN ('completed', 'cancelled', 'failed', 'abandoned'), split.attribute['tokenledger.call.outcome'],
        split.status = 'Error', 'failed',
        '') AS outcome,
    split.error_type,
    toUInt16OrZero(either(split.said_status, split.error_type)) AS http_status,
    toUInt16OrZero(split.attribute['tokenledger.request.attempts']) AS attempts,
    if(startsWith(split.said_finish, '['), JSONExtract(split.said_finish, 'Array(String)'), if(split.said_finish = '', [], [split.said_finish])) AS finish_reasons,
    toUInt64(least(greatest(ifNotFinite(toFloat64OrZero(split.attribute['gen_ai.response.time_to_first_chunk']), 0), 0), 1000000) * 1000000000) AS time_to_first_chunk_ns,

    multiIf(
        split.nothing_reported, 'none',
        split.attribute['tokenledger.usage.source'] IN ('estimated', 'partial'), split.attribute['tokenledger.usage.source'],
        'reported') AS usage_source,
    multiIf(split.nothing_reported, '', split.split_is_assumed, 'assumed', 'exact') AS usage_split,
    split.inconsistent_names AS usage_inconsistent,
    if(split.inconsistent_names != '' OR split.split_is_assumed, mapFilter((key, value) -> position(key, 'usage') > 0, split.attribute), map()) AS usage_reported,
    split.input_total AS input_tokens,
    split.output_total AS output_tokens,
    if(split.input_invalid, NULL, split.input_total - arraySum(split.input_classes)) AS input_text_tokens,
    if(split.input_counts[3] IS NULL, NULL, split.input_classes[6]) AS cache_read_tokens,
    if(split.input_counts[4] IS NULL, NULL, split.input_classes[5]) AS cache_write_tokens,
    if(split.input_counts[5] IS NULL, NULL, split.input_classes[1]) AS cache_write_5m_tokens,
    if(split.input_counts[6] IS NULL, NULL, split.input_classes[2]) AS cache_write_30m_tokens,
    if(split.input_counts[7] IS NULL, NULL, split.input_classes[3]) AS cache_write_1h_tokens,
    if(split.input_counts[8] IS NULL, NULL, split.input_classes[4]) AS cache_write_12h_tokens,
    if(split.input_counts[9] IS NULL, NULL, split.input_classes[8]) AS input_audio_tokens,
    if(split.input_counts[10] IS NULL AND NOT split.cached_audio_unknown, NULL, split.input_classes[7]) AS cache_read_audio_tokens,
    if(split.input_counts[11] IS NULL, NULL, split.input_classes[9]) AS input_image_tokens,
    if(split.input_counts[12] IS NULL, NULL, split.input_classes[10]) AS input_video_tokens,
    if(split.input_counts[13] IS NULL, NULL, split.input_classes[11]) AS input_document_tokens,
    if(split.input_counts[14] IS NULL, NULL, split.input_classes[12]) AS input_tool_use_tokens,
    if(split.output_invalid, NULL, split.output_total - arraySum(split.output_classes)) AS output_text_tokens,
    if(split.output_counts[3] IS NULL, NULL, split.output_classes[1]) AS reasoning_tokens,
    if(split.output_counts[4] IS NULL, NULL, split.output_classes[2]) AS output_audio_tokens,
    if(split.output_counts[5] IS NULL, NULL, split.output_classes[3]) AS output_image_tokens,
    if(split.output_counts[6] IS NULL, NULL, split.output_classes[4]) AS prediction_accepted_tokens,
    if(split.output_counts[7] IS NULL, NULL, split.output_classes[5]) AS prediction_rejected_tokens,
    split.fee_counts[1] AS web_search_requests,
    split.fee_counts[2] AS web_fetch_requests,
    split.fee_counts[3] AS file_search_requests,
    split.fee_counts[4] AS code_execution_sessions
FROM split
