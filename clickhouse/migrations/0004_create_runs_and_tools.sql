CREATE TABLE IF NOT EXISTS ${database}.agent_runs${local} ${on_cluster}
(
    started_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    trace_id UUID CODEC(ZSTD(1)),
    span_id UInt64 CODEC(NONE),
    parent_span_id UInt64 CODEC(ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    duration_ns UInt64 CODEC(T64, ZSTD(1)),
    scope_name LowCardinality(String),
    service_name LowCardinality(String),
    agent_name LowCardinality(String),
    agent_path Array(LowCardinality(String)) CODEC(ZSTD(1)),
    agent_run_id String CODEC(ZSTD(1)),
    agent_parent_run_id String CODEC(ZSTD(1)),
    handoff_from LowCardinality(String),
    customer_id String CODEC(ZSTD(1)),
    feature_name LowCardinality(String),
    task_id String CODEC(ZSTD(1)),
    task_outcome LowCardinality(String),
    status LowCardinality(String) COMMENT 'Unset, Ok, Error',
    error_type LowCardinality(String)
)
ENGINE = ${replicated}ReplacingMergeTree(version)
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
COMMENT 'Grain: one row per run of an agent (read with FINAL)';

CREATE TABLE IF NOT EXISTS ${database}.tool_calls${local} ${on_cluster}
(
    started_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    trace_id UUID CODEC(ZSTD(1)),
    span_id UInt64 CODEC(NONE),
    parent_span_id UInt64 CODEC(ZSTD(1)),
    version UInt64 CODEC(ZSTD(1)),
    duration_ns UInt64 CODEC(T64, ZSTD(1)),
    scope_name LowCardinality(String),
    service_name LowCardinality(String),
    tool_name LowCardinality(String),
    tool_call_id String CODEC(ZSTD(1)),
    origin_span_id UInt64 COMMENT 'Model call that asked for it; 0 unknown' CODEC(ZSTD(1)),
    agent_name LowCardinality(String),
    agent_path Array(LowCardinality(String)) CODEC(ZSTD(1)),
    agent_run_id String CODEC(ZSTD(1)),
    agent_step UInt32 CODEC(T64, ZSTD(1)),
    customer_id String CODEC(ZSTD(1)),
    feature_name LowCardinality(String),
    task_id String CODEC(ZSTD(1)),
    status LowCardinality(String),
    error_type LowCardinality(String)
)
ENGINE = ${replicated}ReplacingMergeTree(version)
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
COMMENT 'Grain: one row per execution of a tool (read with FINAL)';
