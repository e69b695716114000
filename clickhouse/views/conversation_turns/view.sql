-- How the context of a conversation, a trace or a service grew, call by call: what each prompt was made of, what of it had been read before, and what the cache did in between.
-- Grain: one row per billed call, in order. turn is its place among the calls of its agent in its conversation, where one is known, else in its run; idle_ms is the time since the one before it began, which is how long the cache had to wait. system_tokens to unrecorded_tokens are the billed input by kind of piece, and cache_read_tokens, cache_write_tokens and in_full_tokens by how it was paid for; each of the two sums to input_tokens. re_read_from_cache, rewritten (it had been in the cache and had expired), re_read_in_full, failed_or_duplicate, unexplained and new (all the rest) are the input by cause.
-- kept_for: for how long the cache keeps what this agent last wrote (5m, 30m, 1h, 12h; empty: nobody said). rewrite_loss_usd is what writing again cost above reading it, missed_discount_usd what paying in full cost above it.
-- Excludes: other reports of a call. Calls that do not say how their prompt was made have all input in unrecorded_tokens, and calls that are not explained yet all in unexplained_tokens; tokens are NULL where no usage was reported. An empty in_trace, in_conversation or in_service asks for all.
CREATE VIEW IF NOT EXISTS ${database}.conversation_turns ${on_cluster}
AS
WITH
    ['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input,
    chosen AS
    (
        SELECT
            calls.started_at AS started_at, calls.trace_id AS trace_id, calls.span_id AS span_id, calls.conversation_id AS conversation_id,
            calls.agent_name AS agent_name, calls.model AS model, calls.outcome AS outcome,
            calls.input_tokens AS input_tokens, calls.output_tokens AS output_tokens, calls.counts AS counts,
            calls.cost_usd AS cost_usd, calls.known_cost_usd AS known_cost_usd,
            calls.price_card_id AS price_card_id, calls.price_band AS price_band,
            if(calls.conversation_id = '', sipHash64(calls.trace_id, calls.agent_run_id), sipHash64(calls.conversation_id, calls.agent_name)) AS context,
            calls.counts[2] + calls.counts[9] AS read_tokens,
            arraySlice(calls.counts, 3, 5) AS written,
            arraySum(written) AS written_tokens,
            if(written_tokens = 0, '', ['', '5m', '30m', '1h', '12h'][indexOf(written, arrayMax(written))]) AS written_for
        FROM ${database}.billed_classes(
            from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')},
            in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
    ),
    placed AS
    (
        SELECT
            chosen.*,
            row_number() OVER so_far AS turn,
            any(toNullable(chosen.started_at)) OVER before AS previous_at,
            argMaxIf(chosen.written_for, (chosen.started_at, chosen.span_id), chosen.written_for != '') OVER so_far AS kept_for
        FROM chosen
        WINDOW
            so_far AS (PARTITION BY chosen.context ORDER BY chosen.started_at, chosen.span_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
            before AS (PARTITION BY chosen.context ORDER BY chosen.started_at, chosen.span_id ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)
    ),
    pieces AS
    (
        SELECT
            pieces.trace_id AS trace_id, pieces.span_id AS span_id, pieces.started_at AS started_at,
            arrayMap(
                letters -> arraySum((kind, tokens) -> if(position(letters, kind) > 0, tokens, 0), pieces.kinds, pieces.tokens),
                ['s', 'd', 'u', 'a', 'r', 'c', 'm', 'h', 'x']) AS by_kind
        FROM ${database}.call_pieces(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS pieces
        WHERE (pieces.trace_id, pieces.span_id) IN (SELECT chosen.trace_id, chosen.span_id FROM chosen)
    ),
    causes AS
    (
        SELECT
            causes.trace_id AS trace_id, causes.span_id AS span_id, causes.started_at AS started_at,
            arrayMap(
                cause -> arraySum((given, component, tokens) -> if(given = cause AND component NOT IN no_input, tokens, 0), causes.causes, causes.components, causes.tokens),
                ['re_read_from_cache', 'expired_cache_rewrite', 're_read_in_full', 'failed_attempt', 'exact_duplicate']) AS tokens,
            arrayMap(
                cause -> arraySum((given, component, cost) -> if(given = cause AND component NOT IN no_input, cost, toDecimal128(0, 15)), causes.causes, causes.components, causes.known_costs_usd),
                ['re_read_from_cache', 'expired_cache_rewrite', 're_read_in_full']) AS costs,
            arraySum((component, cost) -> if(component NOT IN no_input, cost, toDecimal128(0, 15)), causes.components, causes.known_costs_usd) AS input_cost,
            arraySum((cause, component, tokens) -> if(cause = 'unexplained' AND component NOT IN no_input, tokens, 0), causes.causes, causes.components, causes.tokens) AS unexplained_tokens,
            -- A call that is not explained yet is one part without a component.
            has(causes.components, '') AND causes.causes = ['unexplained'] AS is_unexplained
        FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {in_trace:String}) AS causes
        WHERE (causes.trace_id, causes.span_id) IN (SELECT chosen.trace_id, chosen.span_id FROM chosen)
    ),
    cards AS
    (
        SELECT cards.price_card_id AS price_card_id, cards.band AS band, cards.prices[2] AS read_price
        FROM ${database}.band_prices AS cards
    )
SELECT
    placed.started_at AS started_at,
    replaceAll(toString(placed.trace_id), '-', '') AS trace_id,
    lower(leftPad(hex(placed.span_id), 16, '0')) AS span_id,
    placed.conversation_id AS conversation_id,
    placed.agent_name AS agent_name,
    placed.turn AS turn,
    placed.model AS model,
    placed.outcome AS outcome,
    if(placed.previous_at IS NULL, NULL, (toUnixTimestamp64Nano(placed.started_at) - toUnixTimestamp64Nano(assumeNotNull(placed.previous_at))) / 1000000) AS idle_ms,
    placed.kept_for AS kept_for,
    placed.input_tokens AS input_tokens,
    placed.output_tokens AS output_tokens,
    if(placed.input_tokens IS NULL, NULL, placed.read_tokens) AS cache_read_tokens,
    if(placed.input_tokens IS NULL, NULL, placed.written_tokens) AS cache_write_tokens,
    toInt64(placed.input_tokens) - placed.read_tokens - placed.written_tokens AS in_full_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[1]) AS system_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[2]) AS tool_definition_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[3]) AS user_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[4]) AS answer_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[5]) AS tool_result_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[6]) AS retrieved_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[7]) AS media_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[8]) AS older_tokens,
    toInt64(placed.input_tokens) - arraySum(arraySlice(pieces.by_kind, 1, 8)) AS unrecorded_tokens,
    if(placed.input_tokens IS NULL, NULL, causes.tokens[1]) AS re_read_from_cache_tokens,
    if(placed.input_tokens IS NULL, NULL, causes.tokens[2]) AS rewritten_tokens,
    if(placed.input_tokens IS NULL, NULL, causes.tokens[3]) AS re_read_in_full_tokens,
    if(placed.input_tokens IS NULL, NULL, causes.tokens[4] + causes.tokens[5]) AS failed_or_duplicate_tokens,
    if(causes.is_unexplained OR placed.input_tokens IS NULL, toInt64(placed.input_tokens), causes.unexplained_tokens) AS unexplained_tokens,
    toInt64(placed.input_tokens) - arraySum(causes.tokens) - unexplained_tokens AS new_tokens,
    causes.input_cost AS input_known_cost_usd,
    causes.costs[1] AS re_read_from_cache_known_cost_usd,
    causes.costs[2] AS rewritten_known_cost_usd,
    causes.costs[3] AS re_read_in_full_known_cost_usd,
    causes.costs[2] - toDecimal128(causes.tokens[2], 0) * ifNull(cards.read_price, 0) AS rewrite_loss_usd,
    causes.costs[3] - toDecimal128(causes.tokens[3], 0) * ifNull(cards.read_price, 0) AS missed_discount_usd,
    placed.cost_usd AS cost_usd,
    placed.known_cost_usd AS known_cost_usd
FROM placed
LEFT JOIN pieces ON pieces.trace_id = placed.trace_id AND pieces.span_id = placed.span_id AND pieces.started_at = placed.started_at
LEFT JOIN causes ON causes.trace_id = placed.trace_id AND causes.span_id = placed.span_id AND causes.started_at = placed.started_at
LEFT ANY JOIN cards ON cards.price_card_id = placed.price_card_id AND cards.band = placed.price_band
ORDER BY started_at, trace_id, span_id
