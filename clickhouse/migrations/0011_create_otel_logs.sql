-- The landing of logs: the ClickHouse exporter's own columns, unaltered, and nothing kept. Programs write prompts,
-- commands and their output into logs, some by default: what reports a call, a tool or an agent lands as a
-- span among the others (read_logs), by its known attributes alone, and the rest passes.
CREATE TABLE IF NOT EXISTS ${database}.otel_logs${local} ${on_cluster}
(
    Timestamp DateTime64(9),
    TraceId String,
    SpanId String,
    TraceFlags UInt8,
    SeverityText LowCardinality(String),
    SeverityNumber UInt8,
    ServiceName LowCardinality(String),
    Body String,
    ResourceSchemaUrl LowCardinality(String),
    ResourceAttributes Map(LowCardinality(String), String),
    ScopeSchemaUrl LowCardinality(String),
    ScopeName String,
    ScopeVersion LowCardinality(String),
    ScopeAttributes Map(LowCardinality(String), String),
    LogAttributes Map(LowCardinality(String), String),
    EventName String
)
ENGINE = Null
COMMENT 'Log records on their way to otel_traces. Grain: one row per delivery of a record';
