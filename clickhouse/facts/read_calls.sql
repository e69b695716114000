-- One row per reported model call: what its canonical attributes say, as disjoint token classes.
--
-- Counts. A count is up to 12 decimal digits; anything else (negative, fractional, absurd) is not a
-- count: its class is NULL, and usage_inconsistent names it. Not reported is NULL, never 0.
--
-- Basis. gen_ai.usage.input_tokens is to include what was read from and written to a cache, output_tokens
-- the reasoning. Of emitters that leave them out, emitters says so, and they are added here. Where a
-- total that should be whole is below its own cache tokens, its emitter left them out whatever it
-- declares (input_basis found); the opposite cannot be seen from one span, unless it says its uncached
-- input too, as SDKs that hand on what the provider said do: then that decides. An emitter that never says
-- what the cache did leaves its usage partial or its split assumed, by what its total holds. Spans that say
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
    -- Longest first.
    (
        SELECT groupArray((concat('\n', longest.beginning), toString(longest.provider)))
        FROM (SELECT makers.beginning, makers.provider FROM ${database}.model_makers AS makers ORDER BY length(makers.beginning) DESC) AS longest
    ) AS makers,
    [
        'input_tokens', 'input_text_tokens', 'cache_read_tokens', 'cache_write_tokens', 'cache_write_5m_tokens',
        'cache_write_30m_tokens', 'cache_write_1h_tokens', 'cache_write_12h_tokens', 'input_audio_tokens',
        'cache_read_audio_tokens', 'input_image_tokens', 'input_video_tokens', 'input_document_tokens', 'input_tool_use_tokens',
        'output_tokens', 'output_text_tokens', 'reasoning_tokens', 'output_audio_tokens', 'output_image_tokens',
        'prediction_accepted_tokens', 'prediction_rejected_tokens',
        'web_search_requests', 'web_fetch_requests', 'file_search_requests', 'code_execution_sessions'
    ] AS count_names,
    counted AS
    (
        SELECT
            received.*,
            -- Claude Code gives the id of the request for that of the response.
            if(received.attributes['gen_ai.response.id'] = received.attributes['tokenledger.request.id'], '', received.attributes['gen_ai.response.id']) AS said_response_id,
            -- In the order of count_names: input from 1, output from 15, fees from 22.
            [
                received.attributes['gen_ai.usage.input_tokens'],
                received.attributes['gen_ai.usage.text.input_tokens'],
                received.attributes['gen_ai.usage.cache_read.input_tokens'],
                received.attributes['gen_ai.usage.cache_write.input_tokens'],
                received.attributes['tokenledger.usage.cache_write.5m.input_tokens'],
                received.attributes['tokenledger.usage.cache_write.30m.input_tokens'],
                received.attributes['tokenledger.usage.cache_write.1h.input_tokens'],
                received.attributes['tokenledger.usage.cache_write.12h.input_tokens'],
                received.attributes['gen_ai.usage.audio.input_tokens'],
                received.attributes['gen_ai.usage.audio.cache_read.input_tokens'],
                received.attributes['gen_ai.usage.image.input_tokens'],
                received.attributes['tokenledger.usage.video.input_tokens'],
                received.attributes['tokenledger.usage.document.input_tokens'],
                received.attributes['tokenledger.usage.tool_use.input_tokens'],
                received.attributes['gen_ai.usage.output_tokens'],
                received.attributes['gen_ai.usage.text.output_tokens'],
                received.attributes['gen_ai.usage.reasoning.output_tokens'],
                received.attributes['gen_ai.usage.audio.output_tokens'],
                received.attributes['gen_ai.usage.image.output_tokens'],
                received.attributes['tokenledger.usage.prediction.accepted.output_tokens'],
                received.attributes['tokenledger.usage.prediction.rejected.output_tokens'],
                received.attributes['tokenledger.usage.web_search.requests'],
                received.attributes['tokenledger.usage.web_fetch.requests'],
                received.attributes['tokenledger.usage.file_search.requests'],
                received.attributes['tokenledger.usage.code_execution.sessions']
            ] AS digits,
            arrayMap(said -> if(length(said) <= 12, toUInt64OrNull(said), NULL), digits) AS counts,
            arrayMap(count -> toInt64(ifNull(count, 0)), counts) AS known,
            arrayMap((said, count) -> said != '' AND count IS NULL, digits, counts) AS unreadable,
            toUInt64OrNull(received.attributes['uncached.input_tokens']) AS uncached,
            received.attributes['tokenledger.usage.source'] AS said_source
        FROM ${database}.spans_received${local} AS received
        WHERE received.kind = 'llm_call'
    ),
    totalled AS
    (
        SELECT
            calls.*,
            calls.counts[1] IS NULL AND calls.counts[15] IS NULL AS nothing_reported,
            arraySum(arraySlice(calls.known, 5, 4)) AS timed_writes,
            greatest(calls.known[4], timed_writes) AS all_writes,
            arraySum(arraySlice(calls.known, 11, 4)) AS other_media,
            calls.known[3] + all_writes AS cached,
            cached + calls.known[9] + other_media AS sum_of_input,
            arraySlice(calls.known, 17, 5) AS output_parts,
            multiIf(
                calls.said_source != '', 'inclusive',
                calls.uncached IS NOT NULL AND cached > 0, if(calls.counts[1] = calls.uncached, 'exclusive', 'inclusive'),
                calls.input_basis IN ('exclusive', 'disjoint'), calls.input_basis,
                calls.counts[1] < cached, 'found',
                calls.input_basis = '', 'assumed',
                calls.input_basis) AS basis,
            calls.counts[1] + multiIf(basis = 'disjoint', sum_of_input, basis IN ('exclusive', 'found'), cached, 0) AS input_total,
            calls.counts[15] + multiIf(
                calls.said_source != '', 0,
                calls.output_basis = 'disjoint', arraySum(output_parts),
                calls.output_basis = 'exclusive', calls.known[17],
                0) AS output_total,
            ifNull(input_total, unlimited) AS input_limit,
            ifNull(output_total, unlimited) AS output_limit,
            calls.known[3] > 0 AND calls.known[9] > 0 AND calls.counts[10] IS NULL AS cached_audio_unknown,
            least(calls.known[9], calls.known[3], if(cached_audio_unknown, greatest(sum_of_input - input_limit, 0), calls.known[10])) AS cached_audio
        FROM counted AS calls
    ),
    split AS
    (
        SELECT
            calls.*,
            -- What cannot be taken from a total before it is used up: input from 1, output from 13.
            arrayConcat(
                arraySlice(calls.known, 5, 4),
                [calls.all_writes - calls.timed_writes, calls.known[3] - calls.cached_audio, calls.cached_audio, calls.known[9] - calls.cached_audio],
                arraySlice(calls.known, 11, 4)) AS input_parts,
            arrayMap((part, up_to_part, limit, count) -> if(count IS NULL, NULL, greatest(0, least(part, limit - up_to_part + part))),
                arrayConcat(input_parts, calls.output_parts),
                arrayConcat(arrayCumSum(input_parts), arrayCumSum(calls.output_parts)),
                arrayConcat(arrayWithConstant(12, calls.input_limit), arrayWithConstant(5, calls.output_limit)),
                arrayConcat(
                    arraySlice(calls.counts, 5, 4),
                    [calls.counts[4], calls.counts[3], if(calls.cached_audio_unknown, 0, calls.counts[10]), calls.counts[9]],
                    arraySlice(calls.counts, 11, 4), arraySlice(calls.counts, 17, 5))) AS classes,
            calls.cached_audio_unknown OR calls.sum_of_input - calls.cached_audio > calls.input_limit OR arraySum(calls.output_parts) > calls.output_limit AS split_is_assumed,
            arrayConcat(
                arrayFilter((name, is_unreadable, count, limit) -> is_unreadable OR count > limit, count_names, calls.unreadable, calls.known,
                    arrayConcat(arrayWithConstant(14, calls.input_limit), arrayWithConstant(7, calls.output_limit), arrayWithConstant(4, unlimited))),
                -- Media that are cached are counted twice: so much of an excess is no contradiction.
                if(calls.sum_of_input - calls.cached_audio - least(calls.known[3], calls.other_media) > calls.input_limit, ['input_tokens'], []),
                if(calls.known[4] BETWEEN 1 AND calls.timed_writes - 1, ['cache_write_tokens'], []),
                if(calls.known[10] > least(calls.known[3], calls.known[9]), ['cache_read_audio_tokens'], [])) AS misfits
        FROM totalled AS calls
    )
