-- Which tools are offered and never asked for, and what offering them costs.
-- Grain: one row per agent and tool that some run of the agent did not use, dearest first. An estimate: a definition has the share of the billed input that its estimated size is of the prompt.
-- Used is what an answer of the same run asks for, or what its prompts hold a result of. Unlike the cause unused_tool_definitions of cause_cost, the definitions are counted in every call that carries them, read again or not.
-- Excludes: calls that do not say how their prompt was made, and answers outside the window. cost_usd is NULL where tokens have no price (unpriced) or calls no usage.
CREATE VIEW IF NOT EXISTS ${database}.unused_tool_definitions ${on_cluster}
AS
WITH
    runs AS
    (
        SELECT
            calls.agent_name AS agent_name,
            groupUniqArrayArray(arrayConcat(calls.asked_tools, arrayFilter((name, kind) -> kind = 'r', calls.names, calls.kinds))) AS used,
            countIf(calls.input_tokens IS NULL) AS calls_without_usage,
            sumMap(
                arrayFilter((name, kind) -> kind = 'd', calls.names, calls.kinds),
                arrayMap(kind -> 1, arrayFilter(kind -> kind = 'd', calls.kinds)),
                arrayFilter((tokens, kind) -> kind = 'd', calls.tokens, calls.kinds),
                arrayFilter((unpriced, kind) -> kind = 'd', calls.unpriced, calls.kinds),
                arrayFilter((cost, kind) -> kind = 'd', calls.known_costs_usd, calls.kinds)) AS offered
        FROM ${database}.call_pieces(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
        GROUP BY calls.trace_id, calls.agent_run_id, calls.agent_name
    )
SELECT
    runs.agent_name AS agent_name,
    tool.name AS tool_name,
    count() AS runs,
    countIf(NOT has(runs.used, tool.name)) AS unused_runs,
    sumIf(tool.calls, NOT has(runs.used, tool.name)) AS calls,
    sumIf(runs.calls_without_usage, NOT has(runs.used, tool.name)) AS calls_without_usage,
    sumIf(tool.tokens, NOT has(runs.used, tool.name)) AS tokens_estimated,
    sumIf(tool.unpriced, NOT has(runs.used, tool.name)) AS unpriced,
    if(unpriced = 0 AND calls_without_usage = 0, known_cost_usd_estimated, NULL) AS cost_usd_estimated,
    sumIf(tool.known_cost_usd, NOT has(runs.used, tool.name)) AS known_cost_usd_estimated
FROM runs
ARRAY JOIN
    arrayZip(runs.offered.1, runs.offered.2, runs.offered.3, runs.offered.4, runs.offered.5)::Array(Tuple(name String, calls UInt64, tokens Int64, unpriced Int64, known_cost_usd Decimal(38, 15))) AS tool
GROUP BY runs.agent_name, tool.name
HAVING unused_runs > 0
ORDER BY known_cost_usd_estimated DESC, agent_name, tool_name
