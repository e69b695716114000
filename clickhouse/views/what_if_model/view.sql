-- What would the same calls have cost on another model?
-- Grain: one row per provider, model and agent, the largest saving first. Each call is priced by the card of the newest catalogue that was in force when it began, in its own tier and, where there is one, its own region; an empty provider asks each call's own. break_even_tokens: how many times as many tokens the other model may take before nothing is saved.
-- Assumes: exact arithmetic, if the other model takes as many tokens, cache hits and calls. Tokenizers differ, by a third and more between makers: hold break_even_tokens against that. Whether its answers would do is not in the ledger.
-- Excludes: embeddings. Calls without a price, now or on the other model, are counted in unpriced_calls, stay in what_if_cost_usd at what is known of them and save nothing.
CREATE VIEW IF NOT EXISTS ${database}.what_if_model ${on_cluster}
AS
WITH
    cards AS
    (
        SELECT cards.*
        FROM ${database}.card_prices AS cards
        INNER JOIN
        (
            SELECT names.provider AS provider, argMax(names.model, (length(names.name), names.kind = 'exact')) AS model
            FROM ${database}.model_names AS names
            WHERE names.price_version = (SELECT max(catalogues.price_version) FROM ${database}.price_catalogues AS catalogues)
                AND {provider:String} IN ('', names.provider)
                AND if(
                    names.kind = 'prefix',
                    startsWith(lower({model:String}), names.name),
                    names.name IN (lower({model:String}), replaceRegexpOne(lower({model:String}), '[-@](20\\d{6}|20\\d{2}-\\d{2}-\\d{2})$', '')))
            GROUP BY names.provider
        ) AS named ON named.provider = cards.provider AND named.model = cards.model
        WHERE cards.is_current
    ),
    compared AS
    (
        SELECT
            calls.provider AS provider, calls.model AS model, calls.agent_name AS agent_name,
            calls.cost_usd AS cost_usd, calls.known_cost_usd AS known_cost_usd, calls.counts AS counts,
            near.price_card_id != 0 AS is_near,
            if(is_near, near.context_from, anywhere.context_from) AS context_from,
            arrayResize(if(is_near, near.prices, anywhere.prices), length(counts)) AS prices,
            arrayLastIndex(from_tokens -> from_tokens <= ifNull(calls.input_tokens, 0), context_from) AS band,
            if(
                calls.cost_usd IS NULL OR arrayExists((count, bands) -> count > 0 AND bands[band] IS NULL, counts, prices),
                NULL,
                arraySum((count, bands) -> toDecimal128(count, 0) * ifNull(bands[band], 0), counts, prices)) AS alternative_usd
        FROM
        (
            SELECT calls.*, if({provider:String} = '', toString(calls.provider), {provider:String}) AS other_provider
            FROM ${database}.billed_classes(
                from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
                in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
            WHERE calls.operation != 'embeddings'
        ) AS calls
        ASOF LEFT JOIN cards AS near
            ON near.provider = calls.other_provider AND near.service_tier = calls.service_tier AND near.region = calls.region
                AND near.valid_from <= toDateTime(calls.started_at, 'UTC')
        ASOF LEFT JOIN (SELECT cards.* FROM cards WHERE cards.region = '') AS anywhere
            ON anywhere.provider = calls.other_provider AND anywhere.service_tier = calls.service_tier
                AND anywhere.valid_from <= toDateTime(calls.started_at, 'UTC')
    )
SELECT
    compared.provider AS provider,
    compared.model AS model,
    compared.agent_name AS agent_name,
    count() AS calls,
    countIf(compared.alternative_usd != compared.known_cost_usd) AS changed_calls,
    countIf(compared.alternative_usd IS NULL) AS unpriced_calls,
    if(countIf(compared.cost_usd IS NULL) = 0, sum(compared.cost_usd), NULL) AS cost_usd,
    sum(compared.known_cost_usd) AS known_cost_usd,
    sum(ifNull(compared.alternative_usd, compared.known_cost_usd)) AS what_if_cost_usd,
    sum(compared.known_cost_usd) - sum(ifNull(compared.alternative_usd, compared.known_cost_usd)) AS saved_usd,
    round(toFloat64(sumIf(compared.known_cost_usd, compared.alternative_usd IS NOT NULL)) / nullIf(toFloat64(sum(compared.alternative_usd)), 0), 3) AS break_even_tokens
FROM compared
GROUP BY compared.provider, compared.model, compared.agent_name
ORDER BY saved_usd DESC, provider, model, agent_name
