-- What each place in the tree of agents cost: by itself, and with all that ran under it.
-- Grain: one row per path of agents from the root; the empty path holds calls of no agent.
-- Excludes: nothing. Self costs sum to the total, and so do the inclusive costs of the paths of depth 0 and 1. A cost is NULL where a call has no usage or no price: unpriced calls are counted, and the known costs are the rest.
CREATE VIEW IF NOT EXISTS ${database}.agent_path_cost ${on_cluster}
AS
SELECT
    prefix AS agent_path,
    length(prefix) AS depth,
    sumIf(paths.calls, prefix = paths.path) AS self_calls,
    sum(paths.calls) AS inclusive_calls,
    sumIf(paths.unpriced_calls, prefix = paths.path) AS self_unpriced_calls,
    sum(paths.unpriced_calls) AS inclusive_unpriced_calls,
    sumIf(paths.input_tokens, prefix = paths.path) AS self_input_tokens,
    sumIf(paths.output_tokens, prefix = paths.path) AS self_output_tokens,
    if(self_unpriced_calls = 0, sumIf(paths.known_cost_usd, prefix = paths.path), NULL) AS self_cost_usd,
    if(inclusive_unpriced_calls = 0, sum(paths.known_cost_usd), NULL) AS inclusive_cost_usd,
    sumIf(paths.known_cost_usd, prefix = paths.path) AS self_known_cost_usd,
    sum(paths.known_cost_usd) AS inclusive_known_cost_usd
FROM
(
    SELECT
        if(empty(calls.agent_path) AND calls.agent_name != '', [calls.agent_name], calls.agent_path)::Array(String) AS path,
        count() AS calls,
        countIf(calls.unpriced != '') AS unpriced_calls,
        sum(calls.input_tokens) AS input_tokens,
        sum(calls.output_tokens) AS output_tokens,
        sum(calls.known_cost_usd) AS known_cost_usd
    FROM ${database}.llm_calls AS calls FINAL
    WHERE calls.billed_by = 0
        AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
    GROUP BY path
) AS paths
ARRAY JOIN if(empty(paths.path), [paths.path], arrayMap(depth -> arraySlice(paths.path, 1, depth), arrayEnumerate(paths.path))) AS prefix
GROUP BY prefix
ORDER BY prefix
