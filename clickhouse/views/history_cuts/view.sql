-- Which part of each prompt is history that a window would have cut off?
-- Grain: one row per billed call with input. Calls are a thread as long as each reads again nine tenths of the prompt before it: in one run of an agent, or, where a conversation has several traces, with one agent of the conversation. A turn is one call. History is cut in steps of so many turns, so that the newest stay, between that many and twice as many, and the cache is lost once a step and not with every call; the thread's first prompt always stays. The cut part lies between cut_from and cut_to, in billed tokens from the start of the prompt; is_first marks the first prompt after a cut. 0 turns cut nothing.
-- Excludes: calls not explained yet (a job does it every minute) begin a thread of their own.
CREATE VIEW IF NOT EXISTS ${database}.history_cuts ${on_cluster}
AS
WITH
    calls AS
    (
        SELECT calls.started_at AS started_at, calls.trace_id AS trace_id, calls.span_id AS span_id, calls.conversation_id AS conversation_id,
            calls.agent_name AS agent_name, calls.agent_run_id AS agent_run_id, calls.model AS model, assumeNotNull(toInt64(calls.input_tokens)) AS input_tokens
        FROM ${database}.billed_classes(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        WHERE calls.input_tokens > 0
    ),
    long_conversations AS
    (
        SELECT calls.conversation_id FROM calls WHERE calls.conversation_id != '' GROUP BY calls.conversation_id HAVING uniq(calls.trace_id) > 1
    ),
    followed AS
    (
        SELECT
            calls.started_at AS started_at, calls.trace_id AS trace_id, calls.span_id AS span_id, calls.input_tokens AS input_tokens,
            if(calls.conversation_id GLOBAL IN long_conversations,
                sipHash64(calls.conversation_id, calls.agent_name, calls.model),
                sipHash64(calls.trace_id, calls.agent_run_id, calls.agent_name, calls.model)) AS thread,
            lagInFrame(calls.input_tokens) OVER in_order AS before,
            before = 0 OR calls.input_tokens < before OR toInt64(why.re_read_tokens) * 10 < before * 9 AS is_new
        FROM calls
        LEFT JOIN
        (
            SELECT why.started_at, why.trace_id, why.span_id, why.re_read_tokens
            FROM ${database}.call_causes AS why FINAL
            WHERE why.started_at >= {from:DateTime64(9, 'UTC')} AND why.started_at < {to:DateTime64(9, 'UTC')}
        ) AS why
            ON toDate(why.started_at) = toDate(calls.started_at) AND why.trace_id = calls.trace_id AND why.span_id = calls.span_id AND why.started_at = calls.started_at
        WINDOW in_order AS (PARTITION BY thread ORDER BY calls.started_at, calls.span_id)
        -- Both are read in this order: nothing has to be kept.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    parted AS
    (
        SELECT followed.*, sum(followed.is_new) OVER (PARTITION BY followed.thread ORDER BY followed.started_at, followed.span_id) AS part
        FROM followed
    ),
    numbered AS
    (
        SELECT
            parted.*, row_number() OVER in_part - 1 AS turns_before, first_value(parted.input_tokens) OVER in_part AS first_tokens,
            if({turns:UInt32} = 0, 0, intDiv(turns_before, {turns:UInt32})) AS step
        FROM parted
        WINDOW in_part AS (PARTITION BY parted.thread, parted.part ORDER BY parted.started_at, parted.span_id)
    )
SELECT
    numbered.started_at AS started_at,
    numbered.trace_id AS trace_id,
    numbered.span_id AS span_id,
    numbered.turns_before AS turns_before,
    if({turns:UInt32} = 0, 0, numbered.first_tokens) AS cut_from,
    -- Prompts of a thread only grow: the smallest of the step before is its first.
    if({turns:UInt32} = 0, 0, min(numbered.input_tokens) OVER (PARTITION BY numbered.thread, numbered.part ORDER BY numbered.step RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)) AS cut_to,
    cut_to > cut_from AND numbered.turns_before % greatest({turns:UInt32}, 1) = 0 AS is_first
FROM numbered
