-- Which price catalogues there are, which of them prices new calls, and what each has priced.
-- Grain: one row per published catalogue, and per book that is for repricing alone, newest first.
-- Excludes: calls without a price, which no catalogue priced: price_coverage counts them.
CREATE VIEW IF NOT EXISTS ${database}.catalogue_use ${on_cluster}
AS
WITH
    published AS
    (
        SELECT catalogues.price_version AS price_version, 'catalogue' AS kind, any(catalogues.sources) AS sources
        FROM ${database}.price_catalogues AS catalogues
        GROUP BY catalogues.price_version
        UNION ALL
        SELECT books.price_version, 'book', any(books.sources)
        FROM ${database}.price_books AS books
        GROUP BY books.price_version
    ),
    used AS
    (
        SELECT calls.price_version AS price_version, count() AS calls, sum(calls.known_cost_usd) AS known_cost_usd
        FROM ${database}.llm_calls AS calls FINAL
        WHERE calls.billed_by = 0 AND calls.price_version != 0
            AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
        GROUP BY calls.price_version
    )
SELECT
    published.price_version AS price_version,
    published.kind AS kind,
    CAST(published.price_version = (SELECT max(catalogues.price_version) FROM ${database}.price_catalogues AS catalogues) AS Bool) AS in_force,
    published.sources AS sources,
    used.calls AS calls,
    used.known_cost_usd AS known_cost_usd
FROM published
LEFT JOIN used ON used.price_version = published.price_version
ORDER BY published.price_version DESC
