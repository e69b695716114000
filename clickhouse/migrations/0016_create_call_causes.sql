-- Why the tokens and fees of each call were paid for. Counts only: money follows from the card of the call, so
-- a call that is priced again needs no new causes.
CREATE TABLE IF NOT EXISTS ${database}.call_causes${local} ${on_cluster}
(
    started_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    trace_id UUID CODEC(ZSTD(1)),
    span_id UInt64 CODEC(NONE),
    version UInt64 COMMENT 'Second in which it was explained' CODEC(ZSTD(1)),
    prompt_end UInt64 COMMENT 'Fingerprint of the whole prompt; 0: not recorded' CODEC(NONE),
    provider LowCardinality(String),
    model LowCardinality(String),
    agent_run_id String CODEC(ZSTD(1)),
    input_tokens UInt64 CODEC(T64, ZSTD(1)),
    cached_tokens UInt64 COMMENT 'Input read from or written to the cache' CODEC(T64, ZSTD(1)),
    re_read_tokens UInt64 COMMENT 'Input that an earlier call had read already, paid in full or from the cache' CODEC(T64, ZSTD(1)),
    causes Array(LowCardinality(String)) COMMENT 'See cause_cost; with components and counts one entry each' CODEC(ZSTD(3)),
    components Array(LowCardinality(String)) COMMENT 'Price component: column of price_cards' CODEC(ZSTD(3)),
    counts Array(UInt64) COMMENT 'Tokens, requests or sessions. They sum to the counts of the call' CODEC(ZSTD(3))
)
ENGINE = ${replicated}ReplacingMergeTree(version)
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
COMMENT 'Grain: one row per billed call (read with FINAL)';

-- Finds the earlier call whose whole prompt a later prompt begins with, in whatever trace. Small granules: it is
-- read at many single places.
CREATE TABLE IF NOT EXISTS ${database}.prompt_ends${local} ${on_cluster}
(
    prompt_end UInt64 CODEC(NONE),
    provider LowCardinality(String),
    model LowCardinality(String),
    started_at DateTime64(9, 'UTC') CODEC(ZSTD(1)),
    trace_id UUID CODEC(ZSTD(1)),
    span_id UInt64 CODEC(NONE),
    input_tokens UInt64 CODEC(T64, ZSTD(1)),
    cached_tokens UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = ${replicated}ReplacingMergeTree
PARTITION BY toMonday(started_at)
ORDER BY (prompt_end, provider, model, started_at, span_id)
SETTINGS index_granularity = 256
COMMENT 'Grain: one row per answered call that says how its prompt was made';
