-- What could each call have read from the provider's cache, and who would have had to write it?
-- Grain: one row per billed call, as in billed_classes, and is_recorded where it says how its prompt was made and how long it was; elsewhere the rest is 0. All calls of the window fill the cache at their real times of arrival, whichever of them are asked for. A prefix can be read once a call with the same one had begun to answer, and for 5 minutes or an hour since the last such call began. read_… and expired_…: with breakpoints behind tools and system prompt and at the end of every prompt, which is end where the prompt is long enough for a cache, else 0; best_read_… and best_end_…: with breakpoints wherever a later call begins with the same, and up to where this call should write for the next. Prompts below the provider's least length (1,024 tokens, for some models 2,048 or 4,096) are in no cache. Tokens are exact where a prompt begins with a whole earlier one, and else estimated from the sizes of pieces.
-- Excludes: other reports of the same call. Four breakpoints are taken to suffice, and a provider to look back far enough for them. What was in the cache more than an hour before from is not known.
CREATE VIEW IF NOT EXISTS ${database}.cache_simulation ${on_cluster}
AS
WITH
    toDateTime64(0, 9, 'UTC') AS never,
    -- https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    model -> multiIf(
        match(model, 'opus-4-[567]|haiku-4-5|mythos-preview'), 4096,
        match(model, 'claude-(3-5-haiku|3-haiku|haiku-3)'), 2048,
        match(model, 'gemini-.*pro'), 4096,
        1024) AS least_of,
    -- Half as much to keep, and more than any prompt has.
    tokens -> toUInt32(least(ifNull(tokens, 0), 4294967295)) AS prompt_tokens,
    recorded AS
    (
        SELECT prompts.*
        FROM ${database}.call_prompts AS prompts FINAL
        WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 HOUR AND prompts.started_at < {to:DateTime64(9, 'UTC')}
            -- Its length alone is read where the list is not needed.
            AND prompts.prefix_fingerprints.size0 > 0
    ),
    placed AS
    (
        SELECT
            sipHash64(calls.trace_id, calls.span_id) AS call, calls.started_at AS started_at, calls.answered_at AS answered_at,
            prompt_tokens(calls.input_tokens) AS input_tokens, least_of(calls.model) AS least_tokens,
            arrayCumSum(size -> toInt64(size), prompts.segment_tokens) AS reached,
            -- The prompt's pieces, stretched to what was billed.
            arrayMap(size -> toUInt32(intDiv(input_tokens * size, greatest(reached[-1], 1))), reached) AS boundaries,
            cityHash64(calls.provider, calls.model) AS cache,
            prompts.prefix_fingerprints AS prefixes, length(prefixes) AS pieces,
            length(extract(prompts.segment_kinds, '^[sdx]*')) AS head
        FROM ${database}.billed_classes(
            from = {from:DateTime64(9, 'UTC')} - INTERVAL 1 HOUR, to = {to:DateTime64(9, 'UTC')},
            in_trace = '', in_conversation = '', in_service = '') AS calls
        INNER JOIN recorded AS prompts
            ON toDate(prompts.started_at) = toDate(calls.started_at) AND prompts.trace_id = calls.trace_id AND prompts.span_id = calls.span_id AND prompts.started_at = calls.started_at
        WHERE calls.input_tokens > 0
        -- Both are read in this order: nothing has to be kept.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    -- Prefixes that tell prompts apart: forks, and heads and ends that prompts have in common. Any other is in just the
    -- prompts that hold the next piece, too, and who reads it reads that.
    told_apart AS
    (
        SELECT prefix
        FROM
        (
            SELECT
                prompts.prefix_fingerprints AS prefixes,
                sipHash64(prompts.trace_id, prompts.span_id) AS call, length(extract(prompts.segment_kinds, '^[sdx]*')) AS head,
                arrayMap((next, number) -> if(number = head, call, next), arrayPushBack(arrayPopFront(prefixes), call), arrayEnumerate(prefixes)) AS nexts
            FROM ${database}.call_prompts AS prompts
            WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 HOUR AND prompts.started_at < {to:DateTime64(9, 'UTC')}
        ) AS made
        -- Of each piece its own next one: a list beside it would be copied for every one.
        ARRAY JOIN made.prefixes AS prefix, made.nexts AS leads_to
        GROUP BY prefix
        -- Alike only where all are; half as much to keep as a least and a greatest.
        HAVING groupBitAnd(leads_to) != groupBitOr(leads_to)
    ),
    shared AS
    (
        SELECT
            placed.call AS call, placed.started_at AS started_at, placed.answered_at AS answered_at,
            placed.input_tokens AS input_tokens, placed.least_tokens AS least_tokens,
            cityHash64(placed.cache, fingerprint) AS prefix, boundary, number = placed.pieces AS is_end,
            -- One by one: IN over columns would make a list for every row.
            number = placed.head OR number = placed.pieces AS is_entry
        FROM placed
        ARRAY JOIN placed.prefixes AS fingerprint, placed.boundaries AS boundary, arrayEnumerate(placed.prefixes) AS number
        -- Estimates may be off: the least length is held against what was billed, below.
        WHERE boundary * 2 >= placed.least_tokens AND fingerprint GLOBAL IN told_apart
    ),
    -- When every such prefix of every prompt is asked for, and when it is there.
    events AS
    (
        SELECT shared.*, is_answer, if(is_answer, shared.answered_at, shared.started_at) AS at
        FROM shared
        ARRAY JOIN [false, true] AS is_answer
    ),
    asked AS
    (
        SELECT
            events.call AS call, events.started_at AS started_at, events.is_answer AS is_answer,
            events.input_tokens AS input_tokens, events.least_tokens AS least_tokens,
            -- Over a window, max(if(…)) takes a third of the time of maxIf, and a number a third of that of a tuple.
            max(if(events.is_answer AND events.is_entry, events.started_at, never)) OVER earlier AS entered_at,
            max(if(events.is_answer, events.started_at, never)) OVER earlier AS used_at,
            argMax(events.call, if(events.is_answer, events.started_at, never)) OVER earlier AS used_by,
            max(if(events.is_answer AND events.is_end, events.input_tokens, 0)) OVER earlier AS billed_to,
            if(billed_to BETWEEN 1 AND events.input_tokens, billed_to, events.boundary) AS boundary
        FROM events
        WINDOW earlier AS (PARTITION BY events.prefix ORDER BY events.at, events.is_answer DESC, events.call ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ),
    reads AS
    (
        SELECT
            asked.call AS call,
            maxIf(asked.boundary, asked.entered_at >= asked.started_at - INTERVAL 5 MINUTE) AS read_5m,
            maxIf(asked.boundary, asked.entered_at >= asked.started_at - INTERVAL 1 HOUR) AS read_1h,
            maxIf(asked.boundary, asked.entered_at != never) AS ever_read,
            -- Numbers by themselves: a tuple would be kept for every call in a list of its own.
            maxIf(asked.boundary, asked.used_at >= asked.started_at - INTERVAL 5 MINUTE) AS best_read_5m,
            argMaxIf(asked.used_by, asked.boundary, asked.used_at >= asked.started_at - INTERVAL 5 MINUTE) AS best_from_5m,
            maxIf(asked.boundary, asked.used_at >= asked.started_at - INTERVAL 1 HOUR) AS best_read_1h,
            argMaxIf(asked.used_by, asked.boundary, asked.used_at >= asked.started_at - INTERVAL 1 HOUR) AS best_from_1h
        FROM asked
        WHERE NOT asked.is_answer AND asked.boundary >= asked.least_tokens
        GROUP BY asked.call
    ),
    -- What a call reads, and what those that read from it would have it write.
    simulated AS
    (
        SELECT
            one.call AS call, max(one.read_5m) AS read_5m, max(one.read_1h) AS read_1h, max(one.ever_read) AS ever_read,
            max(one.best_read_5m) AS best_read_5m, max(one.best_read_1h) AS best_read_1h,
            max(one.wanted_5m) AS wanted_5m, max(one.wanted_1h) AS wanted_1h
        FROM reads
        ARRAY JOIN [
            (reads.call, reads.read_5m, reads.read_1h, reads.ever_read, reads.best_read_5m, reads.best_read_1h, 0, 0),
            (reads.best_from_5m, 0, 0, 0, 0, 0, reads.best_read_5m, 0),
            (reads.best_from_1h, 0, 0, 0, 0, 0, 0, reads.best_read_1h)
        ]::Array(Tuple(
            call UInt64, read_5m UInt32, read_1h UInt32, ever_read UInt32, best_read_5m UInt32, best_read_1h UInt32, wanted_5m UInt32, wanted_1h UInt32)) AS one
        GROUP BY one.call
    ),
    calls AS
    (
        SELECT
            calls.*, sipHash64(calls.trace_id, calls.span_id) AS call,
            ifNull(calls.input_tokens, 0) > 0 AND toUnixTimestamp64Nano(prompts.started_at) != 0 AS is_recorded,
            prompt_tokens(calls.input_tokens) AS prompt,
            if(is_recorded AND prompt >= least_of(calls.model), prompt, 0) AS end
        FROM ${database}.billed_classes(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        LEFT JOIN recorded AS prompts
            ON toDate(prompts.started_at) = toDate(calls.started_at) AND prompts.trace_id = calls.trace_id AND prompts.span_id = calls.span_id AND prompts.started_at = calls.started_at
        SETTINGS join_algorithm = 'full_sorting_merge'
    )
SELECT
    calls.* EXCEPT (call, prompt),
    simulated.read_5m AS read_5m,
    simulated.read_1h AS read_1h,
    simulated.ever_read - simulated.read_5m AS expired_5m,
    simulated.ever_read - simulated.read_1h AS expired_1h,
    simulated.best_read_5m AS best_read_5m,
    simulated.best_read_1h AS best_read_1h,
    least(simulated.wanted_5m, calls.end) AS best_end_5m,
    least(simulated.wanted_1h, calls.end) AS best_end_1h
FROM calls
LEFT JOIN simulated ON simulated.call = calls.call
