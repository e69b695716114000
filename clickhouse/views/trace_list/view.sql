-- The traces of a range of time to choose from, dearest first or in another order, with all agents that worked in each.
-- Grain: one row per trace with model calls, as many as max_rows; traces counts them all. sort is newest, calls or input, and anything else is by cost. An empty in_conversation or in_service asks for all.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.trace_list ${on_cluster}
AS
WITH
    -- Names are read for what is shown alone: to keep those of every trace takes most of the time of the question, and its memory.
    (
        SELECT (groupArray(ranked.trace_id), any(ranked.traces))
        FROM
        (
            SELECT calls.trace_id AS trace_id, count() OVER () AS traces
            FROM ${database}.billed_classes(
                from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
                in_trace = '', in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
            GROUP BY calls.trace_id
            ORDER BY
                if({sort:String} = 'newest', toUnixTimestamp64Nano(min(calls.started_at)), 0) DESC,
                if({sort:String} = 'calls', count(), 0) DESC,
                if({sort:String} = 'input', ifNull(sum(calls.input_tokens), 0), 0) DESC,
                sum(calls.known_cost_usd) DESC, calls.trace_id
            LIMIT {max_rows:UInt64}
        ) AS ranked
    ) AS chosen
SELECT
    replaceAll(toString(calls.trace_id), '-', '') AS trace_id,
    min(calls.started_at) AS first_call_at,
    max(calls.started_at) AS last_call_at,
    any(calls.service_name) AS service_name,
    arraySort(groupUniqArrayIf(calls.conversation_id, calls.conversation_id != '')) AS conversations,
    arraySort(groupUniqArrayIf(calls.agent_name, calls.agent_name != '')) AS agents,
    arraySort(groupUniqArrayIf(calls.model, calls.model != '')) AS models,
    count() AS calls,
    countIf(calls.outcome NOT IN ('completed', '')) AS unfinished_calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.counts[2] + calls.counts[9]) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.cost_usd IS NULL) AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd,
    chosen.2 AS traces
FROM ${database}.billed_classes(
    from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
    in_trace = '', in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
WHERE calls.trace_id IN (chosen.1)
GROUP BY calls.trace_id
ORDER BY indexOf(chosen.1, calls.trace_id)
