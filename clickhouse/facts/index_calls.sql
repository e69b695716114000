CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.index_calls ${on_cluster} TO ${database}.call_reports
AS
SELECT
    arrayJoin(if(calls.request_key = 0, [calls.call_key], [calls.call_key, calls.request_key])) AS call_key,
    toDate(calls.started_at) AS started_on, calls.trace_id, calls.span_id, now('UTC') AS received_at
FROM ${database}.llm_calls_unpriced${local} AS calls
