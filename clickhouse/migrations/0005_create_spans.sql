CREATE TABLE IF NOT EXISTS ${database}.spans${local} ${on_cluster}
(
    started_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    trace_id UUID CODEC(ZSTD(1)),
    span_id UInt64 CODEC(NONE),
    parent_span_id UInt64 CODEC(ZSTD(1)),
    duration_ns UInt64 CODEC(T64, ZSTD(1)),
    kind LowCardinality(String) COMMENT 'llm_call, agent_run, tool_call or other',
    name LowCardinality(String),
    service_name LowCardinality(String),
    scope_name LowCardinality(String),
    agent_name LowCardinality(String),
    agent_run_id String CODEC(ZSTD(1)),
    process_id LowCardinality(String) COMMENT 'Process that made the span; empty: not stamped by Tokenledger',
    sequence UInt64 COMMENT 'Place among the spans of its process, from 1: gaps are losses' CODEC(T64, ZSTD(1)),
    status LowCardinality(String),
    received_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ${replicated}ReplacingMergeTree
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
COMMENT 'The slim tree. Grain: one row per span (read with FINAL)';
