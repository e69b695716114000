-- What each agent cost: its own calls, and with all agents that ran under it.
-- Grain: one row per agent name; the empty name holds calls of no agent.
-- Excludes: nothing. Self costs sum to the total; inclusive costs do not, for a call counts once for every agent on its path.
-- A cost is NULL where a call has no usage or no price: unpriced calls are counted, and the known costs are the rest.
CREATE VIEW IF NOT EXISTS ${database}.agent_cost ${on_cluster}
AS
SELECT
    agents.agent AS agent_name,
    sumIf(agents.calls, agents.is_own) AS self_calls,
    sum(agents.calls) AS inclusive_calls,
    sumIf(agents.unpriced_calls, agents.is_own) AS self_unpriced_calls,
    sum(agents.unpriced_calls) AS inclusive_unpriced_calls,
    sumIf(agents.input_tokens, agents.is_own) AS self_input_tokens,
    sumIf(agents.output_tokens, agents.is_own) AS self_output_tokens,
    if(self_unpriced_calls = 0, sumIf(agents.known_cost_usd, agents.is_own), NULL) AS self_cost_usd,
    if(inclusive_unpriced_calls = 0, sum(agents.known_cost_usd), NULL) AS inclusive_cost_usd,
    sumIf(agents.known_cost_usd, agents.is_own) AS self_known_cost_usd,
    sum(agents.known_cost_usd) AS inclusive_known_cost_usd
FROM
(
    SELECT
        -- Distinct: an agent that calls itself is on the path twice and pays once.
        arrayJoin(if(empty(paths.agent_path), [paths.agent_name], arrayDistinct(paths.agent_path))) AS agent,
        agent = paths.agent_name AS is_own,
        paths.*
    FROM
    (
        -- Paths are few, and calls are many.
        SELECT
            calls.agent_path AS agent_path, calls.agent_name AS agent_name,
            count() AS calls, countIf(calls.unpriced != '') AS unpriced_calls,
            sum(calls.input_tokens) AS input_tokens, sum(calls.output_tokens) AS output_tokens, sum(calls.known_cost_usd) AS known_cost_usd
        FROM ${database}.llm_calls AS calls FINAL
        WHERE calls.billed_by = 0
            AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
        GROUP BY calls.agent_path, calls.agent_name
    ) AS paths
) AS agents
GROUP BY agents.agent
ORDER BY inclusive_known_cost_usd DESC, agent_name
