-- A price is a row for every card that rests on it, so that a card's prices lead to where they were read, and the
-- components that cost as much for want of a price of their own are named, not guessed.
ALTER TABLE ${database}.price_points ${on_cluster}
    ADD COLUMN IF NOT EXISTS price_card_id UInt64 COMMENT 'Row of price_cards; 0 in catalogues published before there was this column',
    ADD COLUMN IF NOT EXISTS stands_in_for Array(LowCardinality(String)) COMMENT 'Components without a price of their own, which cost as much';
ALTER TABLE ${database}.price_points ${on_cluster} COMMENT COLUMN valid_from 'Since when the source says so';
