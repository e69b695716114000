-- Of which parts the cost of each call is made: its tokens and fees with their causes and prices, call by call.
-- Grain: one row per call, of one trace, or of all where trace_id is ''; causes, components, tokens, fees, is_unknown and known_costs_usd are lists over its parts, which sum to the cost of the call to the last digit. The causes are listed at explain_calls. call_cause_cost has a row for each part.
-- Excludes: nothing. Calls that are not explained yet (a job does it every minute), or that do not say how their prompt was made, have one part, unexplained, and so has usage that was not reported, with 0 tokens. Unknown parts are not reported or have no price.
CREATE VIEW IF NOT EXISTS ${database}.call_cause_parts ${on_cluster}
AS
WITH
    [
        'input', 'cache_read', 'cache_write', 'cache_write_5m', 'cache_write_30m', 'cache_write_1h',
        'cache_write_12h', 'input_audio', 'cache_read_audio', 'input_image', 'input_video', 'input_document',
        'input_tool_use', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted',
        'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'
    ] AS priced,
    ['web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS priced_per_use,
    paired AS
    (
        SELECT
            billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id,
            billed.* EXCEPT (started_at, trace_id, span_id), why.prompt_end AS prompt_end,
            why.causes AS said_causes, why.components AS said_components, why.counts AS said_counts
        FROM
        (
            SELECT
                billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id, billed.provider AS provider,
                billed.model AS model, billed.agent_path AS agent_path, billed.agent_name AS agent_name, billed.agent_run_id AS agent_run_id,
                billed.handoff_from AS handoff_from, billed.service_name AS service_name, billed.customer_id AS customer_id, billed.feature_name AS feature_name,
                billed.conversation_id AS conversation_id, billed.input_tokens AS input_tokens, billed.output_tokens AS output_tokens,
                billed.price_card_id AS price_card_id, billed.price_band AS price_band, billed.cost_usd AS cost_usd, billed.known_cost_usd AS known_cost_usd
            FROM ${database}.llm_calls AS billed FINAL
            WHERE billed.billed_by = 0
                AND billed.started_at >= {from:DateTime64(9, 'UTC')} AND billed.started_at < {to:DateTime64(9, 'UTC')}
                AND ({trace_id:String} = '' OR billed.trace_id = toUUIDOrZero({trace_id:String}))
        ) AS billed
        LEFT JOIN
        (
            SELECT
                why.started_at AS started_at, why.trace_id AS trace_id, why.span_id AS span_id, why.prompt_end AS prompt_end,
                why.causes::Array(String) AS causes, why.components::Array(String) AS components, why.counts AS counts
            FROM ${database}.call_causes AS why FINAL
            WHERE why.started_at >= {from:DateTime64(9, 'UTC')} AND why.started_at < {to:DateTime64(9, 'UTC')}
                AND ({trace_id:String} = '' OR why.trace_id = toUUIDOrZero({trace_id:String}))
        ) AS why
            ON toDate(why.started_at) = toDate(billed.started_at) AND why.trace_id = billed.trace_id AND why.span_id = billed.span_id AND why.started_at = billed.started_at
        -- Both are read in this order: nothing is kept, however many calls there are. Lists of LowCardinality would take five
        -- times as long.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    read AS
    (
        SELECT
            billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id,
            billed.* EXCEPT (started_at, trace_id, span_id, price_card_id), cards.prices AS prices,
            ifNull(billed.input_tokens, 0) + ifNull(billed.output_tokens, 0) AS all_tokens,
            -- A call that was explained before all of its usage had come in is not explained yet.
            empty(billed.said_causes) OR arraySum((component, count) -> if(component IN priced_per_use, 0, count), billed.said_components, billed.said_counts) != all_tokens AS is_unexplained
        FROM paired AS billed
        -- ANY, though there is one: else the planner may join prices first, and keep a list of them for every call.
        LEFT ANY JOIN ${database}.band_prices AS cards
            ON cards.price_card_id = billed.price_card_id AND cards.band = billed.price_band
    ),
    explained AS
    (
        SELECT
            read.*,
            -- Hardly a provider charges for the request as such.
            arrayFilter(part -> part.2 != 'request' OR ifNull(part.5, 0) > 0, arrayMap(
                (cause, component, count) -> (cause, component, count, component IN priced_per_use, read.prices[indexOf(priced, component)]),
                read.said_causes, read.said_components, read.said_counts))::Array(Tuple(cause String, component String, count UInt64, is_fee Bool, price Nullable(Decimal(18, 15)))) AS known_parts,
            multiIf(
                read.is_unexplained, [('unexplained', '', read.all_tokens, false, NULL)],
                -- Usage that was not reported has no token to stand for it.
                read.cost_usd IS NULL AND NOT arrayExists(part -> part.5 IS NULL, known_parts), arrayPushBack(known_parts, ('unexplained', '', 0, false, NULL)),
                known_parts)::Array(Tuple(cause String, component String, count UInt64, is_fee Bool, price Nullable(Decimal(18, 15)))) AS parts
        FROM read
    )
SELECT
    explained.started_at AS started_at, explained.trace_id AS trace_id, explained.span_id AS span_id, explained.provider AS provider,
    explained.model AS model, explained.agent_path AS agent_path, explained.agent_name AS agent_name, explained.agent_run_id AS agent_run_id,
    explained.handoff_from AS handoff_from, explained.service_name AS service_name, explained.customer_id AS customer_id, explained.feature_name AS feature_name,
    explained.conversation_id AS conversation_id, explained.prompt_end AS prompt_end, explained.input_tokens AS input_tokens,
    explained.output_tokens AS output_tokens, explained.cost_usd AS cost_usd, explained.known_cost_usd AS known_cost_usd,
    arrayMap(part -> part.cause, explained.parts) AS causes,
    arrayMap(part -> part.component, explained.parts) AS components,
    arrayMap(part -> if(part.is_fee, 0, part.count), explained.parts) AS tokens,
    arrayMap(part -> if(part.is_fee, part.count, 0), explained.parts) AS fees,
    arrayMap(part -> explained.cost_usd IS NULL AND part.price IS NULL, explained.parts) AS is_unknown,
    arrayMap(
        part -> multiIf(
            explained.is_unexplained, explained.known_cost_usd,
            -- A call that was refused cost nothing, whatever a request costs.
            explained.known_cost_usd = 0, toDecimal128(0, 15),
            ifNull(toDecimal128(part.count, 0) * part.price, toDecimal128(0, 15))),
        explained.parts) AS known_costs_usd
FROM explained
-- Prices are few, whatever way this is itself joined in.
SETTINGS join_algorithm = 'direct,parallel_hash,hash'
