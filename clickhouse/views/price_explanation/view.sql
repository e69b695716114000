-- What a call of a model would be priced with at an instant, and how the catalogue came to it: which spelling the name was read by, which card, and where each price was read.
-- Grain: one row per provider that the catalogue knows the name of, component and context band in which its price changes. A provider without a card for the tier has one row, whose price_card_id is 0.
-- Excludes: catalogues that a newer one replaced, and components without a price. No row at all: no model of the catalogue is called so. An empty provider asks for all.
CREATE VIEW IF NOT EXISTS ${database}.price_explanation ${on_cluster}
AS
WITH
    (SELECT max(catalogues.price_version) FROM ${database}.price_catalogues AS catalogues) AS newest,
    lower({model:String}) AS asked_name,
    -- The rules of price_calls, in its order.
    named AS
    (
        SELECT names.provider AS provider, names.model AS model, names.name AS name, names.kind AS kind
        FROM ${database}.model_names AS names
        WHERE names.price_version = newest AND ({provider:String} = '' OR names.provider = {provider:String})
            AND if(names.kind = 'prefix',
                startsWith(asked_name, names.name),
                names.name IN (asked_name, replaceRegexpOne(asked_name, '[-@](20\\d{6}|20\\d{2}-\\d{2}-\\d{2})$', '')))
        ORDER BY length(names.name) DESC, names.kind = 'exact' DESC
        LIMIT 1 BY names.provider
    ),
    cards AS
    (
        SELECT
            all_cards.provider AS provider, all_cards.model AS model, all_cards.region AS region,
            all_cards.valid_from AS valid_from, all_cards.price_card_id AS price_card_id,
            all_cards.region = max(all_cards.region) OVER (PARTITION BY all_cards.provider, all_cards.model) AS is_nearest
        FROM ${database}.price_cards AS all_cards
        WHERE all_cards.price_version = newest AND all_cards.service_tier = {service_tier:String}
            AND all_cards.region IN ('', {region:String})
            AND (all_cards.provider, all_cards.model) IN (SELECT named.provider, named.model FROM named)
    ),
    card AS
    (
        SELECT cards.provider AS provider, cards.model AS model, cards.region AS region, cards.valid_from AS valid_from, cards.price_card_id AS price_card_id
        FROM cards
        WHERE cards.is_nearest AND cards.valid_from <= {at:DateTime64(9, 'UTC')}
        ORDER BY cards.valid_from DESC
        LIMIT 1 BY cards.provider, cards.model
    ),
    prices AS
    (
        SELECT
            points.price_card_id AS price_card_id, priced AS component, points.component AS priced_as, points.context_from AS context_from,
            CAST(points.price_usd AS Decimal(38, 15)) * 1000000 AS usd_per_million,
            points.valid_from AS valid_from, points.layer AS layer, points.source AS source, points.checked_on AS checked_on, points.confidence AS confidence
        FROM ${database}.price_points AS points
        ARRAY JOIN arrayConcat([points.component], points.stands_in_for) AS priced
        WHERE points.price_version = newest AND points.price_card_id IN (SELECT card.price_card_id FROM card)
    )
SELECT
    named.provider AS provider,
    named.model AS model,
    named.name AS spelling,
    named.kind AS spelling_kind,
    card.price_card_id AS price_card_id,
    card.region AS region,
    {service_tier:String} AS service_tier,
    card.valid_from AS card_valid_from,
    prices.component AS component,
    prices.priced_as AS priced_as,
    prices.context_from AS context_from,
    prices.usd_per_million AS usd_per_million,
    prices.valid_from AS valid_from,
    prices.layer AS layer,
    prices.source AS source,
    prices.checked_on AS checked_on,
    prices.confidence AS confidence
FROM named
LEFT JOIN card ON card.provider = named.provider AND card.model = named.model
LEFT JOIN prices ON prices.price_card_id = card.price_card_id
ORDER BY named.provider, prices.priced_as, prices.component != prices.priced_as, prices.component, prices.context_from
