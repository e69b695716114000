-- One row per reported model call: what its canonical attributes say, as disjoint token classes.
--
-- Counts. A count is up to 12 decimal digits; anything else (negative, fractional, absurd) is not a
-- count: its class is NULL, and usage_inconsistent names it. Not reported is NULL, never 0.
--
-- Basis. gen_ai.usage.input_tokens is to include what was read from and written to a cache, output_tokens
-- the reasoning. Of emitters that leave them out, emitters says so, and they are added here. Where a
-- total that should be whole is below its own cache tokens, its emitter left them out whatever it
-- declares (input_basis found); the opposite cannot be seen from one span. An emitter that never says what
-- the cache did leaves its usage partial or its split assumed, by what its total holds. Spans that say
-- tokenledger.usage.source follow our contract and are never second-guessed.
--
-- Classes. The provider's subsets may overlap (cached audio is in both); these columns do not. Overlap
-- beyond the total is taken to be cached audio, then other cached media, and usage_split says assumed.
-- Subsets that still exceed their total are cut in the order of input_parts, named in
-- usage_inconsistent, and kept as they came in usage_reported. Text is what remains.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.read_calls ${on_cluster} TO ${database}.llm_calls_unpriced${local}
AS
WITH
    toInt64(1000000000000000) AS unlimited,
    [
        'input_tokens', 'input_text_tokens', 'cache_read_tokens', 'cache_write_tokens', 'cache_write_5m_tokens',
        'cache_write_30m_tokens', 'cache_write_1h_tokens', 'cache_write_12h_tokens', 'input_audio_tokens',
        'cache_read_audio_tokens', 'input_image_tokens', 'input_video_tokens', 'input_document_tokens', 'input_tool_use_tokens',
        'output_tokens', 'output_text_tokens', 'reasoning_tokens', 'output_audio_tokens', 'output_image_tokens',
        'prediction_accepted_tokens', 'prediction_rejected_tokens',
        'web_search_requests', 'web_fetch_requests', 'file_search_requests', 'code_execution_sessions'
    ] AS count_names,
    said AS
    (
        SELECT
            received.*,
            received.attributes AS attribute,
            -- In the order of count_names: input from 1, output from 15, fees from 22.
            [
                attribute['gen_ai.usage.input_tokens'],
                attribute['gen_ai.usage.text.input_tokens'],
                attribute['gen_ai.usage.cache_read.input_tokens'],
                attribute['gen_ai.usage.cache_write.input_tokens'],
                attribute['tokenledger.usage.cache_write.5m.input_tokens'],
                attribute['tokenledger.usage.cache_write.30m.input_tokens'],
                attribute['tokenledger.usage.cache_write.1h.input_tokens'],
                attribute['tokenledger.usage.cache_write.12h.input_tokens'],
                attribute['gen_ai.usage.audio.input_tokens'],
                attribute['gen_ai.usage.audio.cache_read.input_tokens'],
                attribute['gen_ai.usage.image.input_tokens'],
                attribute['tokenledger.usage.video.input_tokens'],
                attribute['tokenledger.usage.document.input_tokens'],
                attribute['tokenledger.usage.tool_use.input_tokens'],
                attribute['gen_ai.usage.output_tokens'],
                attribute['gen_ai.usage.text.output_tokens'],
                attribute['gen_ai.usage.reasoning.output_tokens'],
                attribute['gen_ai.usage.audio.output_tokens'],
                attribute['gen_ai.usage.image.output_tokens'],
                attribute['tokenledger.usage.prediction.accepted.output_tokens'],
                attribute['tokenledger.usage.prediction.rejected.output_tokens'],
                attribute['tokenledger.usage.web_search.requests'],
                attribute['tokenledger.usage.web_fetch.requests'],
                attribute['tokenledger.usage.file_search.requests'],
                attribute['tokenledger.usage.code_execution.sessions']
            ] AS count_digits,
            lower(attribute['tokenledger.service_tier']) AS said_tier,
            lower(attribute['tokenledger.inference_geo']) AS said_geography,
            attribute['gen_ai.response.finish_reasons'] AS said_finish,
            attribute['gen_ai.response.id'] AS said_response_id,
            attribute['tokenledger.request.id'] AS said_request_id,
            attribute['tokenledger.usage.line'] AS said_line
        FROM ${database}.spans_received${local} AS received
        WHERE received.kind = 'llm_call'
    ),
    counted AS
    (
        SELECT
            said.*,
            arrayMap(digits -> if(length(digits) <= 12, toUInt64OrNull(digits), NULL), count_digits) AS counts,
            arrayMap(digits -> if(length(digits) <= 12, toInt64(toUInt64OrZero(digits)), 0), count_digits) AS known_counts,
            arrayMap(digits -> digits != '' AND (length(digits) > 12 OR toUInt64OrNull(digits) IS NULL), count_digits) AS unreadable
        FROM said
    ),
    written AS
    (
        SELECT
            counted.*,
            known_counts[3] AS cache_read,
            arraySum(arraySlice(known_counts, 5, 4)) AS timed_writes,
            greatest(known_counts[4], arraySum(arraySlice(known_counts, 5, 4))) AS all_writes,
            arraySum(arraySlice(known_counts, 11, 4)) AS other_media,
            known_counts[3] > 0 AND known_counts[9] > 0 AND counts[10] IS NULL AS cached_audio_unknown,
            counts[1] IS NULL AND counts[15] IS NULL AS nothing_reported
        FROM counted
    ),
    totalled AS
    (
        SELECT
            written.*,
            multiIf(
                attribute['tokenledger.usage.source'] != '', 'inclusive',
                input_basis IN ('exclusive', 'disjoint'), input_basis,
                counts[1] < cache_read + all_writes, 'found',
                input_basis = '', 'assumed',
                input_basis) AS basis,
            counts[1] + multiIf(
                basis = 'disjoint', cache_read + all_writes + known_counts[9] + other_media,
                basis IN ('exclusive', 'found'), cache_read + all_writes,
                0) AS input_total,
            counts[15] + multiIf(
                attribute['tokenledger.usage.source'] != '', 0,
                output_basis = 'disjoint', arraySum(arraySlice(known_counts, 17, 5)),
                output_basis = 'exclusive', known_counts[17],
                0) AS output_total,
            cache_read + all_writes + known_counts[9] + other_media AS sum_of_input
        FROM written
    ),
    limited AS
    (
        SELECT
            totalled.*,
            ifNull(input_total, unlimited) AS input_limit,
            ifNull(output_total, unlimited) AS output_limit,
            least(known_counts[9], cache_read,
                if(cached_audio_unknown, greatest(sum_of_input - ifNull(input_total, unlimited), 0), known_counts[10])) AS cached_audio
        FROM totalled
    ),
    divided AS
    (
        SELECT
            limited.*,
            arrayConcat(
                arraySlice(known_counts, 5, 4),
                [all_writes - timed_writes, cache_read - cached_audio, cached_audio, known_counts[9] - cached_audio],
                arraySlice(known_counts, 11, 4)) AS input_parts,
            arraySlice(known_counts, 17, 5) AS output_parts
        FROM limited
    ),
    split AS
    (
        SELECT
            divided.*,
            -- Each part as far as the total goes after the parts before it: 12 of input, then 5 of output.
            arrayMap((part, up_to_part, limit) -> greatest(0, least(part, limit - up_to_part + part)),
                arrayConcat(input_parts, output_parts),
                arrayConcat(arrayCumSum(input_parts), arrayCumSum(output_parts)),
                arrayConcat(arrayWithConstant(12, input_limit), arrayWithConstant(5, output_limit))) AS classes,
            cached_audio_unknown OR sum_of_input - cached_audio > input_limit OR arraySum(output_parts) > output_limit AS split_is_assumed,
            arrayConcat(
                arrayFilter((name, is_unreadable, count, limit) -> is_unreadable OR count > limit, count_names, unreadable, known_counts,
                    arrayConcat(arrayWithConstant(14, input_limit), arrayWithConstant(7, output_limit), arrayWithConstant(4, unlimited))),
                -- Media that are cached are counted twice: so much of an excess is no contradiction.
                if(sum_of_input - cached_audio - least(cache_read, other_media) > input_limit, ['input_tokens'], []),
                if(known_counts[4] BETWEEN 1 AND timed_writes - 1, ['cache_write_tokens'], []),
                if(known_counts[10] > least(cache_read, known_counts[9]), ['cache_read_audio_tokens'], [])) AS misfits
        FROM divided
    )
