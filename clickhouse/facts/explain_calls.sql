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
    (toDateTime64('2262-01-01 00:00:00', 9, 'UTC'), toUInt64(0)) AS never,
    dirty AS
    (
        SELECT days.trace_id AS trace_id, arrayJoin(groupUniqArray(days.started_on)) AS started_on
        FROM ${database}.trace_days${local} AS days
        WHERE days.trace_id GLOBAL IN (SELECT recent.trace_id FROM ${database}.trace_days${local} AS recent WHERE recent.received_at >= since)
        GROUP BY days.trace_id
        -- By hand it is done day after day: earlier prompts are known when later ones begin with them, and memory is that of a day.
        HAVING ${portion}
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
            recorded.answer_chunks AS answer_chunks,
            groupUniqArrayArray(recorded.asked_tools) OVER (PARTITION BY billed.trace_id, billed.agent_run_id) AS asked_tools
        FROM
        (
            SELECT found.*
            FROM ${database}.llm_calls${local} AS found FINAL
            WHERE found.billed_by = 0 AND (toDate(found.started_at), found.trace_id) GLOBAL IN (SELECT dirty.started_on, dirty.trace_id FROM dirty)
        ) AS billed
        LEFT JOIN recorded ON recorded.trace_id = billed.trace_id AND recorded.span_id = billed.span_id
    ),
    -- The latest earlier call that answered, wherever, whose whole prompt this one begins with.
    continued AS
    (
        SELECT
            place.trace_id AS trace_id, place.span_id AS span_id,
            argMax((place.number, toInt64(place.earlier.2), toInt64(place.earlier.3)), place.number) AS earlier,
            max(place.is_whole AND place.earlier.1 > place.started_at - INTERVAL 1 HOUR) AS is_duplicate
        FROM
        (
            SELECT
                known.trace_id, known.span_id, known.started_at, known.number, known.is_whole,
                -- Of those that start at one time none continues another. Over a window, max(if(…)) takes a third of the time of maxIf.
                max(if(known.number = 0, (known.started_at, known.input_tokens, known.cached_tokens), (toDateTime64(0, 9, 'UTC'), toUInt64(0), toUInt64(0))))
                    OVER (PARTITION BY known.prefix, known.provider, known.model ORDER BY known.started_at, known.number = 0) AS earlier
            FROM
            (
                SELECT
                    calls.trace_id AS trace_id, calls.span_id AS span_id, calls.started_at AS started_at, calls.provider AS provider, calls.model AS model,
                    place.1 AS number, place.2 AS prefix, place.1 = length(calls.prefixes) AS is_whole,
                    toUInt64(calls.total) AS input_tokens, toUInt64(calls.cache_read + calls.cache_write) AS cached_tokens
                FROM calls
                -- The place 0 is the end.
                ARRAY JOIN arrayConcat(
                    arrayZip(arrayEnumerate(calls.prefixes), calls.prefixes),
                    if(calls.is_failed OR empty(calls.prefixes), [], [(toUInt32(0), calls.prefixes[-1])])) AS place
                UNION ALL
                SELECT
                    indexed.trace_id, indexed.span_id, indexed.started_at, toString(indexed.provider), toString(indexed.model),
                    0, indexed.prompt_end, 0, indexed.input_tokens, indexed.cached_tokens
                FROM ${database}.prompt_ends AS indexed
                WHERE indexed.prompt_end GLOBAL IN (SELECT arrayJoin(recorded.prefixes) FROM recorded)
            ) AS known
        ) AS place
        WHERE place.number != 0 AND place.earlier.1 >= place.started_at - INTERVAL 7 DAY
        GROUP BY place.trace_id, place.span_id
    ),
    -- Every step is a subquery of its own: what an expression names twice is planned twice.
    begun AS
    (
        SELECT
            calls.trace_id AS trace_id, calls.span_id AS span_id, calls.* EXCEPT (trace_id, span_id),
            continued.is_duplicate AS is_duplicate,
            arrayCumSum(calls.sizes) AS reached, length(reached) AS pieces_count,
            if(continued.earlier.2 <= calls.total, continued.earlier, (0, 0, 0))::Tuple(number UInt64, tokens Int64, cached Int64) AS earlier,
            -- Not within the lambdas below, where a list would be copied for every element.
            reached[earlier.number] AS reached_before,
            greatest(reached_before, 1) AS size_before,
            greatest(reached[-1] - reached_before, 1) AS size_since
        FROM calls
        LEFT JOIN continued ON continued.trace_id = calls.trace_id AND continued.span_id = calls.span_id
    ),
    -- Boundaries of the pieces, in billed tokens from the start of the prompt.
    bounded AS
    (
        SELECT
            begun.*,
            arrayMap(
                (size, number) -> multiIf(
                    number = begun.pieces_count, begun.total,
                    number <= begun.earlier.number, intDiv(begun.earlier.tokens * size, begun.size_before),
                    begun.earlier.tokens + intDiv((begun.total - begun.earlier.tokens) * (size - begun.reached_before), begun.size_since)),
                begun.reached, arrayEnumerate(begun.reached)) AS boundaries
        FROM begun
    ),
    -- Of every piece, whether an earlier call of the trace had read it, had it in the cache, or belongs to another
    -- run: then it was handed over. An answer is there when its call has ended, which is before whoever got it starts.
    pieces AS
    (
        SELECT
            piece.trace_id AS trace_id, piece.span_id AS span_id,
            maxIf(piece.boundary, piece.first_read.2 != 0 AND piece.first_read < (piece.started_at, piece.span_id)) AS read_to,
            maxIf(piece.boundary, piece.first_cached.2 != 0 AND piece.first_cached < (piece.started_at, piece.span_id)) AS cached_to,
            groupUniqArrayIf(piece.fingerprint, piece.use = 'segment' AND piece.first_run != piece.run) AS handed_segments,
            countIf(piece.use = 'chunk' AND piece.first_run != piece.run) AS handed_chunks
        FROM
        (
            SELECT
                uses.*,
                min(if(uses.use = 'prefix' AND NOT uses.is_failed, (uses.started_at, uses.span_id), never)) OVER (PARTITION BY uses.trace_id, uses.space, uses.fingerprint) AS first_read,
                min(if(uses.use = 'prefix' AND uses.boundary <= uses.cached, (uses.started_at, uses.span_id), never)) OVER (PARTITION BY uses.trace_id, uses.space, uses.fingerprint, uses.model) AS first_cached,
                first_value(uses.run) OVER (PARTITION BY uses.trace_id, uses.space, uses.fingerprint ORDER BY uses.started_at, uses.span_id) AS first_run
            FROM
            (
                SELECT
                    bounded.trace_id AS trace_id, bounded.span_id AS span_id, bounded.started_at AS started_at, bounded.run AS run, bounded.model AS model,
                    bounded.is_failed AS is_failed, bounded.cache_read + bounded.cache_write AS cached,
                    part.1 AS use, part.2 AS space, part.3 AS fingerprint, part.4 AS boundary
                FROM bounded
                ARRAY JOIN arrayConcat(
                    arrayMap((one, boundary) -> ('prefix', 'prefix', one, boundary), bounded.prefixes, bounded.boundaries),
                    arrayMap(one -> ('segment', 'text', one, toInt64(0)), bounded.segments), arrayMap(one -> ('answer', 'text', one, toInt64(0)), bounded.answers),
                    arrayMap(one -> ('chunk', 'chunk', one, toInt64(0)), bounded.new_chunks), arrayMap(one -> ('answer', 'chunk', one, toInt64(0)), bounded.answer_chunks)) AS part
            ) AS uses
        ) AS piece
        GROUP BY piece.trace_id, piece.span_id
    ),
    read AS
    (
        SELECT
            bounded.trace_id AS trace_id, bounded.span_id AS span_id, bounded.* EXCEPT (trace_id, span_id),
            toInt64(greatest(pieces.read_to, bounded.earlier.tokens)) AS read_to,
            toInt64(greatest(pieces.cached_to, least(bounded.earlier.cached, bounded.earlier.tokens))) AS cached_to,
            pieces.handed_segments AS handed_segments, toInt64(pieces.handed_chunks) AS handed_chunks,
            splitByString('', bounded.kinds) AS kind_letters,
            arrayFilter((place, letter) -> letter IN ('d', 'r'), arrayEnumerate(kind_letters), kind_letters) AS named,
            arrayFilter((place, letter) -> letter NOT IN ('d', 'r'), arrayEnumerate(kind_letters), kind_letters) AS nameless,
            arrayMap(name -> name != '' AND NOT has(bounded.asked_tools, name), arrayResize(bounded.tool_names::Array(String), length(named))) AS is_unasked,
            -- Put to their places by sorting.
            arrayMap(
                piece -> piece.2,
                arraySort(piece -> piece.1, arrayConcat(arrayZip(named, is_unasked), arrayMap(place -> (place, toUInt8(0)), nameless)))) AS is_unused
        FROM bounded
        LEFT JOIN pieces ON pieces.trace_id = bounded.trace_id AND pieces.span_id = bounded.span_id
    ),
    caused AS
    (
        SELECT
            read.*,
            greatest(read.cache_read + read.cache_write, read.read_to) AS fresh_from,
            -- What the cache still had, up to the guess in its boundaries, was not written again.
            if(read.cache_read * 10 >= read.cached_to * 9, 0, least(read.cache_write, read.cached_to - read.cache_read)) AS rewritten,
            arrayMap(
                (letter, segment, unused) -> multiIf(
                    letter = 'x', 'unexplained',
                    letter = 'd' AND unused, 'unused_tool_definitions',
                    letter = 'd', 'tool_definitions',
                    has(read.handed_segments, segment), 'handed_over_context',
                    letter = 'c', 'retrieved_context',
                    letter = 'r', 'tool_results',
                    'new_input'),
                read.kind_letters, read.segments, read.is_unused) AS piece_causes
        FROM read
    ),
    freshened AS
    (
        SELECT
            caused.*,
            arrayMap((to, from) -> greatest(0, to - greatest(from, caused.fresh_from)), caused.boundaries, arrayPopBack(arrayPushFront(caused.boundaries, 0))) AS fresh_tokens,
            ['unexplained', 'handed_over_context', 'unused_tool_definitions', 'tool_definitions', 'retrieved_context', 'tool_results', 'new_input'] AS fresh_causes,
            [
                arraySum((cause, fresh) -> if(cause = 'unexplained', fresh, 0), caused.piece_causes, fresh_tokens),
                arraySum((cause, fresh) -> if(cause = 'handed_over_context', fresh, 0), caused.piece_causes, fresh_tokens),
                arraySum((cause, fresh) -> if(cause = 'unused_tool_definitions', fresh, 0), caused.piece_causes, fresh_tokens),
                arraySum((cause, fresh) -> if(cause = 'tool_definitions', fresh, 0), caused.piece_causes, fresh_tokens),
                arraySum((cause, fresh) -> if(cause = 'retrieved_context', fresh, 0), caused.piece_causes, fresh_tokens),
                arraySum((cause, fresh) -> if(cause = 'tool_results', fresh, 0), caused.piece_causes, fresh_tokens),
                arraySum((cause, fresh) -> if(cause = 'new_input', fresh, 0), caused.piece_causes, fresh_tokens)
            ] AS fresh_sums
        FROM caused
    ),
    -- Stretches of the prompt, from its start to its end.
    stretched AS
    (
        SELECT
            freshened.*,
            -- Chunks of a piece that was handed over whole say nothing of the other pieces.
            if(empty(freshened.new_chunks) OR freshened.fresh_sums[2] > 0, 0, intDiv(freshened.fresh_sums[7] * freshened.handed_chunks, toInt64(length(freshened.new_chunks)))) AS handed_in_part,
            arrayFilter(stretch -> stretch.2 > 0, arrayConcat(
                [
                    ('re_read_from_cache', freshened.cache_read),
                    ('expired_cache_rewrite', freshened.rewritten),
                    ('cache_write', freshened.cache_write - freshened.rewritten),
                    if(empty(freshened.boundaries), ('unexplained', freshened.total - freshened.cache_read - freshened.cache_write),
                        ('re_read_in_full', freshened.fresh_from - freshened.cache_read - freshened.cache_write))
                ],
                arrayMap((cause, fresh) -> (cause, fresh + multiIf(cause = 'handed_over_context', handed_in_part, cause = 'new_input', -handed_in_part, 0)),
                    freshened.fresh_causes, freshened.fresh_sums)))::Array(Tuple(cause String, tokens Int64)) AS stretches
        FROM freshened
    ),
    ended AS
    (
        SELECT
            stretched.*,
            arrayCumSum(stretch -> stretch.tokens, stretched.stretches) AS stretch_ends,
            arrayFilter(
                class -> class.count > 0,
                arrayMap((class, count, end) -> (class.component, count, end), stretched.input_classes, stretched.class_counts, arrayCumSum(stretched.class_counts))::Array(Tuple(component String, count Int64, end Int64))
            ) AS classes,
            multiIf(stretched.is_failed, 'failed_attempt', stretched.is_duplicate, 'exact_duplicate', '') AS cause_of_all
        FROM stretched
    ),
    divided AS
    (
        SELECT
            ended.*,
            arrayFilter(part -> part.count > 0, arrayConcat(
                arrayFlatten(arrayMap(
                    (stretch, stretch_end) -> arrayMap(
                        class -> (stretch.cause, class.component, least(stretch_end, class.end) - greatest(stretch_end - stretch.tokens, class.end - class.count)),
                        ended.classes),
                    ended.stretches, ended.stretch_ends)),
                arrayMap(part -> (part.cause, part.component, ifNull(part.count, 0)), ended.other_parts))::Array(Tuple(cause String, component String, count Int64))) AS paid
        FROM ended
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
