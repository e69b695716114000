CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.write_agent_runs ${on_cluster} TO ${database}.agent_runs${local}
AS
SELECT
    received.started_at, received.trace_id, received.span_id, received.parent_span_id, received.duration_ns,
    -- A run reported again when it has gone on for longer is more complete: tenths of seconds, above the jobs' milliseconds.
    bitShiftLeft(least(intDiv(received.duration_ns, 100000000), 16777215), 40) AS version,
    received.scope_name, received.service_name, received.agent_name, received.agent_path, received.agent_run_id,
    received.agent_parent_run_id, received.handoff_from, received.customer_id, received.feature_name, received.task_id,
    received.attributes['tokenledger.task.outcome'] AS task_outcome,
    received.status, received.error_type
FROM ${database}.spans_received${local} AS received
WHERE received.kind = 'agent_run'