SELECT
    split.started_at, split.trace_id, split.span_id, split.parent_span_id,
    bitShiftLeft(toUInt64(least(split.known_counts[15], 2147483648)), 32) AS version,
    -- Some servers number their responses from one: an id that short is not unique.
    if(length(split.said_response_id) >= 16,
        sipHash64('response', split.said_response_id, split.said_line),
        sipHash64('span', split.trace_id, split.span_id)) AS call_key,
    if(split.said_request_id = '', 0, sipHash64('request', split.said_request_id, split.said_line)) AS request_key,
    toUInt64(0) AS billed_by,
    split.duration_ns,

    if(startsWith(split.scope_name, 'tokenledger.import.'), substring(split.scope_name, 20), 'otlp') AS source,
    split.scope_name, split.scope_version, split.emitter, split.report_rank, split.service_name, split.environment, split.process_id, split.sequence,
    split.agent_name, split.agent_path, split.agent_run_id, split.agent_parent_run_id, split.agent_step,
    split.handoff_from, split.customer_id, split.feature_name, split.task_id,
    split.conversation_id,

    split.operation,
    -- Where no attribute says it, the name of the span may.
    firstNonDefault(
        lower(split.attribute['gen_ai.provider.name']),
        joinGet('${database}.attribute_values', 'means', 'gen_ai.provider.name', lower(split.name))) AS provider,
    split.attribute['gen_ai.request.model'] AS request_model,
    split.attribute['gen_ai.response.model'] AS response_model,
    firstNonDefault(split.attribute['gen_ai.response.model'], split.attribute['gen_ai.request.model']) AS model,
    split.said_response_id AS response_id,
    split.said_line AS billed_line,
    multiIf(
        lower(split.attribute['tokenledger.speed']) = 'fast', 'fast',
        split.said_tier = '', 'standard',
        split.said_tier) AS service_tier,
    if(split.said_geography IN ('global', 'not_available'), '', split.said_geography) AS region,
    split.attribute['gen_ai.request.stream'] = 'true' OR split.attribute['time_to_first_chunk.ms'] != '' AS streamed,
    multiIf(
        split.attribute['tokenledger.call.outcome'] IN ('completed', 'cancelled', 'failed', 'abandoned'), split.attribute['tokenledger.call.outcome'],
        split.status = 'Error', 'failed',
        '') AS outcome,
    split.error_type,
    toUInt16OrZero(firstNonDefault(split.attribute['http.response.status_code'], split.error_type)) AS http_status,
    toUInt16OrZero(split.attribute['tokenledger.request.attempts']) AS attempts,
    if(startsWith(split.said_finish, '['), JSONExtract(split.said_finish, 'Array(String)'), if(split.said_finish = '', [], [split.said_finish])) AS finish_reasons,
    toUInt64(least(greatest(ifNotFinite(firstNonDefault(
        toFloat64OrZero(split.attribute['gen_ai.response.time_to_first_chunk']),
        toFloat64OrZero(split.attribute['time_to_first_chunk.ms']) / 1000), 0), 0), 1000000) * 1000000000) AS time_to_first_chunk_ns,

    multiIf(
        split.nothing_reported, 'none',
        split.attribute['tokenledger.usage.source'] IN ('estimated', 'partial'), split.attribute['tokenledger.usage.source'],
        split.basis = 'uncached', 'partial',
        'reported') AS usage_source,
    multiIf(split.nothing_reported, '', split.split_is_assumed OR split.basis = 'undivided', 'assumed', 'exact') AS usage_split,
    firstNonDefault(arrayStringConcat(arraySort(arrayDistinct(split.misfits)), ','), split.attribute['tokenledger.usage.inconsistent']) AS usage_inconsistent,
    if(split.nothing_reported, '', split.basis) AS input_basis,
    if(notEmpty(split.misfits) OR split.basis = 'found' OR split.split_is_assumed, mapFilter((key, value) -> position(key, 'usage') > 0, split.attribute), map()) AS usage_reported,
    split.input_total AS input_tokens,
    split.output_total AS output_tokens,
    if(arrayMax(arraySlice(split.unreadable, 1, 14)), NULL, split.input_total - arraySum(arraySlice(split.classes, 1, 12))) AS input_text_tokens,
    if(split.counts[3] IS NULL, NULL, split.classes[6]) AS cache_read_tokens,
    if(split.counts[4] IS NULL, NULL, split.classes[5]) AS cache_write_tokens,
    if(split.counts[5] IS NULL, NULL, split.classes[1]) AS cache_write_5m_tokens,
    if(split.counts[6] IS NULL, NULL, split.classes[2]) AS cache_write_30m_tokens,
    if(split.counts[7] IS NULL, NULL, split.classes[3]) AS cache_write_1h_tokens,
    if(split.counts[8] IS NULL, NULL, split.classes[4]) AS cache_write_12h_tokens,
    if(split.counts[9] IS NULL, NULL, split.classes[8]) AS input_audio_tokens,
    if(split.counts[10] IS NULL AND NOT split.cached_audio_unknown, NULL, split.classes[7]) AS cache_read_audio_tokens,
    if(split.counts[11] IS NULL, NULL, split.classes[9]) AS input_image_tokens,
    if(split.counts[12] IS NULL, NULL, split.classes[10]) AS input_video_tokens,
    if(split.counts[13] IS NULL, NULL, split.classes[11]) AS input_document_tokens,
    if(split.counts[14] IS NULL, NULL, split.classes[12]) AS input_tool_use_tokens,
    if(arrayMax(arraySlice(split.unreadable, 15, 7)), NULL, split.output_total - arraySum(arraySlice(split.classes, 13, 5))) AS output_text_tokens,
    if(split.counts[17] IS NULL, NULL, split.classes[13]) AS reasoning_tokens,
    if(split.counts[18] IS NULL, NULL, split.classes[14]) AS output_audio_tokens,
    if(split.counts[19] IS NULL, NULL, split.classes[15]) AS output_image_tokens,
    if(split.counts[20] IS NULL, NULL, split.classes[16]) AS prediction_accepted_tokens,
    if(split.counts[21] IS NULL, NULL, split.classes[17]) AS prediction_rejected_tokens,
    split.counts[22] AS web_search_requests,
    split.counts[23] AS web_fetch_requests,
    split.counts[24] AS file_search_requests,
    split.counts[25] AS code_execution_sessions
FROM split
