-- What to change first: the savings of every measure, largest first, without counting one dollar twice.
-- Grain: one row per measure, provider, model and agent that it saves money for. A dollar of a call is saved by the first measure that saves it, in this order: dedupe (an exact duplicate answered from memory), cache (the cheaper of the plans 5m and 1h, where it is cheaper than what was billed), tools (unused definitions left out, with that plan), history (cut after so many turns, 0: never, for calls that cannot wait, where it saves in all), batch (what is then left of the calls that can wait, in a batch). So saved_usd sums to no more than the cost; together_usd is the sum. alone_usd is what the measure saves if no other is taken: what query, which proves it, answers as saved_usd. least_usd and most_usd bound saved_usd where it rests on estimated sizes, by a quarter; elsewhere they equal it.
-- Assumes: assumes says it of each saving.
-- Excludes: other models and tiers, for whether their answers or their waiting would do is not in the ledger: what_if_model and what_if_tier. Calls without a price, and calls that do not say how their prompt was made, save nothing where the measure needs to know.
CREATE VIEW IF NOT EXISTS ${database}.savings ${on_cluster}
AS
WITH
    duplicates AS
    (
        SELECT why.started_at, why.trace_id, why.span_id
        FROM ${database}.call_causes AS why FINAL
        WHERE why.started_at >= {from:DateTime64(9, 'UTC')} AND why.started_at < {to:DateTime64(9, 'UTC')} AND has(why.causes, 'exact_duplicate')
    ),
    scenarios AS
    (
        SELECT
            calls.provider AS provider, calls.model AS model, calls.agent_name AS agent_name, calls.can_wait AS can_wait,
            calls.billed_known_cost_usd AS billed_usd, ifNull(calls.cost_usd, calls.billed_known_cost_usd) AS usd,
            ifNull(calls.tier_cost_usd, usd) AS batch_usd,
            calls.plan AS plan, calls.changes AS changes, calls.unused_tools AS unused_tools, calls.counts AS counts,
            calls.cost_usd IS NOT NULL AND (calls.started_at, calls.trace_id, calls.span_id) GLOBAL IN duplicates AS is_duplicate
        FROM ${database}.prompt_scenarios(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, turns = {turns:UInt32}, summary_tokens = {summary_tokens:UInt32}, trim = 1, simulate = 1,
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
    ),
    -- Per plan of caching: what is left with it, with tools trimmed, and with history cut, of calls that are no duplicates.
    planned AS
    (
        SELECT
            scenarios.provider AS provider, scenarios.model AS model, scenarios.agent_name AS agent_name, scenarios.plan AS plan,
            sumIf(scenarios.billed_usd, has(scenarios.changes, 'none')) AS billed_usd,
            sumIf(scenarios.usd, has(scenarios.changes, 'none') AND scenarios.is_duplicate) AS duplicates_usd,
            countIf(has(scenarios.changes, 'none') AND scenarios.is_duplicate) AS duplicates,
            sumIf(scenarios.usd, has(scenarios.changes, 'none') AND NOT scenarios.is_duplicate) AS cached_usd,
            sumIf(scenarios.usd, has(scenarios.changes, 'tools') AND NOT scenarios.is_duplicate) AS trimmed_usd,
            sumIf(scenarios.usd, has(scenarios.changes, if(scenarios.can_wait, 'tools', 'tools and history')) AND NOT scenarios.is_duplicate) AS cut_usd,
            sumIf(scenarios.usd - scenarios.batch_usd, has(scenarios.changes, 'tools') AND scenarios.can_wait AND NOT scenarios.is_duplicate) AS batch_saved_usd,
            countIf(has(scenarios.changes, 'none') AND scenarios.usd != scenarios.billed_usd) AS cached_calls,
            countIf(has(scenarios.changes, 'tools') AND notEmpty(scenarios.unused_tools)) AS trimmed_calls,
            countIf(has(scenarios.changes, 'history') AND scenarios.usd != scenarios.billed_usd) AS cut_calls,
            countIf(has(scenarios.changes, 'none') AND scenarios.can_wait AND scenarios.batch_usd != scenarios.usd) AS batch_calls,
            sumIf(scenarios.usd, has(scenarios.changes, 'none')) AS cached_alone_usd,
            sumIf(scenarios.usd, has(scenarios.changes, 'tools')) AS trimmed_alone_usd,
            sumIf(scenarios.usd, has(scenarios.changes, 'history')) AS cut_alone_usd,
            sumIf(scenarios.usd - scenarios.batch_usd, has(scenarios.changes, 'none') AND scenarios.can_wait) AS batch_alone_usd,
            arraySort(groupUniqArrayArray(scenarios.unused_tools)) AS unused_tools,
            -- Read from the cache, and written for unknown time, 5 m, 30 m, 1 h, 12 h.
            sumForEachIf(arraySlice(scenarios.counts, 2, 6), has(scenarios.changes, 'none')) AS cache_counts
        FROM scenarios
        GROUP BY scenarios.provider, scenarios.model, scenarios.agent_name, scenarios.plan
    ),
    -- The plan that is left with least; as billed before any that is not cheaper.
    chosen AS
    (
        SELECT
            planned.provider AS provider, planned.model AS model, planned.agent_name AS agent_name,
            argMin(planned.plan, planned.place) AS plan,
            anyIf(planned.billed_usd, planned.is_now) AS billed_usd,
            anyIf(planned.duplicates_usd, planned.is_now) AS dedupe_usd, anyIf(planned.duplicates, planned.is_now) AS dedupe_calls,
            anyIf(planned.cached_usd, planned.is_now) - argMin(planned.cached_usd, planned.place) AS cache_usd,
            anyIf(planned.billed_usd, planned.is_now) - argMin(planned.cached_alone_usd, planned.place) AS cache_alone_usd,
            argMin(planned.cached_calls, planned.place) AS cache_calls,
            argMin(planned.cached_usd - planned.trimmed_usd, planned.place) AS tools_usd,
            anyIf(planned.billed_usd - planned.trimmed_alone_usd, planned.is_now) AS tools_alone_usd,
            anyIf(planned.cache_counts, planned.is_now) AS cache_counts,
            any(planned.trimmed_calls) AS tools_calls, any(planned.unused_tools) AS unused_tools,
            argMin(planned.trimmed_usd - planned.cut_usd, planned.place) AS history_usd,
            anyIf(planned.billed_usd - planned.cut_alone_usd, planned.is_now) AS history_alone_usd,
            anyIf(planned.cut_calls, planned.is_now) AS history_calls,
            argMin(planned.batch_saved_usd, planned.place) AS batch_usd,
            anyIf(planned.batch_alone_usd, planned.is_now) AS batch_alone_usd,
            anyIf(planned.batch_calls, planned.is_now) AS batch_calls
        FROM (SELECT planned.*, planned.plan = 'as billed' AS is_now, (planned.cached_usd, planned.plan != 'as billed', planned.plan) AS place FROM planned) AS planned
        GROUP BY planned.provider, planned.model, planned.agent_name
    ),
    proven AS
    (
        SELECT
            chosen.*,
            multiIf(
                arraySum(chosen.cache_counts) = 0, 'nothing was cached',
                arraySum(arraySlice(chosen.cache_counts, 2)) = 0, 'nothing was paid for writing',
                concat('most was written ', ['without a time', 'for 5m', 'for 30m', 'for 1h', 'for 12h'][indexOf(arraySlice(chosen.cache_counts, 2), arrayMax(arraySlice(chosen.cache_counts, 2)))])) AS cached_so_far,
            concat(
                'from = ''', toString({from:DateTime64(9, 'UTC')}), ''', to = ''', toString({to:DateTime64(9, 'UTC')}), ''', in_trace = ', toString(tuple({in_trace:String})),
                ', in_conversation = ', toString(tuple({in_conversation:String})), ', in_service = ', toString(tuple({in_service:String}))) AS bounds,
            concat(' WHERE (provider, model, agent_name) = ', toString((chosen.provider, chosen.model, chosen.agent_name))) AS one
        FROM chosen
    )
SELECT
    saving.measure AS measure,
    proven.provider AS provider,
    proven.model AS model,
    proven.agent_name AS agent_name,
    saving.calls AS calls,
    proven.billed_usd AS known_cost_usd,
    saving.usd AS saved_usd,
    if(saving.measure = 'tools', toDecimal128(saving.usd * 3 / 4, 15), saving.usd) AS least_usd,
    if(saving.measure = 'tools', toDecimal128(saving.usd * 5 / 4, 15), saving.usd) AS most_usd,
    saving.alone_usd AS alone_usd,
    sum(saving.usd) OVER () AS together_usd,
    saving.assumes AS assumes,
    concat('SELECT * FROM ', saving.asked, proven.one, saving.rest) AS query
FROM proven
ARRAY JOIN [
    ('dedupe', proven.dedupe_calls, proven.dedupe_usd, proven.dedupe_usd,
        'the answer of an hour before serves again',
        concat('what_if_dedupe(', proven.bounds, ')'), ''),
    (concat('cache ', proven.plan), proven.cache_calls, proven.cache_usd, proven.cache_alone_usd,
        concat('breakpoints stand behind tools and system prompt and at the end of every prompt; so far ', proven.cached_so_far),
        concat('what_if_cache(', proven.bounds, ')'), concat(' AND plan = ''', proven.plan, '''')),
    ('tools', proven.tools_calls, proven.tools_usd, proven.tools_alone_usd,
        concat('never asked for, and not needed: ', arrayStringConcat(arraySlice(proven.unused_tools, 1, 20), ', '), if(length(proven.unused_tools) > 20, ', …', '')),
        concat('what_if_tools(', proven.bounds, ')'), ''),
    ('history', proven.history_calls, proven.history_usd, proven.history_alone_usd,
        concat('nothing is needed that lies more than ', toString({turns:UInt32}), ' to ', toString(2 * {turns:UInt32}), ' calls back', if({summary_tokens:UInt32} = 0, '', concat(', beyond a summary of ', toString({summary_tokens:UInt32}), ' tokens'))),
        concat('what_if_history(', proven.bounds, ', turns = ', toString({turns:UInt32}), ', summary_tokens = ', toString({summary_tokens:UInt32}), ')'), ''),
    ('batch', proven.batch_calls, proven.batch_usd, proven.batch_alone_usd,
        'calls that nobody seems to wait for can take up to a day',
        concat('what_if_batch(', proven.bounds, ')'), '')
]::Array(Tuple(measure String, calls UInt64, usd Decimal(38, 15), alone_usd Decimal(38, 15), assumes String, asked String, rest String)) AS saving
WHERE saving.usd > 0
ORDER BY saved_usd DESC, measure, provider, model, agent_name
