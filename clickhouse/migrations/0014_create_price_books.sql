-- Catalogues to price earlier calls with, on request. They are never in force for new ones.
CREATE TABLE IF NOT EXISTS ${database}.price_books ${on_cluster}
(
    price_version UInt32 COMMENT 'Second of publication; the rows are in price_points, price_cards and model_names',
    content_hash String COMMENT 'SHA-256 of its rows, or of what they are made of',
    sources Array(String) COMMENT 'What it was compiled from, with versions',
    published_at DateTime('UTC') DEFAULT now('UTC')
)
ENGINE = ${replicated}ReplacingMergeTree
ORDER BY price_version
COMMENT 'Grain: one row per book beside the published catalogues. Written last: a book without its row is not whole';
