-- What is asked almost twice: model calls that differ in a few words from one in the hour before, and tools that gave the very same result again.
-- Grain: one row per kind (model call, tool call), name of the model or tool, and agent, dearest first. An estimate for model calls: the SimHash of their new input differs in at most three of 64 bits, after the same context, on the same model. calls counts the later ones, tokens and cost are theirs.
-- A tool call costs what it costs to read its repeated result first, estimated as its share of the prompt, whatever was asked; it is repeated within its trace.
-- Excludes: exact duplicates of model calls (duplicate_calls), failed and abandoned calls, and calls that do not say how their prompt was made. cost_usd is NULL where a call or a part has no price: unpriced counts such calls or tokens, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.near_duplicate_calls ${on_cluster}
AS
WITH
    asked AS
    (
        SELECT
            prompts.trace_id AS trace_id, prompts.span_id AS span_id, prompts.started_at AS started_at, prompts.new_simhash AS simhash,
            prompts.prefix_fingerprints[-1] AS prompt_end,
            arrayLastIndex(letter -> letter = 'a', splitByString('', prompts.segment_kinds)) AS known,
            if(known = 0, 0, prompts.prefix_fingerprints[known]) AS context
        FROM ${database}.call_prompts AS prompts FINAL
        WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 HOUR AND prompts.started_at < {to:DateTime64(9, 'UTC')} AND prompts.new_simhash != 0
    ),
    -- Most turns of conversations have a context of their own, and nothing to be compared with.
    prompts AS
    (
        SELECT asked.*
        FROM asked
        WHERE asked.context IN (SELECT asked.context FROM asked GROUP BY asked.context HAVING count() > 1)
    ),
    candidates AS
    (
        SELECT
            billed.trace_id AS trace_id, billed.span_id AS span_id, billed.started_at AS started_at, billed.model AS model, billed.agent_name AS agent_name,
            billed.input_tokens AS input_tokens, billed.output_tokens AS output_tokens, billed.cost_usd AS cost_usd, billed.known_cost_usd AS known_cost_usd,
            prompts.simhash AS simhash, prompts.prompt_end AS prompt_end,
            intDiv(toUnixTimestamp(billed.started_at), 3600) AS hour,
            -- Of four parts of 16 bits, one at least is equal where at most three bits differ.
            arrayMap(part -> sipHash64(billed.provider, billed.model, prompts.context, part, bitAnd(bitShiftRight(prompts.simhash, 16 * part), 65535)), range(4)) AS parts
        FROM
        (
            SELECT billed.*
            FROM ${database}.llm_calls AS billed FINAL
            WHERE billed.billed_by = 0 AND billed.outcome NOT IN ('failed', 'abandoned')
                AND billed.started_at >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 HOUR AND billed.started_at < {to:DateTime64(9, 'UTC')}
        ) AS billed
        INNER JOIN prompts ON toDate(prompts.started_at) = toDate(billed.started_at) AND prompts.trace_id = billed.trace_id AND prompts.span_id = billed.span_id AND prompts.started_at = billed.started_at
        -- Both are read in this order: nothing has to be kept.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    -- What was asked in an hour, once per SimHash: by the first and by the last that asked it. So many per part, or a
    -- template that all prompts share would compare all with all.
    earlier AS
    (
        SELECT
            part, candidates.hour AS hour, candidates.simhash AS simhash,
            min((candidates.started_at, candidates.prompt_end)) AS first, max((candidates.started_at, candidates.prompt_end)) AS last
        FROM candidates
        ARRAY JOIN candidates.parts AS part
        GROUP BY part, candidates.hour, candidates.simhash
        ORDER BY first
        LIMIT 64 BY part, hour
    ),
    exact AS
    (
        SELECT why.trace_id AS trace_id, why.span_id AS span_id
        FROM ${database}.call_causes AS why FINAL
        WHERE why.started_at >= {from:DateTime64(9, 'UTC')} AND why.started_at < {to:DateTime64(9, 'UTC')} AND has(why.causes, 'exact_duplicate')
    ),
    alike AS
    (
        SELECT
            later.trace_id AS trace_id, later.span_id AS span_id, any(later.model) AS model, any(later.agent_name) AS agent_name,
            any(later.input_tokens) AS input_tokens, any(later.output_tokens) AS output_tokens, any(later.cost_usd) AS cost_usd, any(later.known_cost_usd) AS known_cost_usd
        FROM
        (
            SELECT candidates.*, part, heard
            FROM candidates
            ARRAY JOIN candidates.parts AS part
            ARRAY JOIN [candidates.hour, candidates.hour - 1] AS heard
            WHERE candidates.started_at >= {from:DateTime64(9, 'UTC')}
                AND (candidates.trace_id, candidates.span_id) NOT IN (SELECT exact.trace_id, exact.span_id FROM exact)
        ) AS later
        INNER JOIN earlier ON earlier.part = later.part AND earlier.hour = later.heard
        WHERE bitCount(bitXor(earlier.simhash, later.simhash)) <= 3
            AND ((earlier.first.1 < later.started_at AND earlier.first.1 >= later.started_at - INTERVAL 1 HOUR AND earlier.first.2 != later.prompt_end)
                OR (earlier.last.1 < later.started_at AND earlier.last.1 >= later.started_at - INTERVAL 1 HOUR AND earlier.last.2 != later.prompt_end))
        GROUP BY later.trace_id, later.span_id
    ),
    -- Results that a trace has behind more than one prompt: few, and the others need not be priced. Prompts up to a result
    -- have all bits alike only where they are one.
    again AS
    (
        SELECT one.result AS result
        FROM
        (
            SELECT sipHash64(prompts.trace_id, fingerprint) AS result, prefix
            FROM ${database}.call_prompts AS prompts
            ARRAY JOIN
                splitByString('', prompts.segment_kinds) AS kind,
                prompts.segment_fingerprints AS fingerprint, prompts.prefix_fingerprints AS prefix
            WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} AND prompts.started_at < {to:DateTime64(9, 'UTC')} AND kind = 'r'
        ) AS one
        GROUP BY one.result
        HAVING groupBitAnd(one.prefix) != groupBitOr(one.prefix)
    ),
    -- A prompt that is sent again brings no new result: a result is told by the prompt up to it.
    results AS
    (
        SELECT
            calls.trace_id AS trace_id, piece.name AS name, piece.fingerprint AS fingerprint, piece.prefix AS prefix,
            any(calls.agent_name) AS agent_name, min(calls.started_at) AS started_at, any(piece.tokens) AS tokens, any(piece.unpriced) AS unpriced, any(piece.known_cost_usd) AS known_cost_usd
        FROM ${database}.call_pieces(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
        ARRAY JOIN
            arrayFilter(
                piece -> piece.kind = 'r' AND NOT piece.carried,
                arrayZip(calls.kinds, calls.names, calls.carried, calls.fingerprints, calls.prefixes, calls.tokens, calls.unpriced, calls.known_costs_usd)::Array(Tuple(
                    kind String, name String, carried Bool, fingerprint UInt64, prefix UInt64, tokens Int64, unpriced Int64, known_cost_usd Decimal(38, 15)))) AS piece
        WHERE calls.outcome NOT IN ('failed', 'abandoned') AND sipHash64(calls.trace_id, piece.fingerprint) GLOBAL IN again
        GROUP BY calls.trace_id, piece.name, piece.fingerprint, piece.prefix
    ),
    repeated AS
    (
        SELECT
            results.trace_id AS trace_id, results.name AS name, any(results.agent_name) AS agent_name, count() - 1 AS calls,
            sum(results.tokens) - argMin(results.tokens, (results.started_at, results.prefix)) AS tokens,
            sum(results.unpriced) - argMin(results.unpriced, (results.started_at, results.prefix)) AS unpriced,
            sum(results.known_cost_usd) - argMin(results.known_cost_usd, (results.started_at, results.prefix)) AS known_cost_usd
        FROM results
        GROUP BY results.trace_id, results.name, results.fingerprint
        HAVING calls > 0
    )
SELECT found.*
FROM
(
    SELECT
        'model call' AS kind,
        alike.model::String AS name,
        alike.agent_name::String AS agent_name,
        count() AS calls,
        toInt64(ifNull(sum(alike.input_tokens), 0) + ifNull(sum(alike.output_tokens), 0)) AS tokens,
        toInt64(countIf(alike.cost_usd IS NULL)) AS unpriced,
        if(unpriced = 0, known_cost_usd, NULL) AS cost_usd,
        sum(alike.known_cost_usd) AS known_cost_usd,
        replaceAll(toString(argMax(alike.trace_id, alike.known_cost_usd)), '-', '') AS dearest_trace_id
    FROM alike
    GROUP BY alike.model, alike.agent_name
    UNION ALL
    SELECT
        'tool call', repeated.name, repeated.agent_name, sum(repeated.calls), sum(repeated.tokens), sum(repeated.unpriced) AS unpriced,
        if(unpriced = 0, sum(repeated.known_cost_usd), NULL), sum(repeated.known_cost_usd),
        replaceAll(toString(argMax(repeated.trace_id, repeated.known_cost_usd)), '-', '')
    FROM repeated
    GROUP BY repeated.name, repeated.agent_name
) AS found
ORDER BY found.known_cost_usd DESC, found.kind, found.name, found.agent_name
