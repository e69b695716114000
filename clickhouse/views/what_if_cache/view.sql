-- What would prompt caching have cost: without it, with writes for 5 minutes or an hour, and with the best breakpoints?
-- Grain: one row per plan, provider, model and agent; the plans are alternatives to each other. none: everything in full. 5m and 1h: breakpoints behind tools and system prompt and at the end of every prompt, written for so long. best 5m and best 1h: each call writes what a later call reads in time and nothing else, which takes knowing what comes: a bound on what better breakpoints can save. expired_tokens could have been read, had they not expired.
-- Assumes: a simulation over the real times of arrival, by cache_simulation: exact where a prompt begins with a whole earlier one, an estimate where it shares but its first pieces; the same calls at the same times, media charged as now, and nobody else's prompts in the cache.
-- Excludes: nothing. unrecorded_calls do not say how their prompt was made: they stay as they were billed in every plan but none. Calls without a price, now or then, are counted in unpriced_calls, stay in what_if_cost_usd at what is known of them and save nothing.
CREATE VIEW IF NOT EXISTS ${database}.what_if_cache ${on_cluster}
AS
WITH
    calls AS
    (
        SELECT
            billed.provider AS provider, billed.model AS model, billed.agent_name AS agent_name,
            billed.cost_usd AS cost_usd, billed.known_cost_usd AS known_cost_usd,
            arraySum(arraySlice(billed.counts, 1, 7)) AS text_tokens,
            billed.counts[2] AS billed_reads, arraySum(arraySlice(billed.counts, 3, 5)) AS billed_writes,
            bands.prices[1] AS price, bands.prices[2] AS read_price, bands.prices[4] AS price_5m, bands.prices[6] AS price_1h,
            -- What no plan changes.
            arraySlice(billed.counts, 8) AS other_counts, arrayResize(arraySlice(bands.prices, 8), length(other_counts)) AS other_prices,
            if(
                arrayExists((count, each) -> count > 0 AND each IS NULL, other_counts, other_prices),
                NULL,
                arraySum((count, each) -> toDecimal128(count, 0) * ifNull(each, 0), other_counts, other_prices)) AS other_usd,
            billed.is_recorded AS is_recorded, billed.end AS end,
            billed.read_5m AS read_5m, billed.read_1h AS read_1h, billed.expired_5m AS expired_5m, billed.expired_1h AS expired_1h,
            billed.best_read_5m AS best_read_5m, billed.best_read_1h AS best_read_1h,
            billed.best_end_5m AS best_end_5m, billed.best_end_1h AS best_end_1h
        FROM ${database}.cache_simulation(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS billed
        LEFT ANY JOIN ${database}.band_prices AS bands ON bands.price_card_id = billed.price_card_id AND bands.band = billed.price_band
    ),
    planned AS
    (
        SELECT
            calls.provider AS provider, calls.model AS model, calls.agent_name AS agent_name,
            calls.cost_usd AS cost_usd, calls.known_cost_usd AS known_cost_usd,
            plan.name AS plan_name, plan.expired AS expired_tokens,
            calls.is_recorded OR plan.name = 'none' AS is_planned,
            least(plan.reads, calls.text_tokens) AS reads,
            greatest(least(plan.up_to, calls.text_tokens) - reads, 0) AS writes,
            calls.text_tokens - reads - writes AS others,
            calls.price AS price, calls.read_price AS read_price, plan.write_price AS write_price,
            calls.billed_reads AS billed_reads, calls.billed_writes AS billed_writes, calls.other_usd AS other_usd
        FROM calls
        ARRAY JOIN [
            ('none', calls.price_5m, 0, 0, 0),
            ('5m', calls.price_5m, calls.read_5m, calls.end, calls.expired_5m),
            ('1h', calls.price_1h, calls.read_1h, calls.end, calls.expired_1h),
            ('best 5m', calls.price_5m, calls.best_read_5m, calls.best_end_5m, 0),
            ('best 1h', calls.price_1h, calls.best_read_1h, calls.best_end_1h, 0)
        ]::Array(Tuple(name String, write_price Nullable(Decimal(18, 15)), reads Int64, up_to Int64, expired Int64)) AS plan
    ),
    compared AS
    (
        SELECT
            planned.provider AS provider, planned.model AS model, planned.agent_name AS agent_name,
            planned.cost_usd AS cost_usd, planned.known_cost_usd AS known_cost_usd,
            planned.plan_name AS plan_name, planned.is_planned AS is_planned, planned.expired_tokens AS expired_tokens,
            if(planned.is_planned, planned.reads, planned.billed_reads) AS read_tokens,
            if(planned.is_planned, planned.writes, planned.billed_writes) AS written_tokens,
            multiIf(
                planned.cost_usd IS NULL, NULL,
                NOT planned.is_planned, planned.cost_usd,
                planned.other_usd
                    + if(planned.others = 0, 0, toDecimal128(planned.others, 0) * planned.price)
                    + if(planned.reads = 0, 0, toDecimal128(planned.reads, 0) * planned.read_price)
                    + if(planned.writes = 0, 0, toDecimal128(planned.writes, 0) * planned.write_price)) AS alternative_usd
        FROM planned
    )
SELECT
    compared.plan_name AS plan,
    compared.provider AS provider,
    compared.model AS model,
    compared.agent_name AS agent_name,
    count() AS calls,
    countIf(compared.alternative_usd != compared.known_cost_usd) AS changed_calls,
    countIf(compared.alternative_usd IS NULL) AS unpriced_calls,
    countIf(NOT compared.is_planned) AS unrecorded_calls,
    if(countIf(compared.cost_usd IS NULL) = 0, sum(compared.cost_usd), NULL) AS cost_usd,
    sum(compared.known_cost_usd) AS known_cost_usd,
    sum(ifNull(compared.alternative_usd, compared.known_cost_usd)) AS what_if_cost_usd,
    sum(compared.known_cost_usd) - sum(ifNull(compared.alternative_usd, compared.known_cost_usd)) AS saved_usd,
    sum(compared.read_tokens) AS cache_read_tokens,
    sum(compared.written_tokens) AS cache_write_tokens,
    sum(compared.expired_tokens) AS expired_tokens
FROM compared
GROUP BY compared.plan_name, compared.provider, compared.model, compared.agent_name
ORDER BY saved_usd DESC, plan, provider, model, agent_name
