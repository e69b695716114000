-- Why the money was spent: what every token and fee was paid for.
-- Grain: one row per day, agent, customer, feature and cause; the causes are listed at explain_calls. Add them up as you like: they sum to the cost of all calls, to the last digit.
-- Excludes: nothing. Calls that are not explained yet (a job does it every few seconds), or that do not say how their prompt was made, stand under unexplained. cost_usd is NULL where a part has no price: unpriced counts such tokens and fees, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.cause_cost ${on_cluster}
AS
WITH
    cards AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            any([
                cards.input, cards.cache_read, cards.cache_write, cards.cache_write_5m,
                cards.cache_write_30m, cards.cache_write_1h, cards.cache_write_12h, cards.input_audio,
                cards.cache_read_audio, cards.input_image, cards.input_video, cards.input_document,
                cards.input_tool_use, cards.output, cards.reasoning, cards.output_audio,
                cards.output_image, cards.prediction_accepted, cards.prediction_rejected,
                cards.web_search, cards.web_fetch, cards.file_search, cards.code_execution, cards.request
            ]) AS prices
        FROM ${database}.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    explained AS
    (
        SELECT
            toDate(billed.started_at) AS day, billed.agent_name AS agent_name, billed.customer_id AS customer_id, billed.feature_name AS feature_name,
            billed.trace_id AS trace_id, billed.span_id AS span_id, billed.known_cost_usd AS known_cost_usd, billed.cost_usd IS NULL AS is_unpriced,
            billed.price_band AS price_band, cards.prices AS prices, empty(why.causes) AS is_unexplained,
            ifNull(billed.input_tokens, 0) + ifNull(billed.output_tokens, 0) AS tokens, why.causes AS causes, why.components AS components, why.counts AS counts
        FROM
        (
            SELECT billed.*
            FROM ${database}.llm_calls AS billed FINAL
            WHERE billed.billed_by = 0
                AND billed.started_at >= {from:DateTime64(9, 'UTC')} AND billed.started_at < {to:DateTime64(9, 'UTC')}
        ) AS billed
        LEFT JOIN
        (
            SELECT why.*
            FROM ${database}.call_causes AS why FINAL
            WHERE why.started_at >= {from:DateTime64(9, 'UTC')} AND why.started_at < {to:DateTime64(9, 'UTC')}
        ) AS why
            ON why.trace_id = billed.trace_id AND why.span_id = billed.span_id AND why.started_at = billed.started_at
        LEFT JOIN cards ON cards.price_card_id = billed.price_card_id
    ),
    paid AS
    (
        SELECT
            explained.day AS day, explained.agent_name AS agent_name, explained.customer_id AS customer_id, explained.feature_name AS feature_name,
            explained.trace_id AS trace_id, explained.span_id AS span_id,
            part.cause AS cause, if(part.is_fee, 0, part.count) AS tokens, if(part.is_fee, part.count, 0) AS fees,
            if(explained.is_unpriced AND part.price IS NULL, part.count, 0) AS unpriced,
            multiIf(
                explained.is_unexplained, explained.known_cost_usd,
                -- A call that was refused cost nothing, whatever a request costs.
                explained.known_cost_usd = 0, toDecimal128(0, 15),
                ifNull(toDecimal128(part.count, 0) * part.price, toDecimal128(0, 15))) AS known_cost_usd
        FROM explained
        ARRAY JOIN
            if(explained.is_unexplained,
                [('unexplained', '', explained.tokens, false, NULL)],
                arrayMap(
                    (cause, component, count) -> (cause, component, count, component IN ('web_search', 'web_fetch', 'file_search', 'code_execution', 'request'),
                        explained.prices[indexOf(['input', 'cache_read', 'cache_write', 'cache_write_5m', 'cache_write_30m', 'cache_write_1h', 'cache_write_12h', 'input_audio', 'cache_read_audio', 'input_image', 'input_video', 'input_document', 'input_tool_use', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'], component)][explained.price_band]),
                    explained.causes, explained.components, explained.counts)
            )::Array(Tuple(cause String, component String, count UInt64, is_fee Bool, price Nullable(Decimal(18, 15)))) AS part
        -- Hardly a provider charges for the request as such.
        WHERE part.component != 'request' OR ifNull(part.price, 0) > 0
    )
SELECT
    paid.day AS day,
    paid.agent_name AS agent_name,
    paid.customer_id AS customer_id,
    paid.feature_name AS feature_name,
    paid.cause AS cause,
    uniqExact((paid.trace_id, paid.span_id)) AS calls,
    sum(paid.tokens) AS tokens,
    sum(paid.fees) AS fees,
    sum(paid.unpriced) AS unpriced,
    if(unpriced = 0, sum(paid.known_cost_usd), NULL) AS cost_usd,
    sum(paid.known_cost_usd) AS known_cost_usd
FROM paid
GROUP BY paid.day, paid.agent_name, paid.customer_id, paid.feature_name, paid.cause
ORDER BY sum(paid.known_cost_usd) DESC, day, agent_name, customer_id, feature_name, cause
