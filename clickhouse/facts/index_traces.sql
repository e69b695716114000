CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.index_traces ${on_cluster} TO ${database}.trace_days${local}
AS
SELECT
    received.trace_id AS trace_id,
    toDate(received.started_at) AS started_on,
    now('UTC') AS received_at,
    max(NOT startsWith(received.scope_name, '@tokenledger/') AND NOT startsWith(received.scope_name, 'tokenledger.import.')
        AND (received.kind IN ('llm_call', 'agent_run', 'tool_call') OR received.conversation_id != '' OR received.customer_id != '')) AS has_foreign
FROM ${database}.spans_received${local} AS received
GROUP BY trace_id, started_on
