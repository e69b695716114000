-- Published catalogues. A catalogue is complete and immutable; the newest one prices new calls.
CREATE TABLE IF NOT EXISTS ${database}.price_catalogues ${on_cluster}
(
    price_version UInt32 COMMENT 'Second of publication',
    content_hash String COMMENT 'SHA-256 of its rows: publishing the same rows again changes nothing',
    sources Array(String) COMMENT 'What it was compiled from, with versions',
    published_at DateTime('UTC') DEFAULT now('UTC')
)
ENGINE = ${replicated}ReplacingMergeTree
ORDER BY price_version
COMMENT 'Grain: one row per published price catalogue. Written last: a catalogue without its row is not in force';

CREATE TABLE IF NOT EXISTS ${database}.price_points ${on_cluster}
(
    price_version UInt32,
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name',
    model LowCardinality(String) COMMENT 'Canonical name: see model_names',
    region LowCardinality(String) COMMENT 'Empty: anywhere',
    service_tier LowCardinality(String) COMMENT 'standard, batch, flex, priority, fast',
    component LowCardinality(String) COMMENT 'Component of core token-classes, or request',
    context_from UInt64 COMMENT 'Applies to requests of at least so many input tokens, cache included',
    valid_from DateTime('UTC'),
    price_usd Decimal(18, 15) COMMENT 'USD per ONE token, request or session',
    layer LowCardinality(String) COMMENT 'genai-prices, overlay or user: later layers win',
    source String COMMENT 'Where the price was read',
    checked_on Date COMMENT 'When somebody last compared it with the source',
    confidence LowCardinality(String) COMMENT 'explicit, derived (by a published rule) or stale'
)
ENGINE = ${replicated}MergeTree
ORDER BY (price_version, provider, model, service_tier, region, component, valid_from, context_from)
COMMENT 'Grain: one row per dated price of one component';

-- What calls are priced with: one row per model, region, tier and validity. Every component is an array
-- over the context bands in context_from, NULL where it has no price. Fallbacks (a cache read without a
-- price costs an input token, reasoning costs output) are already applied, by packages/prices.
CREATE TABLE IF NOT EXISTS ${database}.price_cards ${on_cluster}
(
    price_version UInt32,
    price_card_id UInt64 COMMENT 'Hash of the content: equal cards of two catalogues are one card',
    provider LowCardinality(String),
    model LowCardinality(String),
    region LowCardinality(String),
    service_tier LowCardinality(String),
    valid_from DateTime('UTC'),
    context_from Array(UInt64),
    input Array(Nullable(Decimal(18, 15))),
    cache_read Array(Nullable(Decimal(18, 15))),
    cache_write Array(Nullable(Decimal(18, 15))),
    cache_write_5m Array(Nullable(Decimal(18, 15))),
    cache_write_30m Array(Nullable(Decimal(18, 15))),
    cache_write_1h Array(Nullable(Decimal(18, 15))),
    cache_write_12h Array(Nullable(Decimal(18, 15))),
    input_audio Array(Nullable(Decimal(18, 15))),
    cache_read_audio Array(Nullable(Decimal(18, 15))),
    input_image Array(Nullable(Decimal(18, 15))),
    input_video Array(Nullable(Decimal(18, 15))),
    input_document Array(Nullable(Decimal(18, 15))),
    input_tool_use Array(Nullable(Decimal(18, 15))),
    output Array(Nullable(Decimal(18, 15))),
    reasoning Array(Nullable(Decimal(18, 15))),
    output_audio Array(Nullable(Decimal(18, 15))),
    output_image Array(Nullable(Decimal(18, 15))),
    prediction_accepted Array(Nullable(Decimal(18, 15))),
    prediction_rejected Array(Nullable(Decimal(18, 15))),
    web_search Array(Nullable(Decimal(18, 15))),
    web_fetch Array(Nullable(Decimal(18, 15))),
    file_search Array(Nullable(Decimal(18, 15))),
    code_execution Array(Nullable(Decimal(18, 15))),
    request Array(Nullable(Decimal(18, 15))) COMMENT 'Fee per request, NULL or 0 where there is none'
)
ENGINE = ${replicated}MergeTree
ORDER BY (price_version, provider, model, region, service_tier, valid_from)
COMMENT 'Grain: one row per model, region, service tier and start of validity';

CREATE TABLE IF NOT EXISTS ${database}.model_names ${on_cluster}
(
    price_version UInt32,
    provider LowCardinality(String),
    name String COMMENT 'As reported, lower case',
    kind LowCardinality(String) COMMENT 'exact, or prefix: the longest prefix that matches wins',
    model LowCardinality(String) COMMENT 'As price_cards calls it'
)
ENGINE = ${replicated}MergeTree
ORDER BY (price_version, provider, name)
COMMENT 'Grain: one row per way a model is spelled';
