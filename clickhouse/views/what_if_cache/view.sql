-- What would prompt caching have cost: without it, with writes for 5 minutes or an hour, and with the best breakpoints?
-- Grain: one row per plan, provider, model and agent; the plans are alternatives to each other. none: everything in full. 5m and 1h: breakpoints behind tools and system prompt and at the end of every prompt, written for so long. best 5m and best 1h: each call writes what a later call reads in time and nothing else, which takes knowing what comes: a bound on what better breakpoints can save. expired_tokens could have been read, had they not expired.
-- Assumes: a simulation over the real times of arrival, by cache_simulation: exact where a prompt begins with a whole earlier one, an estimate where it shares but its first pieces; the same calls at the same times, media charged as now, and nobody else's prompts in the cache.
-- Excludes: nothing. unrecorded_calls do not say how their prompt was made: they stay as they were billed in every plan but none. Calls without a price, now or then, are counted in unpriced_calls, stay in what_if_cost_usd at what is known of them and save nothing.
CREATE VIEW IF NOT EXISTS ${database}.what_if_cache ${on_cluster}
AS
WITH
    planned AS
    (
        SELECT
            calls.provider AS provider, calls.model AS model, calls.agent_name AS agent_name,
            calls.cost_usd AS cost_usd, calls.known_cost_usd AS known_cost_usd,
            toUnixTimestamp64Nano(simulated.started_at) != 0 AS is_recorded,
            arraySum(arraySlice(calls.counts, 1, 7)) AS text_tokens,
            plan.name AS plan_name, plan.expired AS expired_tokens,
            least(plan.reads, text_tokens) AS read_tokens,
            greatest(least(plan.up_to, text_tokens) - read_tokens, 0) AS written_tokens,
            if(
                plan.name != 'none' AND NOT is_recorded,
                calls.counts,
                arrayConcat(
                    [text_tokens - read_tokens - written_tokens, read_tokens, 0, if(plan.is_hour, 0, written_tokens), 0, if(plan.is_hour, written_tokens, 0), 0],
                    arraySlice(calls.counts, 8))) AS counts,
            arrayResize(bands.prices, length(calls.counts)) AS prices
        FROM ${database}.billed_classes(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        LEFT JOIN ${database}.cache_simulation(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, best = 1) AS simulated
            ON simulated.trace_id = calls.trace_id AND simulated.span_id = calls.span_id AND simulated.started_at = calls.started_at
        LEFT ANY JOIN ${database}.band_prices AS bands ON bands.price_card_id = calls.price_card_id AND bands.band = calls.price_band
        ARRAY JOIN [
            ('none', false, 0, 0, 0),
            ('5m', false, simulated.read_5m, simulated.end, simulated.expired_5m),
            ('1h', true, simulated.read_1h, simulated.end, simulated.expired_1h),
            ('best 5m', false, simulated.best_read_5m, simulated.best_end_5m, 0),
            ('best 1h', true, simulated.best_read_1h, simulated.best_end_1h, 0)
        ]::Array(Tuple(name String, is_hour Bool, reads Int64, up_to Int64, expired Int64)) AS plan
    ),
    compared AS
    (
        SELECT
            planned.* EXCEPT prices,
            if(
                planned.cost_usd IS NULL OR arrayExists((count, price) -> count > 0 AND price IS NULL, planned.counts, planned.prices),
                NULL,
                arraySum((count, price) -> toDecimal128(count, 0) * ifNull(price, 0), planned.counts, planned.prices)) AS alternative_usd
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
    countIf(NOT compared.is_recorded AND compared.plan_name != 'none') AS unrecorded_calls,
    if(countIf(compared.cost_usd IS NULL) = 0, sum(compared.cost_usd), NULL) AS cost_usd,
    sum(compared.known_cost_usd) AS known_cost_usd,
    sum(ifNull(compared.alternative_usd, compared.known_cost_usd)) AS what_if_cost_usd,
    sum(compared.known_cost_usd) - sum(ifNull(compared.alternative_usd, compared.known_cost_usd)) AS saved_usd,
    sum(compared.counts[2]) AS cache_read_tokens,
    sum(arraySum(arraySlice(compared.counts, 3, 5))) AS cache_write_tokens,
    sum(compared.expired_tokens) AS expired_tokens
FROM compared
GROUP BY compared.plan_name, compared.provider, compared.model, compared.agent_name
ORDER BY saved_usd DESC, plan, provider, model, agent_name
