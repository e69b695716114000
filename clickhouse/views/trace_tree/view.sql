-- One trace as a tree: what each span cost by itself and with all that ran under it.
-- Grain: one row per span, parents before children, siblings in order of time.
-- Excludes: nothing. Spans whose parent never arrived, and those under 200 others, stand at depth 0. inclusive_cost_usd is NULL where a call below has no usage or no price; inclusive_known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.trace_tree ${on_cluster}
AS
WITH RECURSIVE
    members AS
    (
        SELECT
            spans.span_id AS span_id, spans.parent_span_id AS parent_span_id, spans.started_at AS started_at, spans.duration_ns AS duration_ns,
            spans.kind AS kind, spans.name AS name, spans.agent_name AS agent_name, spans.status AS status
        FROM ${database}.spans AS spans FINAL
        WHERE spans.trace_id = toUUIDOrZero({trace_id:String})
            -- Where to look: rows lie by day.
            AND toDate(spans.started_at) GLOBAL IN (SELECT days.started_on FROM ${database}.trace_days AS days WHERE days.trace_id = toUUIDOrZero({trace_id:String}))
        ORDER BY spans.started_at
        LIMIT 1 BY spans.span_id
    ),
    calls AS
    (
        SELECT
            calls.span_id AS span_id, calls.model AS model, calls.outcome AS outcome, calls.billed_by AS billed_by, calls.unpriced AS unpriced,
            calls.input_tokens AS input_tokens, calls.cache_read_tokens AS cache_read_tokens, calls.output_tokens AS output_tokens,
            if(calls.billed_by = 0, calls.cost_usd, toDecimal128(0, 15)) AS cost_usd,
            if(calls.billed_by = 0, calls.known_cost_usd, toDecimal128(0, 15)) AS known_cost_usd
        FROM ${database}.llm_calls AS calls FINAL
        WHERE calls.trace_id = toUUIDOrZero({trace_id:String})
            AND toDate(calls.started_at) GLOBAL IN (SELECT days.started_on FROM ${database}.trace_days AS days WHERE days.trace_id = toUUIDOrZero({trace_id:String}))
        ORDER BY calls.started_at
        LIMIT 1 BY calls.span_id
    ),
    -- Ids from the root down to each span, at most 200 levels: every level reads the trace again.
    paths AS
    (
        SELECT members.span_id AS span_id, [members.span_id] AS path, [(members.started_at, members.span_id)] AS place
        FROM members
        WHERE members.parent_span_id NOT IN (SELECT parents.span_id FROM members AS parents)
        UNION ALL
        SELECT members.span_id AS span_id, arrayPushBack(paths.path, members.span_id) AS path,
            arrayPushBack(paths.place, (members.started_at, members.span_id)) AS place
        FROM members
        INNER JOIN paths ON members.parent_span_id = paths.span_id
        WHERE length(paths.path) < 200
    ),
    -- What the recursion did not reach (a circle of parents, or too deep) stands by itself.
    placed AS
    (
        SELECT paths.span_id AS span_id, paths.path AS path, paths.place AS place FROM paths
        UNION ALL
        SELECT members.span_id, [members.span_id], [(members.started_at, members.span_id)]
        FROM members
        WHERE members.span_id NOT IN (SELECT paths.span_id FROM paths)
    ),
    inclusive AS
    (
        SELECT
            ancestor AS span_id,
            countIf(calls.billed_by = 0) AS calls,
            countIf(calls.cost_usd IS NULL) AS unpriced_calls,
            sum(calls.cost_usd) AS cost_usd,
            sum(calls.known_cost_usd) AS known_cost_usd
        FROM placed
        ARRAY JOIN placed.path AS ancestor
        INNER JOIN calls ON calls.span_id = placed.span_id
        GROUP BY ancestor
    )
SELECT
    length(placed.path) - 1 AS depth,
    lower(leftPad(hex(members.span_id), 16, '0')) AS span_id,
    if(members.parent_span_id = 0, '', lower(leftPad(hex(members.parent_span_id), 16, '0'))) AS parent_span_id,
    members.kind AS kind,
    members.name AS name,
    members.agent_name AS agent_name,
    members.started_at AS started_at,
    members.duration_ns / 1000000 AS duration_ms,
    members.status AS status,
    calls.model AS model,
    calls.outcome AS outcome,
    if(calls.billed_by = 0, '', lower(leftPad(hex(calls.billed_by), 16, '0'))) AS billed_by,
    calls.input_tokens AS input_tokens,
    calls.cache_read_tokens AS cache_read_tokens,
    calls.output_tokens AS output_tokens,
    if(members.kind = 'llm_call', calls.cost_usd, toDecimal128(0, 15)) AS self_cost_usd,
    calls.known_cost_usd AS self_known_cost_usd,
    calls.unpriced AS unpriced,
    inclusive.calls AS inclusive_calls,
    inclusive.unpriced_calls AS inclusive_unpriced_calls,
    if(inclusive.unpriced_calls = 0, ifNull(inclusive.cost_usd, 0), NULL) AS inclusive_cost_usd,
    inclusive.known_cost_usd AS inclusive_known_cost_usd
FROM placed
INNER JOIN members ON members.span_id = placed.span_id
LEFT JOIN calls ON calls.span_id = placed.span_id
LEFT JOIN inclusive ON inclusive.span_id = placed.span_id
ORDER BY placed.place
