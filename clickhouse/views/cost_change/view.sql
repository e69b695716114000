-- Why one period cost more than another: by how many calls there were, of which kind, how long, how well cached, and at what price.
-- Grain: one row per name (what is asked `by`: model, agent, customer or feature), provider, model, service tier and region. The parts of a row sum to its difference, to the last digit, so add rows and parts up as you like. They are taken in this order, each at what the ones before it left, from the base period to the other: volume (all calls grew alike), mix (other kinds of calls: rows grew unlike one another; a row that is new is all mix), length (tokens and uses per call, of every class but as to caching), cache (how input divides into fresh, read and written), price (what a token of each class cost on average: new prices, and prices for long prompts). unpriced is what is known of calls whose cost is not.
-- Excludes: nothing that is known; calls with no usage or no price are counted beside. A class of tokens that the base period did not have is at its list price then, or at today's where there was none. Periods are half-open, may be of any length, and may overlap.
CREATE VIEW IF NOT EXISTS ${database}.cost_change ${on_cluster}
AS
WITH
    -- Counts per price card are enough: money is linear in them. In the order of card_prices, where text is 1 to 7 and audio 8 and 9.
    counted AS
    (
        SELECT
            arrayJoin(arrayConcat(
                if(calls.started_at >= {base_from:DateTime64(9, 'UTC')} AND calls.started_at < {base_to:DateTime64(9, 'UTC')}, [false], []),
                if(calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}, [true], []))) AS is_later,
            multiIf({by:String} = 'agent', toString(calls.agent_name), {by:String} = 'customer', calls.customer_id, {by:String} = 'feature', toString(calls.feature_name), toString(calls.model)) AS name,
            calls.provider AS provider, calls.model AS model, calls.service_tier AS service_tier, calls.region AS region,
            calls.price_card_id AS price_card_id, calls.price_band AS price_band, calls.cost_usd IS NOT NULL AS is_priced,
            count() AS calls,
            sum(calls.known_cost_usd) AS known_cost_usd,
            arrayMap(count -> ifNull(count, 0), [
                sum(calls.input_text_tokens), sum(calls.cache_read_tokens), sum(calls.cache_write_tokens), sum(calls.cache_write_5m_tokens),
                sum(calls.cache_write_30m_tokens), sum(calls.cache_write_1h_tokens), sum(calls.cache_write_12h_tokens),
                sum(calls.input_audio_tokens), sum(calls.cache_read_audio_tokens), sum(calls.input_image_tokens), sum(calls.input_video_tokens),
                sum(calls.input_document_tokens), sum(calls.input_tool_use_tokens), sum(calls.output_text_tokens), sum(calls.reasoning_tokens),
                sum(calls.output_audio_tokens), sum(calls.output_image_tokens), sum(calls.prediction_accepted_tokens),
                sum(calls.prediction_rejected_tokens), sum(calls.web_search_requests), sum(calls.web_fetch_requests),
                sum(calls.file_search_requests), sum(calls.code_execution_sessions)
            ]) AS counts
        FROM ${database}.llm_calls AS calls FINAL
        WHERE calls.billed_by = 0
            AND (calls.started_at >= {base_from:DateTime64(9, 'UTC')} AND calls.started_at < {base_to:DateTime64(9, 'UTC')}
                OR calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')})
            AND NOT throwIf({by:String} NOT IN ('model', 'agent', 'customer', 'feature'), 'by is model, agent, customer or feature')
        GROUP BY is_later, name, calls.provider, calls.model, calls.service_tier, calls.region, calls.price_card_id, calls.price_band, is_priced
    ),
    charged AS
    (
        SELECT
            counted.is_later AS is_later, counted.name AS name, counted.provider AS provider, counted.model AS model,
            counted.service_tier AS service_tier, counted.region AS region, counted.price_card_id AS price_card_id,
            counted.is_priced AS is_priced, counted.calls AS calls, counted.known_cost_usd AS known_cost_usd,
            arrayMap(bands -> bands[counted.price_band], arrayResize(cards.prices, 23)) AS list_prices,
            arrayMap((count, price) -> ifNull(toDecimal128(count, 0) * price, toDecimal128(0, 15)), counted.counts, list_prices) AS class_costs,
            -- Last, what is charged per call.
            arrayPushBack(counted.counts, counted.calls) AS counts,
            arrayPushBack(class_costs, counted.known_cost_usd - arraySum(class_costs)) AS costs
        FROM counted
        LEFT ANY JOIN ${database}.card_prices AS cards ON cards.price_card_id = counted.price_card_id
    ),
    compared AS
    (
        SELECT
            charged.name AS name, charged.provider AS provider, charged.model AS model, charged.service_tier AS service_tier, charged.region AS region,
            sumIf(charged.calls, charged.is_priced AND NOT charged.is_later) AS base_calls,
            sumIf(charged.calls, charged.is_priced AND charged.is_later) AS later_calls,
            sumIf(charged.calls, NOT charged.is_priced AND NOT charged.is_later) AS base_unpriced_calls,
            sumIf(charged.calls, NOT charged.is_priced AND charged.is_later) AS later_unpriced_calls,
            sumIf(charged.known_cost_usd, NOT charged.is_priced AND NOT charged.is_later) AS base_unpriced_usd,
            sumIf(charged.known_cost_usd, NOT charged.is_priced AND charged.is_later) AS later_unpriced_usd,
            sumIf(charged.known_cost_usd, charged.is_priced AND NOT charged.is_later) AS base_usd,
            sumIf(charged.known_cost_usd, charged.is_priced AND charged.is_later) AS later_usd,
            arrayResize(sumForEachIf(charged.counts, charged.is_priced AND NOT charged.is_later), 24) AS base_counts,
            arrayResize(sumForEachIf(charged.counts, charged.is_priced AND charged.is_later), 24) AS later_counts,
            arrayMap(cost -> toDecimal256(cost, 15), arrayResize(sumForEachIf(charged.costs, charged.is_priced AND NOT charged.is_later), 24)) AS base_costs,
            arrayMap(cost -> toDecimal256(cost, 15), arrayResize(sumForEachIf(charged.costs, charged.is_priced AND charged.is_later), 24)) AS later_costs,
            arrayResize(argMaxIf(charged.list_prices, (charged.calls, charged.price_card_id), charged.is_priced AND NOT charged.is_later), 24) AS base_prices
        FROM charged
        GROUP BY charged.name, charged.provider, charged.model, charged.service_tier, charged.region
    ),
    staged AS
    (
        SELECT
            compared.*,
            sum(compared.base_calls) OVER () AS all_base_calls,
            sum(compared.later_calls) OVER () AS all_later_calls,
            -- Text and audio each as a whole, for length does not ask what was cached; every other class by itself.
            arrayConcat([arraySum(arraySlice(compared.base_counts, 1, 7)), arraySum(arraySlice(compared.base_counts, 8, 2))], arraySlice(compared.base_counts, 10)) AS base_lengths,
            arrayConcat([arraySum(arraySlice(compared.later_counts, 1, 7)), arraySum(arraySlice(compared.later_counts, 8, 2))], arraySlice(compared.later_counts, 10)) AS later_lengths,
            arrayConcat([arraySum(arraySlice(compared.base_costs, 1, 7)), arraySum(arraySlice(compared.base_costs, 8, 2))], arraySlice(compared.base_costs, 10)) AS base_length_costs,
            arrayConcat([arraySum(arraySlice(compared.later_costs, 1, 7)), arraySum(arraySlice(compared.later_costs, 8, 2))], arraySlice(compared.later_costs, 10)) AS later_length_costs,
            arrayConcat(arrayWithConstant(7, base_lengths[1]), arrayWithConstant(2, base_lengths[2]), arraySlice(base_lengths, 3)) AS base_length_of_class,
            multiIf(
                all_base_calls = 0, compared.later_usd,
                CAST(toDecimal256(compared.base_usd, 15) * all_later_calls / all_base_calls AS Decimal(38, 15))) AS by_volume,
            multiIf(
                compared.base_calls = 0, compared.later_usd,
                CAST(toDecimal256(compared.base_usd, 15) * compared.later_calls / compared.base_calls AS Decimal(38, 15))) AS by_mix,
            multiIf(
                compared.base_calls = 0, compared.later_usd,
                CAST(arraySum(arrayMap(
                    (base, later, base_cost, later_cost) -> if(base = 0, later_cost, base_cost * later / greatest(base, 1)),
                    base_lengths, later_lengths, base_length_costs, later_length_costs)) AS Decimal(38, 15))) AS by_length,
            multiIf(
                compared.base_calls = 0, compared.later_usd,
                CAST(arraySum(arrayMap(
                    (base_length, base, later, base_cost, later_cost, base_price) -> multiIf(
                        base_length = 0, later_cost,
                        base > 0, base_cost * later / greatest(base, 1),
                        ifNull(base_price * toDecimal256(later, 0), later_cost)),
                    base_length_of_class, compared.base_counts, compared.later_counts, compared.base_costs, compared.later_costs, compared.base_prices)) AS Decimal(38, 15))) AS by_cache
        FROM compared
    )
SELECT
    staged.name AS name,
    staged.provider AS provider,
    staged.model AS model,
    staged.service_tier AS service_tier,
    staged.region AS region,
    staged.base_calls + staged.base_unpriced_calls AS base_calls,
    staged.later_calls + staged.later_unpriced_calls AS calls,
    staged.base_unpriced_calls AS base_unpriced_calls,
    staged.later_unpriced_calls AS unpriced_calls,
    staged.base_usd + staged.base_unpriced_usd AS base_known_cost_usd,
    staged.later_usd + staged.later_unpriced_usd AS known_cost_usd,
    known_cost_usd - base_known_cost_usd AS difference_usd,
    staged.by_volume - staged.base_usd AS volume_usd,
    staged.by_mix - staged.by_volume AS mix_usd,
    staged.by_length - staged.by_mix AS length_usd,
    staged.by_cache - staged.by_length AS cache_usd,
    staged.later_usd - staged.by_cache AS price_usd,
    staged.later_unpriced_usd - staged.base_unpriced_usd AS unpriced_usd
FROM staged
ORDER BY abs(difference_usd) DESC, name, provider, model, service_tier, region
