-- What would the calls that nobody waited for have cost in batches?
-- Grain: one row per provider, model and agent, the largest saving first. Taken to be able to wait is a call that was not streamed, asked for no tool and was the only one of its agent's run (where no agent is known: of its trace); changed_calls counts those that a batch makes cheaper or dearer. What all calls would cost on the tier says what_if_tier.
-- Assumes: exact arithmetic, if those calls can wait for up to a day, with the same tokens and cache hits.
-- Excludes: nothing. Calls that could wait and have no price, now or in a batch, are counted in unpriced_calls, stay in what_if_cost_usd at what is known of them and save nothing.
CREATE VIEW IF NOT EXISTS ${database}.what_if_batch ${on_cluster}
AS
SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.tier_cost_usd != calls.known_cost_usd) AS changed_calls,
    countIf(calls.tier_cost_usd IS NULL) AS unpriced_calls,
    if(countIf(calls.cost_usd IS NULL) = 0, sum(calls.cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd,
    sum(ifNull(calls.tier_cost_usd, calls.known_cost_usd)) AS what_if_cost_usd,
    sum(calls.known_cost_usd) - sum(ifNull(calls.tier_cost_usd, calls.known_cost_usd)) AS saved_usd
FROM (
    SELECT calls.* REPLACE (if(calls.can_wait, calls.tier_cost_usd, calls.known_cost_usd) AS tier_cost_usd)
    FROM ${database}.tier_prices(
        from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, tier = 'batch',
        in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
) AS calls
GROUP BY calls.provider, calls.model, calls.agent_name
ORDER BY saved_usd DESC, provider, model, agent_name
