-- How much of the context that is looked up for prompts no answer uses, and what it costs.
-- Grain: one row per agent and feature that looks things up, dearest first. An estimate: used is the share of three-word runs of the retrieved text that the answer repeats, so an answer in other words counts as unused; a piece has the share of the billed input that its estimated size is of the prompt.
-- Unused cost is that of the first reading; what later turns pay to carry the same documents along is in carried.
-- Excludes: calls that do not say how their prompt was made. Retrieved context without an answer to compare it with is in unjudged_tokens. Costs are known costs: unpriced counts tokens without a price.
CREATE VIEW IF NOT EXISTS ${database}.unused_retrieval ${on_cluster}
AS
SELECT
    calls.agent_name AS agent_name,
    calls.feature_name AS feature_name,
    countIf(arrayExists((kind, is_carried) -> kind = 'c' AND NOT is_carried, calls.kinds, calls.carried)) AS calls,
    countIf(calls.input_tokens IS NULL) AS calls_without_usage,
    sum(arraySum((kind, is_carried, tokens) -> if(kind = 'c' AND NOT is_carried, tokens, 0), calls.kinds, calls.carried, calls.tokens)) AS retrieved_tokens_estimated,
    sumIf(arraySum((kind, is_carried, tokens) -> if(kind = 'c' AND NOT is_carried, tokens, 0), calls.kinds, calls.carried, calls.tokens), calls.retrieval_used IS NULL) AS unjudged_tokens_estimated,
    sum(arraySum((kind, is_carried, tokens) -> if(kind = 'c' AND NOT is_carried, tokens, 0), calls.kinds, calls.carried, calls.tokens) * (100 - calls.retrieval_used)) / 100 AS unused_tokens_estimated,
    sum(arraySum((kind, is_carried, tokens) -> if(kind = 'c' AND is_carried, tokens, 0), calls.kinds, calls.carried, calls.tokens)) AS carried_tokens_estimated,
    sum(arraySum((kind, unpriced) -> if(kind = 'c', unpriced, 0), calls.kinds, calls.unpriced)) AS unpriced,
    sum(arraySum((kind, is_carried, cost) -> if(kind = 'c' AND NOT is_carried, cost, toDecimal128(0, 15)), calls.kinds, calls.carried, calls.known_costs_usd)) AS retrieved_known_cost_usd_estimated,
    sum(arraySum((kind, is_carried, cost) -> if(kind = 'c' AND NOT is_carried, cost, toDecimal128(0, 15)), calls.kinds, calls.carried, calls.known_costs_usd) * (100 - calls.retrieval_used)) / 100 AS unused_known_cost_usd_estimated,
    sum(arraySum((kind, is_carried, cost) -> if(kind = 'c' AND is_carried, cost, toDecimal128(0, 15)), calls.kinds, calls.carried, calls.known_costs_usd)) AS carried_known_cost_usd_estimated
FROM ${database}.call_pieces(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
WHERE has(calls.kinds, 'c')
GROUP BY calls.agent_name, calls.feature_name
ORDER BY unused_known_cost_usd_estimated DESC, agent_name, feature_name
