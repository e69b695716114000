-- Says of every token and fee of a call why it was paid for: the first of these causes that fits.
--
--   failed_attempt          all of a call that failed or whose answer was abandoned
--   exact_duplicate         all of a call whose prompt the same model had answered within the hour before
--   expired_cache_rewrite   written to the cache, and had been in it already
--   re_read_in_full         read for an answer before, in this trace or as the prompt of an earlier call, and paid in full again
--   re_read_from_cache      read from the cache
--   cache_write             written to the cache for the first time
--   handed_over_context     what another agent of the trace had read or said before
--   unused_tool_definitions definitions of tools that nobody asked for in this run of the agent
--   tool_definitions, retrieved_context, tool_results, new_input
--   reasoning, visible_output
--   tool_fee                searches, sessions and fees per request
--   unexplained             input of a call that does not say how its prompt was made, or of a piece that no record shows
--
-- Where in the prompt. Providers read from the cache first, then write, then charge the rest, so classes are
-- stretches of the prompt. Pieces are known by estimates of their size: they are stretched to the billed
-- total, and where an earlier call ended at one of their boundaries, that boundary is at the total which that
-- call was billed for. Rounding is at boundaries, so that parts sum to the whole.
--
-- Looks at traces in which something came in since the last time, as recover_structure does, and at earlier
-- prompts of the seven days before.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.explain_calls ${on_cluster}
REFRESH EVERY 1 MINUTE APPEND TO ${database}.call_causes${local}
AS
WITH
    (
        SELECT max(views.last_success_time - toIntervalMillisecond(views.last_success_duration_ms))
        FROM system.view_refreshes AS views
        WHERE views.database = '${database}' AND views.view = 'explain_calls'
    ) AS last_time,
    ifNull(last_time - INTERVAL 180 SECOND, (SELECT max(days.received_at) - INTERVAL 1 DAY FROM ${database}.trace_days${local} AS days)) AS since,
    dirty AS
    (
        SELECT DISTINCT days.trace_id AS trace_id, days.started_on AS started_on
        FROM ${database}.trace_days${local} AS days
        WHERE days.trace_id GLOBAL IN (SELECT recent.trace_id FROM ${database}.trace_days${local} AS recent WHERE recent.received_at >= since)
    ),
    recorded AS
    (
        SELECT
            prompts.trace_id AS trace_id, prompts.span_id AS span_id, prompts.segment_kinds AS segment_kinds,
            arrayMap(size -> toInt64(size), prompts.segment_tokens) AS sizes,
            prompts.segment_fingerprints AS segments, prompts.prefix_fingerprints AS prefixes, prompts.tool_names AS tool_names,
            prompts.new_chunks AS new_chunks, prompts.answer_fingerprints AS answers, prompts.answer_chunks AS answer_chunks,
            prompts.asked_tools AS asked_tools
        FROM ${database}.call_prompts${local} AS prompts FINAL
        WHERE (toDate(prompts.started_at), prompts.trace_id) GLOBAL IN (SELECT dirty.started_on, dirty.trace_id FROM dirty)
    ),
    calls AS
    (
        SELECT
            billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id,
            toString(billed.provider) AS provider, toString(billed.model) AS model, billed.agent_run_id AS run,
            billed.outcome IN ('failed', 'abandoned') AS is_failed,
            -- In the order in which a provider takes them up.
            [
                ('cache_read', billed.cache_read_tokens), ('cache_read_audio', billed.cache_read_audio_tokens),
                ('cache_write_5m', billed.cache_write_5m_tokens), ('cache_write_30m', billed.cache_write_30m_tokens),
                ('cache_write_1h', billed.cache_write_1h_tokens), ('cache_write_12h', billed.cache_write_12h_tokens),
                ('cache_write', billed.cache_write_tokens),
                ('input', billed.input_text_tokens), ('input_tool_use', billed.input_tool_use_tokens),
                ('input_document', billed.input_document_tokens), ('input_image', billed.input_image_tokens),
                ('input_video', billed.input_video_tokens), ('input_audio', billed.input_audio_tokens)
            ]::Array(Tuple(component String, count Nullable(Int64))) AS input_classes,
            [
                ('reasoning', 'reasoning', billed.reasoning_tokens), ('visible_output', 'output', billed.output_text_tokens),
                ('visible_output', 'output_audio', billed.output_audio_tokens), ('visible_output', 'output_image', billed.output_image_tokens),
                ('visible_output', 'prediction_accepted', billed.prediction_accepted_tokens), ('visible_output', 'prediction_rejected', billed.prediction_rejected_tokens),
                ('tool_fee', 'web_search', billed.web_search_requests), ('tool_fee', 'web_fetch', billed.web_fetch_requests),
                ('tool_fee', 'file_search', billed.file_search_requests), ('tool_fee', 'code_execution', billed.code_execution_sessions),
                ('tool_fee', 'request', toUInt64(billed.billed_line = ''))
            ]::Array(Tuple(cause String, component String, count Nullable(Int64))) AS other_parts,
            arrayMap(class -> ifNull(class.count, 0), input_classes) AS class_counts,
            arraySum(class_counts) AS total,
            arraySum(arraySlice(class_counts, 1, 2)) AS cache_read,
            arraySum(arraySlice(class_counts, 3, 5)) AS cache_write,
            recorded.segment_kinds AS kinds, recorded.sizes AS sizes, recorded.segments AS segments, recorded.prefixes AS prefixes,
            recorded.tool_names AS tool_names, recorded.new_chunks AS new_chunks, recorded.answers AS answers,
            recorded.answer_chunks AS answer_chunks, recorded.asked_tools AS asked_tools
        FROM
        (
            SELECT found.*
            FROM ${database}.llm_calls${local} AS found FINAL
            WHERE found.billed_by = 0 AND (toDate(found.started_at), found.trace_id) GLOBAL IN (SELECT dirty.started_on, dirty.trace_id FROM dirty)
        ) AS billed
        LEFT JOIN recorded ON recorded.trace_id = billed.trace_id AND recorded.span_id = billed.span_id
    ),
    ends AS
    (
        SELECT indexed.prompt_end AS prompt_end, toString(indexed.provider) AS provider, toString(indexed.model) AS model,
            indexed.started_at AS started_at, indexed.input_tokens AS input_tokens, indexed.cached_tokens AS cached_tokens
        FROM ${database}.prompt_ends AS indexed
        WHERE indexed.prompt_end GLOBAL IN (SELECT arrayJoin(recorded.prefixes) FROM recorded)
        UNION ALL
        SELECT calls.prefixes[-1], calls.provider, calls.model, calls.started_at, toUInt64(calls.total), toUInt64(calls.cache_read + calls.cache_write)
        FROM calls
        WHERE notEmpty(calls.prefixes) AND NOT calls.is_failed
    ),
    -- The latest earlier call that answered, wherever, whose whole prompt this one begins with.
    continued AS
    (
        SELECT
            place.trace_id AS trace_id, place.span_id AS span_id,
            argMax((place.number, toInt64(ends.input_tokens), toInt64(ends.cached_tokens)), place.number) AS earlier,
            max(place.number = place.pieces AND ends.started_at > place.started_at - INTERVAL 1 HOUR) AS is_duplicate
        FROM
        (
            SELECT calls.trace_id, calls.span_id, calls.provider, calls.model, calls.started_at, length(calls.prefixes) AS pieces, number, prefix
            FROM calls
            ARRAY JOIN calls.prefixes AS prefix, arrayEnumerate(calls.prefixes) AS number
        ) AS place
        ASOF INNER JOIN ends
            ON ends.prompt_end = place.prefix AND ends.provider = place.provider AND ends.model = place.model AND ends.started_at < place.started_at
        WHERE ends.started_at >= place.started_at - INTERVAL 7 DAY
        GROUP BY place.trace_id, place.span_id
    ),
    -- Boundaries of the pieces, in billed tokens from the start of the prompt.
    bounded AS
    (
        SELECT
            calls.trace_id AS trace_id, calls.span_id AS span_id, calls.* EXCEPT (trace_id, span_id),
            continued.is_duplicate AS is_duplicate,
            arrayCumSum(calls.sizes) AS reached,
            if(continued.earlier.2 <= calls.total, continued.earlier, (0, 0, 0))::Tuple(number UInt64, tokens Int64, cached Int64) AS earlier,
            arrayMap(
                (size, number) -> multiIf(
                    number = length(reached), calls.total,
                    number <= earlier.number, intDiv(earlier.tokens * size, greatest(reached[earlier.number], 1)),
                    earlier.tokens + intDiv((calls.total - earlier.tokens) * (size - reached[earlier.number]), greatest(reached[-1] - reached[earlier.number], 1))),
                reached, arrayEnumerate(reached)) AS boundaries
        FROM calls
        LEFT JOIN continued ON continued.trace_id = calls.trace_id AND continued.span_id = calls.span_id
    ),
    -- How far each prompt had been read, and had been in the cache, by earlier calls of the trace.
    seen AS
    (
        SELECT
            prior.trace_id AS trace_id, prior.span_id AS span_id,
            maxIf(prior.boundary, prior.first_read.2 != 0 AND prior.first_read < (prior.started_at, prior.span_id)) AS read_to,
            maxIf(prior.boundary, prior.first_cached.2 != 0 AND prior.first_cached < (prior.started_at, prior.span_id)) AS cached_to
        FROM
        (
            SELECT
                bounded.trace_id, bounded.span_id, bounded.started_at, boundary,
                minIf((bounded.started_at, bounded.span_id), NOT bounded.is_failed) OVER (PARTITION BY bounded.trace_id, prefix) AS first_read,
                minIf((bounded.started_at, bounded.span_id), boundary <= bounded.cache_read + bounded.cache_write) OVER (PARTITION BY bounded.trace_id, prefix, bounded.model) AS first_cached
            FROM bounded
            ARRAY JOIN bounded.prefixes AS prefix, bounded.boundaries AS boundary
        ) AS prior
        GROUP BY prior.trace_id, prior.span_id
    ),
    -- Whose each piece and chunk was first: handed over is what came from another run.
    owned AS
    (
        SELECT
            piece.trace_id AS trace_id, piece.span_id AS span_id,
            groupUniqArrayIf(piece.fingerprint, piece.use = 'segment' AND piece.is_handed) AS handed_segments,
            countIf(piece.use = 'chunk' AND piece.is_handed) AS handed_chunks
        FROM
        (
            SELECT
                uses.trace_id, uses.span_id, uses.run, uses.use, uses.fingerprint,
                first_value(uses.run) OVER (PARTITION BY uses.trace_id, uses.is_chunk, uses.fingerprint ORDER BY uses.at, uses.span_id) != uses.run AS is_handed
            FROM
            (
                SELECT bounded.trace_id AS trace_id, bounded.span_id AS span_id, bounded.run AS run,
                    -- An answer is there when its call has ended, which is before whoever got it starts.
                    bounded.started_at AS at, part.1 AS use, part.2 AS fingerprint, use IN ('chunk', 'answer chunk') AS is_chunk
                FROM bounded
                ARRAY JOIN arrayConcat(
                    arrayMap(one -> ('segment', one), bounded.segments), arrayMap(one -> ('answer', one), bounded.answers),
                    arrayMap(one -> ('chunk', one), bounded.new_chunks), arrayMap(one -> ('answer chunk', one), bounded.answer_chunks)) AS part
            ) AS uses
        ) AS piece
        GROUP BY piece.trace_id, piece.span_id
    ),
    asked AS
    (
        SELECT calls.trace_id AS trace_id, calls.run AS run, groupUniqArrayArray(calls.asked_tools) AS tools
        FROM calls
        GROUP BY calls.trace_id, calls.run
    ),
    read AS
    (
        SELECT
            bounded.trace_id AS trace_id, bounded.span_id AS span_id, bounded.run AS run, bounded.* EXCEPT (trace_id, span_id, run),
            toInt64(greatest(seen.read_to, bounded.earlier.tokens)) AS read_to,
            toInt64(greatest(seen.cached_to, least(bounded.earlier.cached, bounded.earlier.tokens))) AS cached_to,
            bounded.cache_read + bounded.cache_write AS paid_apart,
            greatest(paid_apart, read_to) AS fresh_from,
            -- What the cache still had, up to the guess in its boundaries, was not written again.
            if(bounded.cache_read * 10 >= cached_to * 9, 0, least(bounded.cache_write, cached_to - bounded.cache_read)) AS rewritten,
            splitByString('', bounded.kinds) AS kind_letters,
            arrayMap(letter -> letter IN ('d', 'r'), kind_letters) AS is_named,
            arrayMap((named, place) -> if(named, bounded.tool_names[place], ''), is_named, arrayCumSum(is_named)) AS piece_tools,
            arrayMap(
                (letter, segment, tool) -> multiIf(
                    letter = 'x', 'unexplained',
                    letter != 'd' AND has(owned.handed_segments, segment), 'handed_over_context',
                    letter = 'd' AND tool != '' AND NOT has(asked.tools, tool), 'unused_tool_definitions',
                    letter = 'd', 'tool_definitions',
                    letter = 'c', 'retrieved_context',
                    letter = 'r', 'tool_results',
                    'new_input'),
                kind_letters, bounded.segments, piece_tools) AS piece_causes,
            arrayMap((to, number) -> greatest(0, to - greatest(if(number = 1, 0, bounded.boundaries[number - 1]), fresh_from)),
                bounded.boundaries, arrayEnumerate(bounded.boundaries)) AS fresh_tokens,
            arraySum(arrayMap((cause, fresh) -> if(cause = 'new_input', fresh, 0), piece_causes, fresh_tokens)) AS new_tokens,
            if(empty(bounded.new_chunks), 0, intDiv(new_tokens * toInt64(owned.handed_chunks), toInt64(length(bounded.new_chunks)))) AS handed_in_part
        FROM bounded
        LEFT JOIN seen ON seen.trace_id = bounded.trace_id AND seen.span_id = bounded.span_id
        LEFT JOIN owned ON owned.trace_id = bounded.trace_id AND owned.span_id = bounded.span_id
        LEFT JOIN asked ON asked.trace_id = bounded.trace_id AND asked.run = bounded.run
    ),
    divided AS
    (
        SELECT
            read.*,
            -- Stretches of the prompt, from its start to its end.
            arrayFilter(stretch -> stretch.2 > 0, [
                ('re_read_from_cache', read.cache_read),
                ('expired_cache_rewrite', read.rewritten),
                ('cache_write', read.cache_write - read.rewritten),
                ('unexplained', if(empty(read.boundaries), read.total - read.paid_apart, arraySum(arrayMap((cause, fresh) -> if(cause = 'unexplained', fresh, 0), read.piece_causes, read.fresh_tokens)))),
                ('re_read_in_full', if(empty(read.boundaries), 0, read.fresh_from - read.paid_apart)),
                ('handed_over_context', arraySum(arrayMap((cause, fresh) -> if(cause = 'handed_over_context', fresh, 0), read.piece_causes, read.fresh_tokens)) + read.handed_in_part),
                ('unused_tool_definitions', arraySum(arrayMap((cause, fresh) -> if(cause = 'unused_tool_definitions', fresh, 0), read.piece_causes, read.fresh_tokens))),
                ('tool_definitions', arraySum(arrayMap((cause, fresh) -> if(cause = 'tool_definitions', fresh, 0), read.piece_causes, read.fresh_tokens))),
                ('retrieved_context', arraySum(arrayMap((cause, fresh) -> if(cause = 'retrieved_context', fresh, 0), read.piece_causes, read.fresh_tokens))),
                ('tool_results', arraySum(arrayMap((cause, fresh) -> if(cause = 'tool_results', fresh, 0), read.piece_causes, read.fresh_tokens))),
                ('new_input', read.new_tokens - read.handed_in_part)
            ])::Array(Tuple(cause String, tokens Int64)) AS stretches,
            arrayCumSum(stretch -> stretch.tokens, stretches) AS stretch_ends,
            arrayCumSum(read.class_counts) AS class_ends,
            arrayConcat(
                arrayFlatten(arrayMap(
                    (stretch, stretch_end) -> arrayMap(
                        (class, class_count, class_end) -> (stretch.cause, class.component, least(stretch_end, class_end) - greatest(stretch_end - stretch.tokens, class_end - class_count)),
                        read.input_classes, read.class_counts, class_ends),
                    stretches, stretch_ends)),
                arrayMap(part -> (part.cause, part.component, ifNull(part.count, 0)), read.other_parts))::Array(Tuple(cause String, component String, count Int64)) AS parts,
            multiIf(read.is_failed, 'failed_attempt', read.is_duplicate, 'exact_duplicate', '') AS cause_of_all,
            arrayFilter(part -> part.count > 0, parts) AS paid
        FROM read
    )
SELECT
    explained.started_at AS started_at, explained.trace_id AS trace_id, explained.span_id AS span_id,
    toUInt64(toUnixTimestamp64Milli(now64(3))) AS version,
    explained.prefixes[-1] AS prompt_end, explained.provider AS provider, explained.model AS model, explained.run AS agent_run_id,
    toUInt64(explained.total) AS input_tokens,
    toUInt64(explained.cache_read + explained.cache_write) AS cached_tokens,
    toUInt64(least(explained.total, greatest(explained.cache_read, explained.read_to))) AS re_read_tokens,
    arrayMap(part -> firstNonDefault(explained.cause_of_all, part.cause), explained.paid) AS causes,
    arrayMap(part -> part.component, explained.paid) AS components,
    arrayMap(part -> toUInt64(part.count), explained.paid) AS counts
FROM divided AS explained
