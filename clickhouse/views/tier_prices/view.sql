-- What each call was priced with, and what the same model costs on another service tier.
-- Grain: one row per billed call, as in billed_classes; context_from are the bands of its own card, tier_card_id and tier_context_from the card of the newest catalogue that was in force on that tier when the call began: its region's, or that of the model anywhere; 0 and nothing where there is none. tier_cost_usd is what the call would have cost on that tier, NULL where its own cost or a price there is unknown. can_wait: taken to be able to wait, for the call was not streamed, asked for no tool and was the only one of its agent's run (where no agent is known: of its trace).
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
            if(near.price_card_id = 0, anywhere.price_card_id, near.price_card_id) AS tier_card_id,
            if(near.price_card_id = 0, anywhere.context_from, near.context_from) AS tier_context_from,
            toUInt64(arrayLastIndex(from_tokens -> from_tokens <= ifNull(calls.input_tokens, 0), tier_context_from)) AS tier_band
        FROM ${database}.billed_classes(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        LEFT ANY JOIN ${database}.card_prices AS own ON own.price_card_id = calls.price_card_id
        ASOF LEFT JOIN (SELECT * FROM ${database}.card_prices WHERE is_current AND service_tier = {tier:String}) AS near
            ON near.provider = own.provider AND near.model = own.model AND near.region = calls.region AND near.valid_from <= toDateTime(calls.started_at, 'UTC')
        ASOF LEFT JOIN (SELECT * FROM ${database}.card_prices WHERE is_current AND service_tier = {tier:String} AND region = '') AS anywhere
            ON anywhere.provider = own.provider AND anywhere.model = own.model AND anywhere.valid_from <= toDateTime(calls.started_at, 'UTC')
    )
SELECT
    carded.*,
    if(
        carded.cost_usd IS NULL OR arrayExists((count, price) -> count > 0 AND price IS NULL, carded.counts, arrayResize(bands.prices, length(carded.counts))),
        NULL,
        arraySum((count, price) -> toDecimal128(count, 0) * ifNull(price, 0), carded.counts, arrayResize(bands.prices, length(carded.counts)))) AS tier_cost_usd
FROM carded
LEFT ANY JOIN ${database}.band_prices AS bands ON bands.price_card_id = carded.tier_card_id AND bands.band = carded.tier_band
-- Prices are few, whatever way this is itself joined in.
SETTINGS join_algorithm = 'direct,parallel_hash,hash'
