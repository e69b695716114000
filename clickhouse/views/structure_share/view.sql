-- How much of what is read and written is structure: brackets, quotes, tags, table and heading marks.
-- Grain: one row per agent and part of the prompt (system, tool_definitions, user, assistant, tool_results, retrieved_context, history) or answer, most expensive structure first. An estimate: a piece has the share of the billed tokens that its estimated size is of the whole, and structure is the share of its estimated tokens.
-- Excludes: media, reasoning, what no record shows (instructions and tools of imported sessions), and calls that do not say how their prompt was made. Costs are known costs: unpriced counts tokens without a price.
CREATE VIEW IF NOT EXISTS ${database}.structure_share ${on_cluster}
AS
WITH
    prices AS
    (
        SELECT cards.price_card_id AS price_card_id, any(cards.output) AS output
        FROM ${database}.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    answers AS
    (
        SELECT
            billed.agent_name AS agent_name, billed.output_text_tokens AS output_text_tokens, billed.price_card_id AS price_card_id, billed.price_band AS price_band,
            answers.size AS size, answers.structure_size AS structure_size
        FROM
        (
            SELECT billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id, billed.agent_name AS agent_name,
                billed.output_text_tokens AS output_text_tokens, billed.price_card_id AS price_card_id, billed.price_band AS price_band
            FROM ${database}.llm_calls AS billed FINAL
            WHERE billed.billed_by = 0
                AND billed.started_at >= {from:DateTime64(9, 'UTC')} AND billed.started_at < {to:DateTime64(9, 'UTC')}
        ) AS billed
        INNER JOIN
        (
            SELECT
                prompts.started_at AS started_at, prompts.trace_id AS trace_id, prompts.span_id AS span_id,
                arraySum(prompts.answer_tokens) AS size,
                arraySum((tokens, share) -> tokens * share, prompts.answer_tokens, arrayResize(prompts.answer_markup, length(prompts.answer_tokens))) AS structure_size
            FROM ${database}.call_prompts AS prompts FINAL
            WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} AND prompts.started_at < {to:DateTime64(9, 'UTC')} AND notEmpty(prompts.answer_tokens)
        ) AS answers
            ON toDate(answers.started_at) = toDate(billed.started_at) AND answers.trace_id = billed.trace_id AND answers.span_id = billed.span_id AND answers.started_at = billed.started_at
        -- Both are read in this order: nothing has to be kept.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    parts AS
    (
        SELECT
            calls.agent_name AS agent_name,
            transform(piece.kind, ['s', 'd', 'u', 'a', 'r', 'c', 'h'], ['system', 'tool_definitions', 'user', 'assistant', 'tool_results', 'retrieved_context', 'history'], '') AS part,
            calls.input_tokens IS NULL AS is_without_usage,
            piece.tokens AS tokens, toDecimal128(piece.tokens, 15) * piece.markup / 100 AS structure_tokens, piece.unpriced AS unpriced,
            piece.known_cost_usd AS known_cost_usd, piece.known_cost_usd * piece.markup / 100 AS structure_cost_usd
        FROM ${database}.call_pieces(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
        ARRAY JOIN
            arrayFilter(
                piece -> piece.kind NOT IN ('m', 'x'),
                arrayZip(calls.kinds, calls.markup, calls.tokens, calls.unpriced, calls.known_costs_usd)::Array(Tuple(kind String, markup UInt8, tokens Int64, unpriced Int64, known_cost_usd Decimal(38, 15)))) AS piece
        UNION ALL
        SELECT
            answers.agent_name, 'answer', answers.output_text_tokens IS NULL,
            toInt64(ifNull(answers.output_text_tokens, 0)) AS tokens,
            toDecimal128(tokens, 15) * answers.structure_size / (greatest(answers.size, 1) * 100),
            if(prices.output[answers.price_band] IS NULL, tokens, 0),
            toDecimal128(tokens, 0) * ifNull(prices.output[answers.price_band], 0) AS known_cost_usd,
            known_cost_usd * answers.structure_size / (greatest(answers.size, 1) * 100)
        FROM answers
        LEFT ANY JOIN prices ON prices.price_card_id = answers.price_card_id
    )
SELECT
    parts.agent_name AS agent_name,
    parts.part AS part,
    count() AS pieces,
    countIf(parts.is_without_usage) AS pieces_without_usage,
    sum(parts.tokens) AS tokens_estimated,
    sum(parts.structure_tokens) AS structure_tokens_estimated,
    round(toFloat64(structure_tokens_estimated) / nullIf(tokens_estimated, 0), 4) AS structure_share_estimated,
    sum(parts.unpriced) AS unpriced,
    sum(parts.known_cost_usd) AS known_cost_usd_estimated,
    sum(parts.structure_cost_usd) AS structure_known_cost_usd_estimated
FROM parts
GROUP BY parts.agent_name, parts.part
ORDER BY structure_known_cost_usd_estimated DESC, agent_name, part
