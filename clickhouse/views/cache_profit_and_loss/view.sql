-- What prompt caching earned and lost: the discount on what was read, against the premium on what was written, what was written in vain or again, and what might have been read from a cache and was not.
-- Grain: one row per provider, model, agent and time to live (5m, 30m, 1h, 12h; empty: not told). Reads belong to the time to live that their run wrote most with up to then; where it wrote nothing, to the one that the same agent and model last wrote with. net_saving_usd = read_discount_usd - write_premium_usd; the other amounts say where it was lost and are no part of it.
-- never_read: written, and no later call within the window and the day after it was seen to read it before it was written again. An estimate: pieces of a prompt have their share of the billed input, and a read ends at the nearest piece. rewritten: had been in the cache and had expired; rewrite_loss_usd is what writing it cost above reading it. missed: read again and paid in full; missed_discount_usd is the discount that a cache would have given, before the premium for writing it.
-- Excludes: calls without a price card, in unpriced_calls. Calls that do not say how their prompt was made have no never_read (their writes are unjudged), rewritten or missed.
CREATE VIEW IF NOT EXISTS ${database}.cache_profit_and_loss ${on_cluster}
AS
WITH
    cards AS
    (
        SELECT
            cards.price_card_id AS price_card_id, any(cards.input) AS input, any(cards.cache_read) AS cache_read,
            any(cards.input_audio) AS input_audio, any(cards.cache_read_audio) AS cache_read_audio,
            -- In the order in which explain_calls has them.
            any([cards.cache_write_5m, cards.cache_write_30m, cards.cache_write_1h, cards.cache_write_12h, cards.cache_write]) AS writes
        FROM ${database}.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    why AS
    (
        SELECT
            why.trace_id AS trace_id, why.span_id AS span_id, why.started_at AS started_at,
            arrayMap((cause, component) -> if(cause = 'expired_cache_rewrite', component, ''), why.causes, why.components) AS again,
            -- One by one: a list within a lambda is copied for every element.
            [
                arraySum((component, count) -> if(component = 'cache_write_5m', count, 0), again, why.counts),
                arraySum((component, count) -> if(component = 'cache_write_30m', count, 0), again, why.counts),
                arraySum((component, count) -> if(component = 'cache_write_1h', count, 0), again, why.counts),
                arraySum((component, count) -> if(component = 'cache_write_12h', count, 0), again, why.counts),
                arraySum((component, count) -> if(component = 'cache_write', count, 0), again, why.counts)
            ] AS rewritten,
            arraySum((cause, component, count) -> if(cause = 're_read_in_full' AND component NOT LIKE '%audio', count, 0), why.causes, why.components, why.counts) AS missed,
            arraySum((cause, component, count) -> if(cause = 're_read_in_full' AND component LIKE '%audio', count, 0), why.causes, why.components, why.counts) AS missed_audio
        FROM ${database}.call_causes AS why FINAL
        WHERE why.started_at >= {from:DateTime64(9, 'UTC')} AND why.started_at < {to:DateTime64(9, 'UTC')} + INTERVAL 1 DAY
    ),
    billed AS
    (
        SELECT
            billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id, billed.provider AS provider,
            billed.model AS model, billed.agent_name AS agent_name, billed.agent_run_id AS agent_run_id,
            billed.price_card_id AS price_card_id, billed.price_band AS price_band,
            ifNull(billed.cache_read_tokens, 0) AS read_text, ifNull(billed.cache_read_audio_tokens, 0) AS read_audio,
            arrayMap(count -> ifNull(count, 0), [
                billed.cache_write_5m_tokens, billed.cache_write_30m_tokens, billed.cache_write_1h_tokens, billed.cache_write_12h_tokens,
                billed.cache_write_tokens]) AS written,
            toInt64(read_text + read_audio) AS read_to, read_to + toInt64(arraySum(written)) AS written_to,
            ifNull(billed.input_tokens, 0) AS total
        FROM ${database}.llm_calls AS billed FINAL
        WHERE billed.billed_by = 0
            AND billed.started_at >= {from:DateTime64(9, 'UTC')} AND billed.started_at < {to:DateTime64(9, 'UTC')} + INTERVAL 1 DAY
    ),
    calls AS
    (
        SELECT
            billed.started_at AS started_at, billed.trace_id AS trace_id, billed.span_id AS span_id, billed.provider AS provider,
            billed.model AS model, billed.agent_name AS agent_name, billed.price_card_id AS price_card_id, billed.price_band AS price_band,
            billed.read_text AS read_text, billed.read_audio AS read_audio, billed.written AS written, billed.read_to AS read_to,
            why.rewritten AS rewritten, why.missed AS missed, why.missed_audio AS missed_audio,
            ['5m', '30m', '1h', '12h', ''] AS ttls,
            if(arraySum(billed.written) = 0, NULL, ttls[indexOf(billed.written, arrayMax(billed.written))]) AS written_for,
            -- What a run reads it wrote itself, mostly with one time to live; else others of its kind did, lately.
            sumForEach(billed.written) OVER (PARTITION BY billed.trace_id, billed.agent_run_id, billed.provider, billed.model ORDER BY billed.started_at, billed.span_id) AS written_in_run,
            last_value(written_for) IGNORE NULLS OVER (PARTITION BY billed.provider, billed.model, billed.agent_name ORDER BY billed.started_at, billed.span_id) AS written_last,
            if(arraySum(written_in_run) > 0, ttls[indexOf(written_in_run, arrayMax(written_in_run))], ifNull(written_last, '')) AS read_for
        FROM billed
        LEFT JOIN why ON toDate(why.started_at) = toDate(billed.started_at) AND why.trace_id = billed.trace_id AND why.span_id = billed.span_id AND why.started_at = billed.started_at
        -- Both are read in this order: nothing has to be kept.
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    -- Every boundary that a call wrote, and the last ones that it read up to: the nearest may be off by one.
    touched AS
    (
        SELECT
            calls.trace_id AS trace_id, calls.span_id AS span_id, calls.started_at AS started_at, calls.provider AS provider, calls.model AS model,
            calls.written_to AS written_to, touch.prefix AS prefix, touch.upto AS upto, touch.is_write AS is_write
        FROM
        (
            SELECT
                billed.trace_id AS trace_id, billed.span_id AS span_id, billed.started_at AS started_at, billed.provider AS provider, billed.model AS model,
                billed.written_to AS written_to, prompts.prefix_fingerprints AS prefixes,
                arrayCumSum(prompts.segment_tokens) AS reached,
                arrayMap(size -> toInt64(intDiv(billed.total * size, greatest(reached[-1], 1))), reached) AS boundaries,
                arrayMap(upto -> abs(upto - billed.read_to), boundaries) AS from_read, arrayMap(upto -> abs(upto - billed.written_to), boundaries) AS from_written,
                -- The last of the nearest: pieces without a token share a boundary.
                if(billed.read_to = 0, 0, arrayLastIndex(distance -> distance = arrayMin(from_read), from_read)) AS read_pieces,
                if(billed.written_to = billed.read_to, read_pieces, arrayLastIndex(distance -> distance = arrayMin(from_written), from_written)) AS kept_pieces
            FROM billed
            INNER JOIN
            (
                SELECT
                    prompts.started_at AS started_at, prompts.trace_id AS trace_id, prompts.span_id AS span_id,
                    prompts.prefix_fingerprints AS prefix_fingerprints, prompts.segment_tokens AS segment_tokens
                FROM ${database}.call_prompts AS prompts FINAL
                WHERE prompts.started_at >= {from:DateTime64(9, 'UTC')} AND prompts.started_at < {to:DateTime64(9, 'UTC')} + INTERVAL 1 DAY
                    AND prompts.segment_kinds != ''
            ) AS prompts
                ON toDate(prompts.started_at) = toDate(billed.started_at) AND prompts.trace_id = billed.trace_id AND prompts.span_id = billed.span_id AND prompts.started_at = billed.started_at
            WHERE billed.written_to > 0
            SETTINGS join_algorithm = 'full_sorting_merge'
        ) AS calls
        ARRAY JOIN
            arrayFilter(
                touch -> touch.number > calls.read_pieces - 3 AND touch.number <= calls.kept_pieces,
                arrayMap((prefix, upto, number) -> (prefix, upto, number, number > calls.read_pieces), calls.prefixes, calls.boundaries, arrayEnumerate(calls.prefixes))::Array(Tuple(prefix UInt64, upto Int64, number Int64, is_write Bool))
            ) AS touch
    ),
    -- Up to where somebody read what a call had written, before anybody wrote it again.
    used AS
    (
        SELECT seen.trace_id AS trace_id, seen.span_id AS span_id, max(seen.is_judged) AS is_judged, max(if(seen.next = 'read', seen.used_to, 0)) AS used_to
        FROM
        (
            SELECT
                touched.trace_id, touched.span_id, touched.is_write AS is_judged,
                -- The end of the prompt may lie a little before the last token that was written.
                if(touched.upto = max(touched.upto) OVER (PARTITION BY touched.trace_id, touched.span_id), touched.written_to, touched.upto) AS used_to,
                if(touched.is_write, leadInFrame(if(touched.is_write, 'write', 'read'), 1, '') OVER (
                    PARTITION BY touched.provider, touched.model, touched.prefix ORDER BY touched.started_at, touched.span_id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), '') AS next
            FROM touched
        ) AS seen
        GROUP BY seen.trace_id, seen.span_id
    ),
    parts AS
    (
        SELECT
            calls.provider AS provider, calls.model AS model, calls.agent_name AS agent_name, calls.price_card_id AS price_card_id,
            part.ttl AS ttl, if(part.ttl = calls.read_for, calls.read_text, 0) AS read_text, if(part.ttl = calls.read_for, calls.read_audio, 0) AS read_audio,
            if(part.ttl = calls.read_for, calls.missed, 0) AS missed, if(part.ttl = calls.read_for, calls.missed_audio, 0) AS missed_audio,
            part.written AS written, part.rewritten AS rewritten,
            if(used.is_judged, greatest(0, part.written_to - greatest(part.written_to - toInt64(part.written), used.used_to)), 0) AS never_read,
            if(used.is_judged, 0, part.written) AS unjudged,
            ifNull(cards.input[calls.price_band], 0) AS input_price, ifNull(cards.cache_read[calls.price_band], 0) AS read_price,
            ifNull(cards.input_audio[calls.price_band], 0) AS audio_price, ifNull(cards.cache_read_audio[calls.price_band], 0) AS read_audio_price,
            ifNull(part.price, 0) AS write_price
        FROM calls
        LEFT JOIN used ON used.trace_id = calls.trace_id AND used.span_id = calls.span_id
        LEFT ANY JOIN cards ON cards.price_card_id = calls.price_card_id
        ARRAY JOIN
            arrayFilter(
                part -> part.written > 0 OR (part.ttl = calls.read_for AND calls.read_text + calls.read_audio + calls.missed + calls.missed_audio > 0),
                arrayMap(
                    (ttl, written, rewritten, written_to, bands) -> (ttl, written, rewritten, calls.read_to + written_to, bands[calls.price_band]),
                    ['5m', '30m', '1h', '12h', ''], calls.written, arrayResize(calls.rewritten, 5), arrayCumSum(calls.written), arrayResize(cards.writes, 5)
                )::Array(Tuple(ttl String, written UInt64, rewritten UInt64, written_to Int64, price Nullable(Decimal(18, 15))))
            ) AS part
        WHERE calls.started_at < {to:DateTime64(9, 'UTC')}
    )
SELECT
    parts.provider AS provider,
    parts.model AS model,
    parts.agent_name AS agent_name,
    parts.ttl AS ttl,
    count() AS calls,
    countIf(parts.price_card_id = 0) AS unpriced_calls,
    sum(parts.read_text + parts.read_audio) AS cache_read_tokens,
    sum(parts.written) AS cache_write_tokens,
    sum(parts.never_read) AS never_read_tokens_estimated,
    sum(parts.unjudged) AS unjudged_write_tokens,
    sum(parts.rewritten) AS rewritten_tokens,
    sum(parts.missed + parts.missed_audio) AS missed_tokens,
    sum(toDecimal128(parts.read_text, 0) * (parts.input_price - parts.read_price)
        + toDecimal128(parts.read_audio, 0) * (parts.audio_price - parts.read_audio_price)) AS read_discount_usd,
    sum(toDecimal128(parts.written, 0) * (parts.write_price - parts.input_price)) AS write_premium_usd,
    read_discount_usd - write_premium_usd AS net_saving_usd,
    sum(toDecimal128(parts.never_read, 0) * (parts.write_price - parts.input_price)) AS never_read_premium_usd_estimated,
    sum(toDecimal128(parts.rewritten, 0) * (parts.write_price - parts.read_price)) AS rewrite_loss_usd,
    sum(toDecimal128(parts.missed, 0) * (parts.input_price - parts.read_price)
        + toDecimal128(parts.missed_audio, 0) * (parts.audio_price - parts.read_audio_price)) AS missed_discount_usd
FROM parts
GROUP BY parts.provider, parts.model, parts.agent_name, parts.ttl
ORDER BY net_saving_usd DESC, provider, model, agent_name, ttl
