-- What each call was priced with, and what the same model costs on another service tier.
-- Grain: one row per billed call, as in billed_classes; prices and context_from are of its own card as in card_prices, tier_prices and tier_context_from of the card of the newest catalogue that was in force on that tier when the call began: its region's, or that of the model anywhere. Arrays are empty where there is no card. tier_cost_usd is what the call would have cost on that tier, NULL where its own cost or a price there is unknown. can_wait: taken to be able to wait, for the call was not streamed, asked for no tool and was the only one of its agent's run (where no agent is known: of its trace).
-- Excludes: nothing.
CREATE VIEW IF NOT EXISTS ${database}.tier_prices ${on_cluster}
AS
WITH
    lone_runs AS
    (
        SELECT sipHash128(calls.trace_id, calls.agent_run_id)
        FROM ${database}.billed_classes(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        GROUP BY 1
        HAVING count() = 1
    ),
    carded AS
    (
        SELECT
            calls.* EXCEPT (provider, model, service_tier, region, price_card_id),
            calls.provider AS provider,
            calls.model AS model,
            calls.service_tier AS service_tier,
            calls.region AS region,
            calls.price_card_id AS price_card_id,
            NOT calls.streamed AND NOT hasAny(calls.finish_reasons, ['tool_calls', 'tool_use', 'tool_call', 'function_call'])
                AND sipHash128(calls.trace_id, calls.agent_run_id) GLOBAL IN lone_runs AS can_wait,
            own.context_from AS context_from,
            own.prices AS prices,
            if(near.price_card_id = 0, anywhere.context_from, near.context_from) AS tier_context_from,
            if(near.price_card_id = 0, anywhere.prices, near.prices) AS tier_prices
        FROM ${database}.billed_classes(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        LEFT JOIN ${database}.card_prices AS own ON own.price_card_id = calls.price_card_id
        ASOF LEFT JOIN (SELECT * FROM ${database}.card_prices WHERE is_current AND service_tier = {tier:String}) AS near
            ON near.provider = own.provider AND near.model = own.model AND near.region = calls.region AND near.valid_from <= toDateTime(calls.started_at, 'UTC')
        ASOF LEFT JOIN (SELECT * FROM ${database}.card_prices WHERE is_current AND service_tier = {tier:String} AND region = '') AS anywhere
            ON anywhere.provider = own.provider AND anywhere.model = own.model AND anywhere.valid_from <= toDateTime(calls.started_at, 'UTC')
    )
SELECT
    carded.*,
    arrayLastIndex(from_tokens -> from_tokens <= ifNull(carded.input_tokens, 0), carded.tier_context_from) AS tier_band,
    if(
        carded.cost_usd IS NULL OR arrayExists((count, bands) -> count > 0 AND bands[tier_band] IS NULL, carded.counts, arrayResize(carded.tier_prices, 24)),
        NULL,
        arraySum((count, bands) -> toDecimal128(count, 0) * ifNull(bands[tier_band], 0), carded.counts, arrayResize(carded.tier_prices, 24))) AS tier_cost_usd
FROM carded
ORDER BY started_at, trace_id, span_id
