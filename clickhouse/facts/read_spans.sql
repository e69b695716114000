-- Identity, kind and labels of every span, whatever its dialect. Total: no attribute can fail an insert.
-- Left out: spans whose ids are not hexadecimal numbers other than zero (counted by delivery_health).
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.read_spans ${on_cluster} TO ${database}.spans_received
AS
WITH
    spans.SpanAttributes AS attribute,
    spans.ResourceAttributes AS resource,
    attribute['gen_ai.operation.name'] AS reported_operation,
    transform(attribute['llm.request.type'], ['chat', 'completion', 'embedding'], ['chat', 'text_completion', 'embeddings'], '') AS legacy_operation,
    firstNonDefault(reported_operation, legacy_operation) AS span_operation,
    JSONExtract(attribute['tokenledger.agent.path'], 'Array(String)') AS stamped_path,
    firstNonDefault(attribute['gen_ai.agent.name'], if(empty(stamped_path), '', stamped_path[-1])) AS span_agent
SELECT
    spans.Timestamp AS started_at,
    toUUIDOrZero(spans.TraceId) AS trace_id,
    reinterpretAsUInt64(reverse(unhex(spans.SpanId))) AS span_id,
    if(match(spans.ParentSpanId, '^[0-9a-fA-F]{16}$'), reinterpretAsUInt64(reverse(unhex(spans.ParentSpanId))), 0) AS parent_span_id,
    spans.Duration AS duration_ns,
    span_operation AS operation,
    multiIf(
        span_operation IN ('chat', 'text_completion', 'embeddings', 'generate_content')
            AND attribute['tokenledger.usage.scope'] NOT IN ('aggregate', 'remote_agent'), 'llm_call',
        span_operation = 'invoke_agent', 'agent_run',
        span_operation = 'execute_tool', 'tool_call',
        'other') AS kind,
    spans.SpanName AS name,
    spans.ScopeName AS scope_name,
    spans.ScopeVersion AS scope_version,
    spans.ServiceName AS service_name,
    firstNonDefault(resource['deployment.environment.name'], resource['deployment.environment']) AS environment,
    attribute['tokenledger.process.id'] AS process_id,
    toUInt64OrZero(attribute['tokenledger.sequence']) AS sequence,
    span_agent AS agent_name,
    if(span_agent = '' OR (notEmpty(stamped_path) AND stamped_path[-1] = span_agent), stamped_path, arrayPushBack(stamped_path, span_agent)) AS agent_path,
    attribute['tokenledger.agent.run_id'] AS agent_run_id,
    attribute['tokenledger.agent.parent_run_id'] AS agent_parent_run_id,
    toUInt32OrZero(attribute['tokenledger.agent.step']) AS agent_step,
    attribute['tokenledger.handoff.from'] AS handoff_from,
    attribute['tokenledger.customer.id'] AS customer_id,
    attribute['tokenledger.feature.name'] AS feature_name,
    attribute['tokenledger.task.id'] AS task_id,
    spans.StatusCode AS status,
    attribute['error.type'] AS error_type,
    attribute AS attributes
FROM ${database}.otel_traces${local} AS spans
WHERE match(spans.SpanId, '^[0-9a-fA-F]{16}$') AND spans.SpanId != '0000000000000000'
    AND match(spans.TraceId, '^[0-9a-fA-F]{32}$') AND spans.TraceId != '00000000000000000000000000000000'
