-- How old the prices are that calls were priced with, and which calls an earlier catalogue priced.
-- Grain: one row per model as the catalogue calls it, service tier, region of the price, and whether the catalogue that priced is the one in force.
-- Excludes: calls without a price: price_coverage counts them. oldest_check is 1970-01-01 where a source does not say when it was checked, and NULL where the catalogue does not say what its prices rest on.
CREATE VIEW IF NOT EXISTS ${database}.price_age ${on_cluster}
AS
WITH
    (SELECT max(catalogues.price_version) FROM ${database}.price_catalogues AS catalogues) AS newest,
    used AS
    (
        SELECT calls.price_version AS price_version, calls.price_card_id AS price_card_id, count() AS calls, sum(calls.known_cost_usd) AS known_cost_usd
        FROM ${database}.llm_calls AS calls FINAL
        WHERE calls.billed_by = 0 AND calls.price_card_id != 0
            AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
        GROUP BY calls.price_version, calls.price_card_id
    ),
    cards AS
    (
        SELECT
            all_cards.price_version AS price_version, all_cards.price_card_id AS price_card_id, any(all_cards.provider) AS provider,
            any(all_cards.model) AS model, any(all_cards.service_tier) AS service_tier, any(all_cards.region) AS region
        FROM ${database}.price_cards AS all_cards
        WHERE (all_cards.price_version, all_cards.price_card_id) IN (SELECT used.price_version, used.price_card_id FROM used)
        GROUP BY all_cards.price_version, all_cards.price_card_id
    ),
    sources AS
    (
        SELECT
            points.price_version AS price_version, points.price_card_id AS price_card_id, toNullable(min(points.checked_on)) AS oldest_check,
            groupUniqArrayIf(toString(points.component), points.confidence = 'stale') AS stale_components
        FROM ${database}.price_points AS points
        WHERE (points.price_version, points.price_card_id) IN (SELECT used.price_version, used.price_card_id FROM used)
        GROUP BY points.price_version, points.price_card_id
    )
SELECT
    cards.provider AS provider,
    cards.model AS model,
    cards.service_tier AS service_tier,
    cards.region AS region,
    CAST(used.price_version = newest AS Bool) AS in_force,
    min(sources.oldest_check) AS oldest_check,
    arraySort(groupUniqArrayArray(sources.stale_components)) AS stale_components,
    sum(used.calls) AS calls,
    sum(used.known_cost_usd) AS known_cost_usd
FROM used
INNER JOIN cards ON cards.price_version = used.price_version AND cards.price_card_id = used.price_card_id
LEFT JOIN sources ON sources.price_version = used.price_version AND sources.price_card_id = used.price_card_id
GROUP BY cards.provider, cards.model, cards.service_tier, cards.region, in_force
ORDER BY in_force, known_cost_usd DESC, provider, model, service_tier, region
