-- How the cost of every agent developed, day by day: its own calls, and with all agents that ran under it. From sums that are kept ready: an answer in milliseconds over any number of calls.
-- Grain: one row per UTC day that begins within the range of time, and agent name; the empty name holds calls of no agent.
-- Excludes: what came in or was settled within the last minute or two, since sums are brought up to date every minute; agent_cost adds up anew. Self costs sum to the total of the days; inclusive costs do not, for a call counts once for every agent on its path. A cost is NULL where a call has no usage or no price: unpriced calls are counted, and the known costs are the rest.
CREATE VIEW IF NOT EXISTS ${database}.agent_cost_by_day ${on_cluster}
AS
SELECT
    agents.day AS day,
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
        -- As in agent_cost: an agent that calls itself pays once.
        arrayJoin(if(empty(days.agent_path), [days.agent_name], arrayDistinct(days.agent_path))) AS agent,
        agent = days.agent_name AS is_own,
        days.*
    FROM ${database}.agent_days AS days FINAL
    WHERE days.calls > 0 AND days.day >= {from:DateTime64(9, 'UTC')} AND days.day < {to:DateTime64(9, 'UTC')}
) AS agents
GROUP BY agents.day, agents.agent
ORDER BY agents.day, inclusive_known_cost_usd DESC, agent_name
