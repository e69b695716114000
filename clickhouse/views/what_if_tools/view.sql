-- What if the definitions of tools that an agent never asks for were not sent?
-- Grain: one row per provider, model and agent, the largest saving first; unused_tools are their names. A definition takes its part of the billed prompt in proportion to its estimated size, out of the class of tokens that this part was billed in (read from the cache, written, in full). Never asked for: in no call of the agent of that service in the whole range of time. least_saved_usd and most_saved_usd: if the sizes are off by a quarter.
-- Assumes: an estimate, since the sizes of definitions are; answers and cache hits stay as they were.
-- Excludes: nothing. Calls without a recorded prompt, and prompts so long that their oldest pieces are recorded merged, are unrecorded_calls and save nothing. Calls without a price are counted in unpriced_calls, stay in what_if_cost_usd at what is known of them and save nothing.
CREATE VIEW IF NOT EXISTS ${database}.what_if_tools ${on_cluster}
AS
SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.cost_usd != calls.billed_known_cost_usd) AS changed_calls,
    countIf(calls.cost_usd IS NULL) AS unpriced_calls,
    countIf(NOT calls.has_definitions) AS unrecorded_calls,
    if(countIf(calls.billed_cost_usd IS NULL) = 0, sum(calls.billed_cost_usd), NULL) AS cost_usd,
    sum(calls.billed_known_cost_usd) AS known_cost_usd,
    sum(ifNull(calls.cost_usd, calls.billed_known_cost_usd)) AS what_if_cost_usd,
    sum(calls.billed_known_cost_usd) - sum(ifNull(calls.cost_usd, calls.billed_known_cost_usd)) AS saved_usd,
    toDecimal128(saved_usd * 3 / 4, 15) AS least_saved_usd,
    toDecimal128(saved_usd * 5 / 4, 15) AS most_saved_usd,
    sum(calls.removed_tokens) AS removed_tokens,
    arraySort(groupUniqArrayArray(calls.unused_tools)) AS unused_tools
FROM ${database}.prompt_scenarios(
    from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, turns = 0, summary_tokens = 0, trim = 1, simulate = 0,
    in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
WHERE has(calls.changes, 'tools')
GROUP BY calls.provider, calls.model, calls.agent_name
ORDER BY saved_usd DESC, provider, model, agent_name
