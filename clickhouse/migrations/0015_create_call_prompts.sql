-- How each prompt was made: the pieces of it in the order in which providers cache them. The lists run over the
-- same pieces. Fingerprints are equal where texts are, and tell nothing else.
CREATE TABLE IF NOT EXISTS ${database}.call_prompts${local} ${on_cluster}
(
    started_at DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    trace_id UUID CODEC(ZSTD(1)),
    span_id UInt64 CODEC(NONE),
    segment_kinds String COMMENT 'One letter a piece: s system, d tool definition, u user, a assistant, r tool result, c retrieved context, m media, h older pieces merged' CODEC(ZSTD(3)),
    segment_tokens Array(UInt32) COMMENT 'Estimated tokens of each piece: shares of the billed input, no bill themselves' CODEC(ZSTD(3)),
    segment_markup Array(UInt8) COMMENT 'Per cent of each piece that is brackets, quotes, tags and other structure' CODEC(ZSTD(3)),
    segment_fingerprints Array(UInt64) COMMENT 'Of each piece, wherever it stands' CODEC(ZSTD(3)),
    prefix_fingerprints Array(UInt64) COMMENT 'Of the prompt up to and including each piece' CODEC(ZSTD(3)),
    tool_names Array(LowCardinality(String)) COMMENT 'Tools of the pieces d and r, in order' CODEC(ZSTD(3)),
    new_chunks Array(UInt64) COMMENT 'Content-defined chunks of what is new since the model last spoke' CODEC(ZSTD(3)),
    new_simhash UInt64 COMMENT 'SimHash of what is new; 0: too little text' CODEC(NONE),
    retrieval_used Nullable(UInt8) COMMENT 'Per cent of the new retrieved context that the answer repeats. NULL: nothing was retrieved' CODEC(ZSTD(1)),
    answer_fingerprints Array(UInt64) CODEC(ZSTD(3)),
    answer_tokens Array(UInt32) COMMENT 'Estimated tokens of each piece of the answer' CODEC(ZSTD(3)),
    answer_markup Array(UInt8) CODEC(ZSTD(3)),
    answer_chunks Array(UInt64) CODEC(ZSTD(3)),
    asked_tools Array(LowCardinality(String)) COMMENT 'Tools that the answer asks for' CODEC(ZSTD(3))
)
ENGINE = ${replicated}ReplacingMergeTree
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
COMMENT 'Grain: one row per span that says how its prompt was made (read with FINAL)';
