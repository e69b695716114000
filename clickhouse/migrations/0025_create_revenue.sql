-- What customers paid. Spans do not know it: bring it in with `tokenledger import revenue FILE`, or INSERT.
CREATE TABLE IF NOT EXISTS ${database}.revenue ${on_cluster}
(
    customer_id String COMMENT 'As on the calls',
    feature_name String COMMENT 'As on the calls; empty: paid by the customer for everything',
    starts_at DateTime('UTC') COMMENT 'Start of what was paid for',
    ends_at DateTime('UTC') COMMENT 'Its end, exclusive. Revenue is earned evenly in between',
    revenue_usd Decimal(38, 15),
    source String COMMENT 'An invoice, a plan: tells rows of one period apart',
    recorded_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'),
    CONSTRAINT ends_at_is_after_starts_at CHECK ends_at > starts_at
)
ENGINE = ${replicated}ReplacingMergeTree(recorded_at)
ORDER BY (customer_id, feature_name, starts_at, ends_at, source)
COMMENT 'Grain: one row per customer, feature, period and source (read with FINAL): loading one again corrects it';
