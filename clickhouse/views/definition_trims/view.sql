-- Where in each prompt are definitions of tools that its agent never asks for?
-- Grain: one row per billed call whose prompt is recorded from its first piece: places are where they lie, from and to in billed tokens from the start of the prompt, estimated from the sizes of its pieces. Never: in no call of that agent of that service in the whole range of time.
-- Excludes: calls without a recorded prompt, definitions without a name, and those of prompts so long that their oldest pieces are recorded merged.
CREATE VIEW IF NOT EXISTS ${database}.definition_trims ${on_cluster}
AS
WITH
    calls AS
    (
        SELECT
            calls.started_at AS started_at, calls.trace_id AS trace_id, calls.span_id AS span_id, calls.service_name AS service_name,
            calls.agent_name AS agent_name, assumeNotNull(toInt64(calls.input_tokens)) AS input_tokens, prompts.segment_kinds AS kinds,
            prompts.segment_tokens AS sizes, prompts.tool_names AS tool_names, prompts.asked_tools AS asked_tools
        FROM ${database}.billed_classes(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        INNER JOIN
        (
            SELECT
                prompts.started_at AS started_at, prompts.trace_id AS trace_id, prompts.span_id AS span_id, prompts.segment_kinds AS segment_kinds,
                prompts.segment_tokens AS segment_tokens, prompts.tool_names::Array(String) AS tool_names, prompts.asked_tools::Array(String) AS asked_tools
            FROM ${database}.call_prompts AS prompts FINAL
            WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} AND prompts.started_at < {to:DateTime64(9, 'UTC')}
        ) AS prompts
            ON toDate(prompts.started_at) = toDate(calls.started_at) AND prompts.trace_id = calls.trace_id AND prompts.span_id = calls.span_id AND prompts.started_at = calls.started_at
        WHERE calls.input_tokens > 0
        -- Both are read in this order: nothing has to be kept.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    asked AS
    (
        SELECT calls.service_name AS service_name, calls.agent_name AS agent_name, groupUniqArrayArray(calls.asked_tools) AS tools
        FROM calls
        GROUP BY calls.service_name, calls.agent_name
    ),
    placed AS
    (
        SELECT
            calls.started_at AS started_at, calls.trace_id AS trace_id, calls.span_id AS span_id,
            splitByString('', calls.kinds) AS letters,
            arrayCumSum(size -> toInt64(size), calls.sizes) AS reached,
            arrayMap(size -> intDiv(calls.input_tokens * size, greatest(reached[-1], 1)), reached) AS boundaries,
            arrayFilter(
                piece -> piece.letter IN ('d', 'r'),
                arrayMap((letter, start, end) -> (letter, start, end), letters, arrayPopBack(arrayPushFront(boundaries, 0)), boundaries)::Array(Tuple(letter String, start Int64, end Int64))) AS named,
            -- Names come beside their pieces: a list within a lambda is copied for every element.
            arrayFilter(
                piece -> piece.tool != '' AND NOT has(asked.tools, piece.tool),
                arrayMap(
                    (piece, tool) -> (if(piece.letter = 'd', tool, ''), piece.start, piece.end),
                    named, arrayResize(calls.tool_names, length(named)))::Array(Tuple(tool String, start Int64, end Int64))) AS unused
        FROM calls
        INNER JOIN asked ON asked.service_name = calls.service_name AND asked.agent_name = calls.agent_name
        WHERE calls.kinds != '' AND NOT startsWith(calls.kinds, 'h')
    )
SELECT
    placed.started_at AS started_at,
    placed.trace_id AS trace_id,
    placed.span_id AS span_id,
    arrayMap(piece -> piece.tool, placed.unused) AS tools,
    arrayMap(piece -> (piece.start, piece.end), placed.unused)::Array(Tuple(start Int64, end Int64)) AS places
FROM placed
-- Agents are few, whatever way this is itself joined in.
SETTINGS join_algorithm = 'direct,parallel_hash,hash'
