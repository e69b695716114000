-- What each agent cost: its own calls, and with all agents that ran under it.
-- Grain: one row per agent name; the empty name holds calls of no agent.
-- Excludes: nothing. Self costs sum to the total; inclusive costs do not, for a call counts once for every agent on its path.
-- A cost is NULL where a call has no usage or no price: unpriced calls are counted, and the known costs are the rest.
CREATE VIEW IF NOT EXISTS ${database}.agent_cost ${on_cluster}
AS
SELECT
    calls.agent AS agent_name,
    countIf(calls.is_own) AS self_calls,
    count() AS inclusive_calls,
    countIf(calls.is_own AND calls.cost_usd IS NULL) AS self_unpriced_calls,
    countIf(calls.cost_usd IS NULL) AS inclusive_unpriced_calls,
    sumIf(calls.input_tokens, calls.is_own) AS self_input_tokens,
    sumIf(calls.output_tokens, calls.is_own) AS self_output_tokens,
    if(self_unpriced_calls = 0, ifNull(sumIf(calls.cost_usd, calls.is_own), 0), NULL) AS self_cost_usd,
    if(inclusive_unpriced_calls = 0, sum(calls.cost_usd), NULL) AS inclusive_cost_usd,
    sumIf(calls.known_cost_usd, calls.is_own) AS self_known_cost_usd,
    sum(calls.known_cost_usd) AS inclusive_known_cost_usd
FROM
(
    SELECT
        -- Distinct: an agent that calls itself is on the path twice and pays once.
        arrayJoin(if(empty(calls.agent_path), [calls.agent_name], arrayDistinct(calls.agent_path))) AS agent,
        agent = calls.agent_name AS is_own,
        calls.input_tokens AS input_tokens, calls.output_tokens AS output_tokens,
        calls.cost_usd AS cost_usd, calls.known_cost_usd AS known_cost_usd
    FROM ${database}.llm_calls AS calls FINAL
    WHERE calls.billed_by = 0
        AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
) AS calls
GROUP BY calls.agent
ORDER BY inclusive_known_cost_usd DESC, agent_name
