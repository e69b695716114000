-- Where landing is a table of somebody else's: the hours of it that have been read into the facts, so that reading what
-- was there before goes on where it was interrupted.
CREATE TABLE IF NOT EXISTS ${database}.landing_hours ${on_cluster}
(
    landing String COMMENT 'database.table',
    hour DateTime('UTC'),
    spans UInt64,
    read_at DateTime('UTC') DEFAULT now()
)
ENGINE = ${replicated}ReplacingMergeTree(read_at)
ORDER BY (landing, hour)
COMMENT 'Grain: one row per hour of a landing table that has been read whole (read with FINAL)';
