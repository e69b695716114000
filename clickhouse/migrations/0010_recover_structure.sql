-- What a span says of its place and purpose, kept in the tree so that those beneath it can inherit it.
ALTER TABLE ${database}.spans${local} ${on_cluster}
    ADD COLUMN IF NOT EXISTS agent_path Array(LowCardinality(String)) COMMENT 'Agents from the root, as stamped by Tokenledger; empty: not stamped' CODEC(ZSTD(1)) AFTER agent_name,
    ADD COLUMN IF NOT EXISTS agent_parent_run_id String CODEC(ZSTD(1)) AFTER agent_run_id,
    ADD COLUMN IF NOT EXISTS agent_step UInt32 CODEC(T64, ZSTD(1)) AFTER agent_parent_run_id,
    ADD COLUMN IF NOT EXISTS customer_id String CODEC(ZSTD(1)) AFTER agent_step,
    ADD COLUMN IF NOT EXISTS feature_name LowCardinality(String) AFTER customer_id,
    ADD COLUMN IF NOT EXISTS task_id String CODEC(ZSTD(1)) AFTER feature_name,
    ADD COLUMN IF NOT EXISTS conversation_id String CODEC(ZSTD(1)) AFTER task_id;

ALTER TABLE ${database}.spans_received${local} ${on_cluster}
    ADD COLUMN IF NOT EXISTS stamped_path Array(LowCardinality(String)) AFTER agent_path,
    ADD COLUMN IF NOT EXISTS conversation_id String AFTER task_id;

ALTER TABLE ${database}.llm_calls${local} ${on_cluster}
    ADD COLUMN IF NOT EXISTS request_key UInt64 COMMENT 'Another name of the call: hash of request id and billed line; 0: no request id is known' CODEC(ZSTD(1)) AFTER call_key;

ALTER TABLE ${database}.llm_calls_unpriced${local} ${on_cluster}
    ADD COLUMN IF NOT EXISTS request_key UInt64 AFTER call_key;

-- The jobs look at what came in lately: without these indexes they would read the whole column.
ALTER TABLE ${database}.call_reports${local} ${on_cluster}
    ADD INDEX IF NOT EXISTS idx_received_at received_at TYPE minmax GRANULARITY 1;

CREATE TABLE IF NOT EXISTS ${database}.trace_days${local} ${on_cluster}
(
    trace_id UUID CODEC(ZSTD(1)),
    started_on Date CODEC(ZSTD(1)),
    received_at SimpleAggregateFunction(max, DateTime('UTC')) COMMENT 'When a span of this day was last written' CODEC(Delta(4), ZSTD(1)),
    has_foreign SimpleAggregateFunction(max, UInt8) COMMENT '1: spans that Tokenledger did not make say something of structure' CODEC(ZSTD(1)),
    INDEX idx_received_at received_at TYPE minmax GRANULARITY 1
)
ENGINE = ${replicated}AggregatingMergeTree
PARTITION BY toMonday(started_on)
ORDER BY (trace_id, started_on)
COMMENT 'Finds the days of a trace, and the traces whose structure may have changed. Grain: one row per trace and day (aggregate it)';

CREATE TABLE IF NOT EXISTS ${database}.structure_found${local} ${on_cluster}
(
    started_at DateTime64(9, 'UTC'),
    trace_id UUID,
    span_id UInt64,
    kind LowCardinality(String),
    agent_path Array(LowCardinality(String)),
    agent_run_id String,
    agent_parent_run_id String,
    agent_step UInt32,
    customer_id String,
    feature_name String,
    task_id String,
    conversation_id String,
    is_layered UInt8 COMMENT '1: a call directly around or beneath another call'
)
ENGINE = Null
COMMENT 'Places in the chain of agents, on their way to the facts. Grain: one row per call, run or tool call of a trace that was looked at';
