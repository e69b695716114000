CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.write_spans ${on_cluster} TO ${database}.spans${local}
AS
SELECT
    received.started_at, received.trace_id, received.span_id, received.parent_span_id, received.duration_ns,
    received.kind, received.name, received.service_name, received.scope_name, received.emitter, received.agent_name,
    received.stamped_path AS agent_path, received.agent_run_id, received.agent_parent_run_id, received.agent_step,
    received.customer_id, received.feature_name, received.task_id, received.conversation_id,
    received.process_id, received.sequence, received.status
FROM ${database}.spans_received${local} AS received
