-- What each model cost on each day, as a provider's bill lists it, and which of its calls are not known for certain: to be compared with that bill.
-- Grain: one row per UTC day, provider and model as the catalogue calls it, or as reported where it has no price.
-- Excludes: nothing. Fees of tools are told apart, since bills list them on their own: they are part of known_cost_usd. Counts of doubtful calls overlap.
CREATE VIEW IF NOT EXISTS ${database}.billed_day ${on_cluster}
AS
WITH
    cards AS
    (
        SELECT
            all_cards.price_version AS price_version, all_cards.price_card_id AS price_card_id, any(all_cards.model) AS model,
            any([all_cards.web_search, all_cards.web_fetch, all_cards.file_search, all_cards.code_execution]) AS fees
        FROM ${database}.price_cards AS all_cards
        GROUP BY all_cards.price_version, all_cards.price_card_id
    )
SELECT
    toDate(calls.started_at) AS day,
    calls.provider AS provider,
    if(cards.model = '', calls.model, cards.model) AS billed_model,
    arraySort(groupUniqArray(toString(calls.model))) AS reported_models,
    count() AS calls,
    sum(calls.known_cost_usd) AS known_cost_usd,
    sum(arraySum(
        (count, prices) -> ifNull(toDecimal128(ifNull(count, 0), 0) * prices[calls.price_band], 0),
        [calls.web_search_requests, calls.web_fetch_requests, calls.file_search_requests, calls.code_execution_sessions],
        arrayResize(cards.fees, 4))) AS tool_fee_usd,
    countIf(calls.usage_source != 'none' AND startsWith(calls.unpriced, 'no price') OR calls.unpriced IN ('no model', 'no catalogue')) AS unpriced_calls,
    countIf(calls.unpriced != '') - unpriced_calls AS unknown_usage_calls,
    countIf(calls.usage_source IN ('estimated', 'partial')) AS estimated_calls,
    sumIf(calls.known_cost_usd, calls.usage_source IN ('estimated', 'partial')) AS estimated_cost_usd,
    countIf(calls.service_tier != 'standard') AS other_tier_calls,
    arraySort(groupUniqArrayIf(toString(calls.service_tier), calls.service_tier != 'standard')) AS other_tiers
FROM (SELECT billed.* FROM ${database}.llm_calls AS billed FINAL WHERE billed.billed_by = 0
    AND billed.started_at >= {from:DateTime64(9, 'UTC')} AND billed.started_at < {to:DateTime64(9, 'UTC')}) AS calls
LEFT JOIN cards ON cards.price_version = calls.price_version AND cards.price_card_id = calls.price_card_id
GROUP BY day, provider, billed_model
ORDER BY day, provider, billed_model
