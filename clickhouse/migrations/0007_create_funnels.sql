-- Tables that keep nothing: every fact passes through one of them, so that the identity and the labels
-- of a span are read in one place, and a call is priced in one place, whoever writes it.
CREATE TABLE IF NOT EXISTS ${database}.spans_received${local} ${on_cluster}
(
    started_at DateTime64(9, 'UTC'),
    trace_id UUID,
    span_id UInt64,
    parent_span_id UInt64,
    duration_ns UInt64,
    operation LowCardinality(String) COMMENT 'gen_ai.operation.name, old spellings mapped',
    kind LowCardinality(String) COMMENT 'llm_call, agent_run, tool_call or other',
    name LowCardinality(String),
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),
    service_name LowCardinality(String),
    environment LowCardinality(String),
    process_id LowCardinality(String),
    sequence UInt64,
    agent_name LowCardinality(String),
    agent_path Array(LowCardinality(String)),
    agent_run_id String,
    agent_parent_run_id String,
    agent_step UInt32,
    handoff_from LowCardinality(String),
    customer_id String,
    feature_name LowCardinality(String),
    task_id String,
    status LowCardinality(String),
    error_type LowCardinality(String),
    attributes Map(LowCardinality(String), String)
)
ENGINE = Null
COMMENT 'Spans on their way from landing to the facts. Grain: one row per delivery of a span with valid ids';

CREATE TABLE IF NOT EXISTS ${database}.llm_calls_unpriced${local} ${on_cluster}
AS ${database}.llm_calls${local}
ENGINE = Null
COMMENT 'Calls on their way to llm_calls: what is inserted here is priced by the catalogue in force';
