-- What may be spent. Bring it in with `tokenledger import budgets FILE`, or INSERT.
CREATE TABLE IF NOT EXISTS ${database}.budgets ${on_cluster}
(
    scope LowCardinality(String) COMMENT 'all, customer, feature or agent',
    name String COMMENT 'The customer, feature or agent; empty: all. An agent pays for those under it',
    period LowCardinality(String) COMMENT 'day, week, month, quarter or year, of the calendar in UTC; weeks start on Monday',
    valid_from Date COMMENT 'The row with the newest day that has come counts',
    limit_usd Nullable(Decimal(38, 15)) COMMENT 'NULL: from then on there is no budget',
    recorded_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'),
    CONSTRAINT scope_is_all_customer_feature_or_agent CHECK scope IN ('all', 'customer', 'feature', 'agent'),
    CONSTRAINT only_all_has_no_name CHECK (scope = 'all') = (name = ''),
    CONSTRAINT period_is_day_week_month_quarter_or_year CHECK period IN ('day', 'week', 'month', 'quarter', 'year'),
    CONSTRAINT limit_usd_is_above_zero CHECK ifNull(limit_usd, 1) > 0
)
ENGINE = ${replicated}ReplacingMergeTree(recorded_at)
ORDER BY (scope, name, period, valid_from)
COMMENT 'Grain: one row per budget and day from which it holds (read with FINAL): loading one again corrects it';
