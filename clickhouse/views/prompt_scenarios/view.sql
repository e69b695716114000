-- What would each call have cost with another prompt: without unused tool definitions, with older history cut off, and with either under another plan of caching?
-- Grain: one row per billed call, plan of caching and prompt. plan is as billed, and where simulate is 1 also 5m and 1h of what_if_cache, in whose cache simulation the changes are then made. changes are those that lead to the prompt: none, tools, history, tools and history; every one leads to one, and most lead to the same. What is cut is taken out of the class of tokens it was billed in, at the place where it stood: what was read from the cache first, then written, then the rest. counts and cost_usd are what the call would have been billed, tier_cost_usd what that costs in a batch, both NULL without a price, and the latter where the call cannot wait; is_cutting marks the first call after a cut. With 0 turns no history is cut, and where trim is 0 no definition of a tool is looked for. summary_tokens replace what is cut off: with every cut one more call reads what is cut, at the prices of this call, and writes so many tokens; 0: nothing replaces it.
-- Excludes: nothing. A change that does not concern a call leaves it as it is, and so does a plan where is_recorded is 0: how its prompt was made is unknown, or simulate is 0.
CREATE VIEW IF NOT EXISTS ${database}.prompt_scenarios ${on_cluster}
AS
WITH
    planned AS
    (
        SELECT
            calls.started_at AS started_at, calls.trace_id AS trace_id, calls.span_id AS span_id,
            calls.provider AS provider, calls.model AS model, calls.agent_name AS agent_name, calls.input_tokens AS input_tokens, calls.can_wait AS can_wait,
            calls.counts AS counts, calls.cost_usd AS cost_usd, calls.known_cost_usd AS known_cost_usd,
            calls.price_card_id AS price_card_id, calls.context_from AS context_from, calls.tier_card_id AS tier_card_id, calls.tier_context_from AS tier_context_from,
            simulated.is_recorded AS is_recorded,
            arraySum(arraySlice(calls.counts, 1, 7)) AS text_tokens,
            toUnixTimestamp64Nano(definitions.started_at) != 0 AS has_definitions,
            definitions.places AS definition_places, definitions.tools AS unused_tools,
            (cuts.cut_from, cuts.cut_to) AS span, cuts.is_first AS is_first,
            notEmpty(definitions.places) AS has_unused, cuts.cut_to > cuts.cut_from AS has_old,
            plan.name AS plan, plan.reads AS plan_reads, plan.up_to AS plan_up_to
        FROM ${database}.tier_prices(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, tier = 'batch',
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        LEFT JOIN ${database}.definition_trims(
            from = {from:DateTime64(9, 'UTC')}, to = if({trim:UInt8} = 0, {from:DateTime64(9, 'UTC')}, {to:DateTime64(9, 'UTC')}),
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS definitions
            ON definitions.trace_id = calls.trace_id AND definitions.span_id = calls.span_id AND definitions.started_at = calls.started_at
        LEFT JOIN ${database}.history_cuts(
            from = {from:DateTime64(9, 'UTC')}, to = if({turns:UInt32} = 0, {from:DateTime64(9, 'UTC')}, {to:DateTime64(9, 'UTC')}), turns = {turns:UInt32},
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS cuts
            ON cuts.trace_id = calls.trace_id AND cuts.span_id = calls.span_id AND cuts.started_at = calls.started_at
        LEFT JOIN ${database}.cache_simulation(
            from = {from:DateTime64(9, 'UTC')}, to = if({simulate:UInt8} = 0, {from:DateTime64(9, 'UTC')}, {to:DateTime64(9, 'UTC')}),
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS simulated
            ON simulated.trace_id = calls.trace_id AND simulated.span_id = calls.span_id AND simulated.started_at = calls.started_at
        ARRAY JOIN arraySlice(
            [('as billed', 0, 0), ('5m', simulated.read_5m, simulated.end), ('1h', simulated.read_1h, simulated.end)]::Array(Tuple(name String, reads Int64, up_to Int64)),
            1, if({simulate:UInt8} = 0, 1, 3)) AS plan
    ),
    cached AS
    (
        SELECT
            planned.*,
            least(planned.plan_reads, planned.text_tokens) AS reads,
            greatest(planned.plan_reads, least(planned.plan_up_to, planned.text_tokens)) - planned.plan_reads AS writes
        FROM planned
    ),
    -- Text classes in the order in which a provider takes them up: read, written for 5 m, 30 m, 1 h, 12 h or unknown, the rest.
    laid AS
    (
        SELECT
            cached.*,
            if(
                cached.plan = 'as billed' OR NOT cached.is_recorded,
                [cached.counts[2], cached.counts[4], cached.counts[5], cached.counts[6], cached.counts[7], cached.counts[3], cached.counts[1]],
                [cached.reads, if(cached.plan = '5m', cached.writes, 0), 0, if(cached.plan = '1h', cached.writes, 0), 0, 0, cached.text_tokens - cached.reads - cached.writes]
            ) AS layout
        FROM cached
    ),
    -- Changes that lead to the same prompt are looked at once: most have nothing unused, or too little history to cut.
    changed AS
    (
        SELECT
            laid.*,
            arrayCumSum(laid.layout) AS ends,
            prompt.changes AS changes, prompt.places AS places, prompt.is_cut AS is_cut,
            prompt.is_cut AND laid.is_first AS is_cutting,
            -- Where text is billed that no cache holds yet: where the call wrote, if it did.
            multiIf(
                arraySum(arraySlice(laid.layout, 2, 5)) > 0, arrayFirstIndex(count -> count > 0, arraySlice(laid.layout, 2, 5)) + 1,
                laid.layout[1] > 0, 6,
                7) AS fresh
        FROM laid
        ARRAY JOIN arrayFilter(prompt -> notEmpty(prompt.changes), [
            (arrayConcat(['none'], if(laid.has_unused, [], ['tools']), if(laid.has_old, [], ['history']), if(laid.has_unused OR laid.has_old, [], ['tools and history'])), false, []),
            (if(laid.has_unused, arrayConcat(['tools'], if(laid.has_old, [], ['tools and history'])), []), false, laid.definition_places),
            (if(laid.has_old, arrayConcat(['history'], if(laid.has_unused, [], ['tools and history'])), []), true, [laid.span]),
            (if(laid.has_unused AND laid.has_old, ['tools and history'], []), true, arrayPushBack(laid.definition_places, laid.span))
        ]::Array(Tuple(changes Array(String), is_cut Bool, places Array(Tuple(Int64, Int64))))) AS prompt
    ),
    trimmed AS
    (
        SELECT
            changed.*,
            if(changed.is_cut, toInt64({summary_tokens:UInt32}), 0) AS summary,
            -- What stays behind the cut was in the cache behind what is gone.
            if(changed.is_cutting, greatest(changed.layout[1] - changed.span.2, 0), 0) AS lost,
            multiIf(changed.is_cutting, changed.fresh, changed.span.2 <= changed.ends[1], 1, changed.span.2 <= changed.ends[6], changed.fresh, 7) AS summary_class,
            arrayMap(
                (count, end) -> arraySum(place -> greatest(least(place.2, end) - greatest(place.1, end - count), 0), changed.places),
                changed.layout, changed.ends) AS removed,
            -- For a summary, the head and what is cut are read once more.
            arrayMap(
                (count, end) -> if(changed.is_cutting AND {summary_tokens:UInt32} > 0, greatest(least(changed.span.2, end) - (end - count), 0), 0),
                changed.layout, changed.ends) AS summarized
        FROM changed
    ),
    billed AS
    (
        SELECT
            trimmed.*,
            arraySum(trimmed.removed) AS removed_tokens,
            arrayMap(
                (count, gone, more, class) -> count - gone + more - if(class = 1, trimmed.lost, 0) + if(class = trimmed.fresh, trimmed.lost, 0) + if(class = trimmed.summary_class, trimmed.summary, 0),
                trimmed.layout, trimmed.removed, trimmed.summarized, [1, 2, 3, 4, 5, 6, 7]) AS text
        FROM trimmed
    ),
    counted AS
    (
        SELECT
            billed.* EXCEPT (counts, cost_usd, known_cost_usd),
            billed.cost_usd AS billed_cost_usd, billed.known_cost_usd AS billed_known_cost_usd,
            arrayConcat(
                [billed.text[7], billed.text[1], billed.text[6], billed.text[2], billed.text[3], billed.text[4], billed.text[5]],
                arrayMap(
                    (count, class) -> count + if(class = 14 AND billed.is_cutting, billed.summary, 0),
                    arraySlice(billed.counts, 8), [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24])) AS counts,
            ifNull(billed.input_tokens, 0) - billed.removed_tokens + billed.summary AS input_after
        FROM billed
    ),
    banded AS
    (
        SELECT
            counted.*,
            toUInt64(arrayLastIndex(from_tokens -> from_tokens <= counted.input_after, counted.context_from)) AS band,
            toUInt64(arrayLastIndex(from_tokens -> from_tokens <= counted.input_after, counted.tier_context_from)) AS tier_band
        FROM counted
    ),
    priced AS
    (
        SELECT
            banded.*,
            arrayResize(own.prices, length(banded.counts)) AS prices,
            arrayResize(tier.prices, length(banded.counts)) AS tier_prices
        FROM banded
        LEFT ANY JOIN ${database}.band_prices AS own ON own.price_card_id = banded.price_card_id AND own.band = banded.band
        LEFT ANY JOIN ${database}.band_prices AS tier ON tier.price_card_id = banded.tier_card_id AND tier.band = banded.tier_band
    )
SELECT
    priced.started_at AS started_at,
    priced.trace_id AS trace_id,
    priced.span_id AS span_id,
    priced.provider AS provider,
    priced.model AS model,
    priced.agent_name AS agent_name,
    priced.plan AS plan,
    priced.changes AS changes,
    priced.is_recorded AS is_recorded,
    priced.has_definitions AS has_definitions,
    priced.can_wait AS can_wait,
    priced.is_cutting AS is_cutting,
    priced.unused_tools AS unused_tools,
    priced.removed_tokens AS removed_tokens,
    priced.counts AS counts,
    priced.billed_cost_usd AS billed_cost_usd,
    priced.billed_known_cost_usd AS billed_known_cost_usd,
    if(
        priced.billed_cost_usd IS NULL OR arrayExists((count, price) -> count > 0 AND price IS NULL, priced.counts, priced.prices),
        NULL,
        arraySum((count, price) -> toDecimal128(count, 0) * ifNull(price, 0), priced.counts, priced.prices)) AS cost_usd,
    if(
        NOT priced.can_wait OR priced.billed_cost_usd IS NULL OR arrayExists((count, price) -> count > 0 AND price IS NULL, priced.counts, priced.tier_prices),
        NULL,
        arraySum((count, price) -> toDecimal128(count, 0) * ifNull(price, 0), priced.counts, priced.tier_prices)) AS tier_cost_usd
FROM priced
