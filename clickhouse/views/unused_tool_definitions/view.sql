-- Which tools are offered and never asked for, and what offering them costs.
-- Grain: one row per agent and tool that some run of the agent did not use, dearest first. An estimate: a definition has the share of the billed input that its estimated size is of the prompt.
-- Used is what an answer of the same run asks for, or what its prompts hold a result of. Unlike the cause unused_tool_definitions of cause_cost, the definitions are counted in every call that carries them, read again or not.
-- Excludes: calls that do not say how their prompt was made, and answers outside the window. cost_usd_estimated is NULL where tokens have no price (unpriced) or calls that offer it no usage.
CREATE VIEW IF NOT EXISTS ${database}.unused_tool_definitions ${on_cluster}
AS
WITH
    -- Each tool of each run: offered by so many calls, and used or not.
    runs AS
    (
        SELECT
            calls.agent_name AS agent_name,
            tool.name AS tool_name,
            countIf(tool.is_offered) AS offered,
            countIf(NOT tool.is_offered) = 0 AS is_unused,
            countIf(calls.input_tokens IS NULL) AS calls_without_usage,
            sum(tool.tokens) AS tokens,
            sum(tool.unpriced) AS unpriced,
            sum(tool.known_cost_usd) AS known_cost_usd
        FROM ${database}.call_pieces(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
        ARRAY JOIN
            arrayConcat(
                arrayFilter(
                    (piece, kind) -> kind = 'd',
                    arrayMap(
                        (name, tokens, unpriced, known_cost_usd) -> (name, true, tokens, unpriced, known_cost_usd),
                        calls.names, calls.tokens, calls.unpriced, calls.known_costs_usd),
                    calls.kinds),
                arrayMap(
                    name -> (name, false, 0, 0, toDecimal128(0, 15)),
                    arrayDistinct(arrayConcat(calls.asked_tools, arrayFilter((name, kind) -> kind = 'r', calls.names, calls.kinds))))
            )::Array(Tuple(name String, is_offered Bool, tokens Int64, unpriced Int64, known_cost_usd Decimal(38, 15))) AS tool
        GROUP BY calls.trace_id, sipHash64(calls.agent_run_id), calls.agent_name, tool.name
        HAVING offered > 0
    )
SELECT
    runs.agent_name AS agent_name,
    runs.tool_name AS tool_name,
    count() AS runs,
    countIf(runs.is_unused) AS unused_runs,
    sumIf(runs.offered, runs.is_unused) AS calls,
    sumIf(runs.calls_without_usage, runs.is_unused) AS calls_without_usage,
    sumIf(runs.tokens, runs.is_unused) AS tokens_estimated,
    sumIf(runs.unpriced, runs.is_unused) AS unpriced,
    if(unpriced = 0 AND calls_without_usage = 0, known_cost_usd_estimated, NULL) AS cost_usd_estimated,
    sumIf(runs.known_cost_usd, runs.is_unused) AS known_cost_usd_estimated
FROM runs
GROUP BY runs.agent_name, runs.tool_name
HAVING unused_runs > 0
ORDER BY known_cost_usd_estimated DESC, agent_name, tool_name
