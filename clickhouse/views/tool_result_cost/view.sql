-- What the output of each tool costs: when a model first reads it, and in every later turn that carries it along.
-- Grain: one row per agent and tool, dearest first. An estimate: a result has the share of the billed input that its estimated size is of the prompt.
-- Excludes: calls that do not say how their prompt was made, and results so old that they are merged with their neighbours. What the tool itself charges is none of the model's bill. cost_usd is NULL where tokens have no price (unpriced) or calls no usage.
CREATE VIEW IF NOT EXISTS ${database}.tool_result_cost ${on_cluster}
AS
SELECT
    calls.agent_name AS agent_name,
    piece.name AS tool_name,
    countIf(NOT piece.carried) AS results,
    countIf(piece.carried) AS carried_results,
    countIf(calls.input_tokens IS NULL) AS results_without_usage,
    sumIf(piece.tokens, NOT piece.carried) AS first_tokens_estimated,
    sumIf(piece.tokens, piece.carried) AS carried_tokens_estimated,
    sum(piece.unpriced) AS unpriced,
    sumIf(piece.known_cost_usd, NOT piece.carried) AS first_known_cost_usd_estimated,
    sumIf(piece.known_cost_usd, piece.carried) AS carried_known_cost_usd_estimated,
    if(unpriced = 0 AND results_without_usage = 0, sum(piece.known_cost_usd), NULL) AS cost_usd_estimated,
    sum(piece.known_cost_usd) AS known_cost_usd_estimated
FROM ${database}.call_pieces(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
ARRAY JOIN
    arrayFilter(
        piece -> piece.kind = 'r',
        arrayZip(calls.kinds, calls.names, calls.carried, calls.tokens, calls.unpriced, calls.known_costs_usd)::Array(Tuple(kind String, name String, carried Bool, tokens Int64, unpriced Int64, known_cost_usd Decimal(38, 15)))) AS piece
GROUP BY calls.agent_name, piece.name
ORDER BY known_cost_usd_estimated DESC, agent_name, tool_name
