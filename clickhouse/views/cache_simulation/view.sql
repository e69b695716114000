-- What could each call have read from the provider's cache, and who would have had to write it?
-- Grain: one row per billed call that says how its prompt was made, over the real times of arrival. A prefix can be read once a call with the same one had begun to answer, and for 5 minutes or an hour since the last such call began. read_… and expired_…: with breakpoints behind tools and system prompt and at the end of every prompt; best_read_… and best_end_…: with breakpoints wherever a later call begins with the same, and up to where this call should write for the next. Prompts below the provider's least length (1,024 tokens, for some models 2,048 or 4,096) are in no cache. Tokens are exact where a prompt begins with a whole earlier one, and else estimated from the sizes of pieces.
-- Excludes: calls without a recorded prompt or without input. Four breakpoints are taken to suffice, and a provider to look back far enough for them. What was in the cache more than an hour before from is not known.
CREATE VIEW IF NOT EXISTS ${database}.cache_simulation ${on_cluster}
AS
WITH
    placed AS
    (
        SELECT
            calls.trace_id AS trace_id, calls.span_id AS span_id, calls.started_at AS started_at, calls.answered_at AS answered_at,
            assumeNotNull(toInt64(calls.input_tokens)) AS input_tokens,
            -- https://platform.claude.com/docs/en/build-with-claude/prompt-caching
            multiIf(
                match(calls.model, 'opus-4-[567]|haiku-4-5|mythos-preview'), 4096,
                match(calls.model, 'claude-(3-5-haiku|3-haiku|haiku-3)'), 2048,
                match(calls.model, 'gemini-.*pro'), 4096,
                1024) AS least_tokens,
            arrayCumSum(size -> toInt64(size), prompts.segment_tokens) AS reached,
            -- The prompt's pieces, stretched to what was billed.
            arrayMap(size -> intDiv(input_tokens * size, greatest(reached[-1], 1)), reached) AS boundaries,
            arrayMap(prefix -> cityHash64(calls.provider, calls.model, prefix), prompts.prefix_fingerprints) AS prefixes,
            length(extract(prompts.segment_kinds, '^[sdx]*')) AS head
        FROM ${database}.billed_classes(
            from = {from:DateTime64(9, 'UTC')} - INTERVAL 1 HOUR, to = {to:DateTime64(9, 'UTC')},
            in_trace = '', in_conversation = '', in_service = '') AS calls
        INNER JOIN
        (
            SELECT prompts.*
            FROM ${database}.call_prompts AS prompts FINAL
            WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 HOUR AND prompts.started_at < {to:DateTime64(9, 'UTC')}
        ) AS prompts
            ON prompts.trace_id = calls.trace_id AND prompts.span_id = calls.span_id AND prompts.started_at = calls.started_at
        WHERE calls.input_tokens > 0 AND notEmpty(prompts.prefix_fingerprints)
    ),
    -- Every prefix of every prompt, when it is asked for and when it is there.
    events AS
    (
        SELECT
            placed.trace_id AS trace_id, placed.span_id AS span_id, placed.started_at AS started_at, placed.input_tokens AS input_tokens,
            placed.least_tokens AS least_tokens, prefix, boundary, number = length(placed.prefixes) AS is_end,
            number IN (placed.head, length(placed.prefixes)) AS is_entry, is_answer,
            if(is_answer, placed.answered_at, placed.started_at) AS at
        FROM placed
        ARRAY JOIN placed.prefixes AS prefix, placed.boundaries AS boundary, arrayEnumerate(placed.prefixes) AS number
        ARRAY JOIN [false, true] AS is_answer
        -- Estimates may be off: the least length is held against what was billed, below.
        WHERE boundary * 2 >= placed.least_tokens
    ),
    asked AS
    (
        SELECT
            events.trace_id AS trace_id, events.span_id AS span_id, events.started_at AS started_at, events.is_answer AS is_answer,
            events.input_tokens AS input_tokens, events.least_tokens AS least_tokens,
            maxIf(events.started_at, events.is_answer AND events.is_entry) OVER earlier AS entered_at,
            argMaxIf((events.started_at, events.trace_id, events.span_id), events.started_at, events.is_answer) OVER earlier AS used_by,
            maxIf(events.input_tokens, events.is_answer AND events.is_end) OVER earlier AS billed_to,
            if(billed_to BETWEEN 1 AND events.input_tokens, billed_to, events.boundary) AS boundary
        FROM events
        WINDOW earlier AS (PARTITION BY events.prefix ORDER BY events.at, events.is_answer DESC, events.span_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ),
    reads AS
    (
        SELECT
            asked.trace_id AS trace_id, asked.span_id AS span_id, asked.started_at AS started_at,
            any(asked.input_tokens) AS input_tokens, any(asked.least_tokens) AS least_tokens,
            maxIf(asked.boundary, asked.entered_at >= asked.started_at - INTERVAL 5 MINUTE) AS read_5m,
            maxIf(asked.boundary, asked.entered_at >= asked.started_at - INTERVAL 1 HOUR) AS read_1h,
            maxIf(asked.boundary, toUnixTimestamp64Nano(asked.entered_at) != 0) AS ever_read,
            argMaxIf((asked.boundary, asked.used_by.2, asked.used_by.3), asked.boundary, asked.used_by.1 >= asked.started_at - INTERVAL 5 MINUTE) AS best_5m,
            argMaxIf((asked.boundary, asked.used_by.2, asked.used_by.3), asked.boundary, asked.used_by.1 >= asked.started_at - INTERVAL 1 HOUR) AS best_1h
        FROM asked
        WHERE NOT asked.is_answer AND asked.boundary >= asked.least_tokens
        GROUP BY asked.trace_id, asked.span_id, asked.started_at
    ),
    wanted AS
    (
        SELECT wish.writer_trace AS trace_id, wish.writer AS span_id, maxIf(wish.tokens, NOT wish.is_hour) AS end_5m, maxIf(wish.tokens, wish.is_hour) AS end_1h
        FROM
        (
            SELECT arrayJoin([(false, reads.best_5m), (true, reads.best_1h)]) AS one, one.1 AS is_hour, one.2.1 AS tokens, one.2.2 AS writer_trace, one.2.3 AS writer
            FROM reads
        ) AS wish
        WHERE wish.tokens > 0
        GROUP BY wish.writer_trace, wish.writer
    )
SELECT
    placed.started_at AS started_at,
    placed.trace_id AS trace_id,
    placed.span_id AS span_id,
    if(placed.input_tokens >= placed.least_tokens, placed.input_tokens, 0) AS end,
    reads.read_5m AS read_5m,
    reads.read_1h AS read_1h,
    reads.ever_read - reads.read_5m AS expired_5m,
    reads.ever_read - reads.read_1h AS expired_1h,
    reads.best_5m.1 AS best_read_5m,
    reads.best_1h.1 AS best_read_1h,
    least(wanted.end_5m, end) AS best_end_5m,
    least(wanted.end_1h, end) AS best_end_1h
FROM placed
LEFT JOIN reads ON reads.trace_id = placed.trace_id AND reads.span_id = placed.span_id AND reads.started_at = placed.started_at
LEFT JOIN wanted ON wanted.trace_id = placed.trace_id AND wanted.span_id = placed.span_id
WHERE placed.started_at >= {from:DateTime64(9, 'UTC')}
ORDER BY started_at, trace_id, span_id
