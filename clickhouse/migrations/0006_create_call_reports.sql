-- Finds the reports of one call across traces and days without reading llm_calls.
CREATE TABLE IF NOT EXISTS ${database}.call_reports${local} ${on_cluster}
(
    call_key UInt64 COMMENT 'As in llm_calls' CODEC(ZSTD(1)),
    started_on Date COMMENT 'With trace_id and span_id: the row of llm_calls' CODEC(ZSTD(1)),
    trace_id UUID CODEC(ZSTD(1)),
    span_id UInt64 CODEC(NONE),
    received_at DateTime('UTC') COMMENT 'When the report was last written: what the election looks at' CODEC(Delta(4), ZSTD(1))
)
ENGINE = ${replicated}ReplacingMergeTree(received_at)
ORDER BY (call_key, started_on, trace_id, span_id)
COMMENT 'Grain: one row per call and span that reports it';
