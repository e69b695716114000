-- The prices in force at an instant, each with where it was read and when somebody last checked.
-- Grain: one row per model, region, service tier, component and context band in which its price changes.
-- Excludes: catalogues that a newer one replaced, and components priced as another one: price_explanation has them. Models are those whose name contains the given text.
CREATE VIEW IF NOT EXISTS ${database}.price_list ${on_cluster}
AS
WITH
    (SELECT max(catalogues.price_version) FROM ${database}.price_catalogues AS catalogues) AS newest,
    in_force AS
    (
        SELECT cards.price_card_id AS price_card_id
        FROM ${database}.price_cards AS cards
        WHERE cards.price_version = newest AND positionCaseInsensitive(cards.model, {model:String}) > 0
            AND cards.valid_from <= {at:DateTime64(9, 'UTC')}
        ORDER BY cards.valid_from DESC
        LIMIT 1 BY cards.provider, cards.model, cards.region, cards.service_tier
    )
SELECT
    points.provider AS provider,
    points.model AS model,
    points.region AS region,
    points.service_tier AS service_tier,
    points.component AS component,
    points.context_from AS context_from,
    CAST(points.price_usd AS Decimal(38, 15)) * 1000000 AS usd_per_million,
    points.valid_from AS valid_from,
    points.layer AS layer,
    points.source AS source,
    points.checked_on AS checked_on,
    points.confidence AS confidence
FROM ${database}.price_points AS points
WHERE points.price_version = newest AND points.price_card_id IN (SELECT in_force.price_card_id FROM in_force)
ORDER BY points.provider, points.model, points.region, points.service_tier, points.component, points.context_from
