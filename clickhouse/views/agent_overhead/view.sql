-- What working with several agents costs over the work itself: coordination, and context that is handed over.
-- Grain: one row per agent at the root of a chain of agents, dearest first. Agents that had others under them in a trace coordinate there; the others do the direct work, except for what they read that another agent had read or said before. multiplier is the whole cost over that of the direct work: 1 for an agent alone.
-- Excludes: nothing; calls of no agent stand under the empty name. Costs are known costs: unpriced counts tokens and fees without a price, and calls that are not explained yet are direct work.
CREATE VIEW IF NOT EXISTS ${database}.agent_overhead ${on_cluster}
AS
WITH
    chains AS
    (
        SELECT
            calls.trace_id AS trace_id,
            if(empty(calls.agent_path), if(calls.agent_name = '', [], [calls.agent_name]), calls.agent_path)::Array(String) AS path,
            count() AS calls,
            sum(arraySum(calls.tokens)) AS tokens,
            sum(arraySum((tokens, fees, is_unknown) -> if(is_unknown, tokens + fees, 0), calls.tokens, calls.fees, calls.is_unknown)) AS unpriced,
            sum(calls.known_cost_usd) AS known_cost_usd,
            sum(arraySum((cause, tokens) -> if(cause = 'handed_over_context', tokens, 0), calls.causes, calls.tokens)) AS handed_tokens,
            sum(arraySum((cause, cost) -> if(cause = 'handed_over_context', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd)) AS handed_cost_usd
        FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
        GROUP BY calls.trace_id, path
    ),
    traces AS
    (
        SELECT
            chains.trace_id AS trace_id,
            groupUniqArrayIf(arrayPopBack(chains.path), length(chains.path) > 1) AS coordinating,
            groupArray((chains.path, chains.calls, chains.tokens, chains.unpriced, chains.known_cost_usd, chains.handed_tokens, chains.handed_cost_usd)) AS chains
        FROM chains
        GROUP BY chains.trace_id
    ),
    judged AS
    (
        SELECT
            traces.trace_id AS trace_id, chain.path[1] AS root_agent, has(traces.coordinating, chain.path) AS is_coordinating,
            chain.calls AS calls, chain.tokens AS tokens, chain.unpriced AS unpriced, chain.known_cost_usd AS known_cost_usd,
            if(is_coordinating, 0, chain.handed_tokens) AS handed_tokens,
            if(is_coordinating, toDecimal128(0, 15), chain.handed_cost_usd) AS handed_cost_usd
        FROM traces
        ARRAY JOIN traces.chains::Array(Tuple(path Array(String), calls UInt64, tokens UInt64, unpriced UInt64, known_cost_usd Decimal(38, 15), handed_tokens UInt64, handed_cost_usd Decimal(38, 15))) AS chain
    )
SELECT
    judged.root_agent AS root_agent,
    uniqExact(judged.trace_id) AS traces,
    sum(judged.calls) AS calls,
    sumIf(judged.calls, judged.is_coordinating) AS coordinating_calls,
    sum(judged.tokens) AS tokens,
    sumIf(judged.tokens, judged.is_coordinating) AS coordination_tokens,
    sum(judged.handed_tokens) AS handed_over_tokens,
    sum(judged.unpriced) AS unpriced,
    sum(judged.known_cost_usd) AS known_cost_usd,
    sumIf(judged.known_cost_usd, judged.is_coordinating) AS coordination_known_cost_usd,
    sum(judged.handed_cost_usd) AS handed_over_known_cost_usd,
    sum(judged.known_cost_usd) - coordination_known_cost_usd - handed_over_known_cost_usd AS direct_known_cost_usd,
    round(toFloat64(sum(judged.known_cost_usd)) / nullIf(toFloat64(direct_known_cost_usd), 0), 4) AS multiplier
FROM judged
GROUP BY judged.root_agent
ORDER BY sum(judged.known_cost_usd) DESC, root_agent
