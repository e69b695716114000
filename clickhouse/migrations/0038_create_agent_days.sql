-- What the calls of every path of agents came to on a day, kept ready by roll_up_agents.
CREATE TABLE IF NOT EXISTS ${database}.agent_days${local} ${on_cluster}
(
    day Date,
    agent_path Array(LowCardinality(String)) COMMENT 'Agents from the root to the one that made the calls',
    agent_name LowCardinality(String) COMMENT 'Empty: none known',
    calls UInt64 COMMENT 'Billed calls; 0: there were some, and are no longer',
    unpriced_calls UInt64 COMMENT 'Calls without usage or without a price',
    input_tokens Nullable(UInt64) COMMENT 'NULL: no call says',
    output_tokens Nullable(UInt64) COMMENT 'NULL: no call says',
    known_cost_usd Decimal(38, 15),
    rolled_up_at DateTime64(3, 'UTC') COMMENT 'When the day was added up: it has not changed since',
    stored_rows UInt64 COMMENT 'Rows of llm_calls of that day then, versions included',
    stored_versions UInt64 COMMENT 'Sum of their versions',
    is_settled Bool COMMENT 'The day looked the same the time before'
)
ENGINE = ${replicated}ReplacingMergeTree(rolled_up_at)
ORDER BY (day, agent_path, agent_name)
COMMENT 'Grain: one row per day, path of agents and agent (read with FINAL); on a cluster, per shard, too';
