-- What would the same calls have cost on another service tier?
-- Grain: one row per provider, model and agent, the largest saving first. Each call is priced by the card of its model on that tier (batch, flex, priority, fast, standard) of the newest catalogue that was in force when it began.
-- Assumes: exact arithmetic, if the tier takes every call, with the same tokens and cache hits, and whoever waits can wait longer (batch: up to a day).
-- Excludes: nothing. Calls without a price, now or on that tier, are counted in unpriced_calls, stay in what_if_cost_usd at what is known of them and save nothing.
CREATE VIEW IF NOT EXISTS ${database}.what_if_tier ${on_cluster}
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
FROM ${database}.tier_prices(
    from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, tier = {tier:String},
    in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
GROUP BY calls.provider, calls.model, calls.agent_name
ORDER BY saved_usd DESC, provider, model, agent_name
