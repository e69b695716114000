-- What if prompts carried no more than so many turns of history, or a summary of what came before?
-- Grain: one row per provider, model and agent, the largest saving first. A turn is one call of a thread; history_cuts says what a thread is, and that between turns and twice as many stay. What is cut is taken out of the classes of tokens it was billed in; at each cut what stays behind it and was read from the cache is written again, or paid in full. With summary_tokens above 0 each cut costs one more call, which reads the prompt up to the cut and writes so many tokens, and these stand in every later prompt; with 0 history is dropped.
-- Assumes: exact arithmetic, if answers stay as long and as good, and no further calls are needed to find again what was cut.
-- Excludes: nothing. Calls without a price are counted in unpriced_calls, stay in what_if_cost_usd at what is known of them and save nothing.
CREATE VIEW IF NOT EXISTS ${database}.what_if_history ${on_cluster}
AS
SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.cost_usd != calls.billed_known_cost_usd) AS changed_calls,
    countIf(calls.cost_usd IS NULL) AS unpriced_calls,
    if(countIf(calls.billed_cost_usd IS NULL) = 0, sum(calls.billed_cost_usd), NULL) AS cost_usd,
    sum(calls.billed_known_cost_usd) AS known_cost_usd,
    sum(ifNull(calls.cost_usd, calls.billed_known_cost_usd)) AS what_if_cost_usd,
    sum(calls.billed_known_cost_usd) - sum(ifNull(calls.cost_usd, calls.billed_known_cost_usd)) AS saved_usd,
    countIf(calls.is_cutting) AS cuts,
    sum(calls.removed_tokens) AS removed_tokens
FROM ${database}.prompt_scenarios(
    from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, turns = {turns:UInt32}, summary_tokens = {summary_tokens:UInt32}, trim = 0, simulate = 0,
    in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
WHERE has(calls.changes, 'history')
GROUP BY calls.provider, calls.model, calls.agent_name
ORDER BY saved_usd DESC, provider, model, agent_name