SELECT
    calls.started_at, calls.trace_id, calls.span_id, calls.parent_span_id,
    bitShiftLeft(toUInt64(least(calls.known[15], 16777215)), 40) AS version,
    -- Some servers number their responses from one: an id that short is not unique.
    if(length(calls.said_response_id) >= 16,
        sipHash64('response', calls.said_response_id, calls.attributes['tokenledger.usage.line']),
        sipHash64('span', calls.trace_id, calls.span_id)) AS call_key,
    if(calls.attributes['tokenledger.request.id'] = '', 0, sipHash64('request', calls.attributes['tokenledger.request.id'], calls.attributes['tokenledger.usage.line'])) AS request_key,
    toUInt64(0) AS billed_by,
    calls.duration_ns,

    if(startsWith(calls.scope_name, 'tokenledger.import.'), substring(calls.scope_name, 20), 'otlp') AS source,
    calls.scope_name, calls.scope_version, calls.emitter, calls.report_rank, calls.service_name, calls.environment, calls.process_id, calls.sequence,
    calls.agent_name, calls.agent_path, calls.agent_run_id, calls.agent_parent_run_id, calls.agent_step,
    calls.handoff_from, calls.customer_id, calls.feature_name, calls.task_id,
    calls.conversation_id,

    calls.operation,
    firstNonDefault(calls.attributes['gen_ai.response.model'], calls.attributes['gen_ai.request.model']) AS model,
    -- Where no attribute says it, the name of the span may, else that of the model.
    firstNonDefault(
        replaceOne(lower(calls.attributes['gen_ai.provider.name']), '_other', ''),
        joinGet('${database}.attribute_values', 'means', 'gen_ai.provider.name', lower(calls.name)),
        makers[multiSearchFirstIndex(concat('\n', lower(model)), makers.1)].2) AS provider,
    calls.attributes['gen_ai.request.model'] AS request_model,
    calls.attributes['gen_ai.response.model'] AS response_model,
    calls.said_response_id AS response_id,
    calls.attributes['tokenledger.usage.line'] AS billed_line,
    multiIf(
        lower(calls.attributes['tokenledger.speed']) = 'fast', 'fast',
        calls.attributes['tokenledger.service_tier'] = '', 'standard',
        lower(calls.attributes['tokenledger.service_tier'])) AS service_tier,
    if(calls.attributes['tokenledger.inference_geo'] IN ('global', 'not_available'), '', lower(calls.attributes['tokenledger.inference_geo'])) AS region,
    calls.attributes['gen_ai.request.stream'] = 'true' OR calls.attributes['time_to_first_chunk.ms'] != '' AS streamed,
    multiIf(
        calls.attributes['tokenledger.call.outcome'] IN ('completed', 'cancelled', 'failed', 'abandoned'), calls.attributes['tokenledger.call.outcome'],
        calls.status = 'Error', 'failed',
        '') AS outcome,
    calls.error_type,
    toUInt16OrZero(firstNonDefault(calls.attributes['http.response.status_code'], calls.error_type)) AS http_status,
    toUInt16OrZero(calls.attributes['tokenledger.request.attempts']) AS attempts,
    multiIf(
        calls.attributes['gen_ai.response.finish_reasons'] = '', [],
        startsWith(calls.attributes['gen_ai.response.finish_reasons'], '['), JSONExtract(calls.attributes['gen_ai.response.finish_reasons'], 'Array(String)'),
        [calls.attributes['gen_ai.response.finish_reasons']]) AS finish_reasons,
    toUInt64(least(greatest(ifNotFinite(firstNonDefault(
        toFloat64OrZero(calls.attributes['gen_ai.response.time_to_first_chunk']),
        toFloat64OrZero(calls.attributes['time_to_first_chunk.ms']) / 1000), 0), 0), 1000000) * 1000000000) AS time_to_first_chunk_ns,

    multiIf(
        calls.nothing_reported, 'none',
        calls.said_source IN ('estimated', 'partial'), calls.said_source,
        calls.basis = 'uncached', 'partial',
        'reported') AS usage_source,
    multiIf(calls.nothing_reported, '', calls.split_is_assumed OR calls.basis = 'undivided', 'assumed', 'exact') AS usage_split,
    firstNonDefault(arrayStringConcat(arraySort(arrayDistinct(calls.misfits)), ','), calls.attributes['tokenledger.usage.inconsistent']) AS usage_inconsistent,
    if(calls.nothing_reported, '', calls.basis) AS input_basis,
    if(notEmpty(calls.misfits) OR calls.basis = 'found' OR calls.split_is_assumed, mapFilter((key, value) -> position(key, 'usage') > 0, calls.attributes), map()) AS usage_reported,
    calls.input_total AS input_tokens,
    calls.output_total AS output_tokens,
    if(arrayMax(arraySlice(calls.unreadable, 1, 14)), NULL, calls.input_total - arraySum(class -> ifNull(class, 0), arraySlice(calls.classes, 1, 12))) AS input_text_tokens,
    calls.classes[6] AS cache_read_tokens,
    calls.classes[5] AS cache_write_tokens,
    calls.classes[1] AS cache_write_5m_tokens,
    calls.classes[2] AS cache_write_30m_tokens,
    calls.classes[3] AS cache_write_1h_tokens,
    calls.classes[4] AS cache_write_12h_tokens,
    calls.classes[8] AS input_audio_tokens,
    calls.classes[7] AS cache_read_audio_tokens,
    calls.classes[9] AS input_image_tokens,
    calls.classes[10] AS input_video_tokens,
    calls.classes[11] AS input_document_tokens,
    calls.classes[12] AS input_tool_use_tokens,
    if(arrayMax(arraySlice(calls.unreadable, 15, 7)), NULL, calls.output_total - arraySum(class -> ifNull(class, 0), arraySlice(calls.classes, 13, 5))) AS output_text_tokens,
    calls.classes[13] AS reasoning_tokens,
    calls.classes[14] AS output_audio_tokens,
    calls.classes[15] AS output_image_tokens,
    calls.classes[16] AS prediction_accepted_tokens,
    calls.classes[17] AS prediction_rejected_tokens,
    calls.counts[22] AS web_search_requests,
    calls.counts[23] AS web_fetch_requests,
    calls.counts[24] AS file_search_requests,
    calls.counts[25] AS code_execution_sessions
FROM split AS calls
