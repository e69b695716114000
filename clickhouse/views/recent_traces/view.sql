-- The traces whose model calls began last, newest first.
-- Grain: one row per trace with model calls, as many as max_rows.
-- Excludes: nothing; cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.recent_traces ${on_cluster}
AS
SELECT
    traces.trace_id AS trace_id,
    traces.first_call_at AS first_call_at,
    traces.service_name AS service_name,
    traces.agents AS agents,
    traces.models AS models,
    traces.calls AS calls,
    traces.unfinished_calls AS unfinished_calls,
    traces.unpriced_calls AS unpriced_calls,
    traces.cost_usd AS cost_usd,
    traces.known_cost_usd AS known_cost_usd
FROM ${database}.trace_list(
    from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
    in_conversation = '', in_service = '', sort = 'newest', max_rows = {max_rows:UInt64}) AS traces
ORDER BY traces.first_call_at DESC, traces.trace_id
