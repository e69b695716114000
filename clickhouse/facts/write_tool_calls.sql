CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.write_tool_calls ${on_cluster} TO ${database}.tool_calls${local}
AS
WITH received.attributes['tokenledger.tool_call.origin_span_id'] AS origin
SELECT
    received.started_at, received.trace_id, received.span_id, received.parent_span_id, received.duration_ns,
    bitShiftLeft(least(intDiv(received.duration_ns, 100000000), 16777215), 40) AS version,
    received.scope_name, received.service_name,
    firstNonDefault(received.attributes['gen_ai.tool.name'], received.attributes['entity.name'], replaceOne(received.name, 'execute_tool ', '')) AS tool_name,
    received.attributes['gen_ai.tool.call.id'] AS tool_call_id,
    if(match(origin, '^[0-9a-fA-F]{16}$'), reinterpretAsUInt64(reverse(unhex(origin))), 0) AS origin_span_id,
    received.agent_name, received.agent_path, received.agent_run_id, received.agent_step, received.customer_id,
    received.feature_name, received.task_id, received.status, received.error_type
FROM ${database}.spans_received${local} AS received
WHERE received.kind = 'tool_call'
