-- Elects the billed row of every call that several spans report, and settles the others on it.
--
-- Looks at the calls reported since the last election (five minutes overlap: an insert becomes visible
-- later than its received_at). A call has up to two names, that of its response or span and that of its
-- request: transcripts know both, logs often the request alone. The bill is, in this order: a report with
-- usage, the report of the provider's SDK over a framework's or a log's (report_rank), reported over partial
-- over estimated usage, one that tells writes to a cache by their time to live, the most output, the smallest span. A row is written only where the outcome changes,
-- so the election ends.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.elect_bills ${on_cluster}
REFRESH EVERY 5 SECOND APPEND TO ${database}.llm_calls_unpriced
AS
WITH
    (
        SELECT max(views.last_success_time - toIntervalMillisecond(views.last_success_duration_ms))
        FROM system.view_refreshes AS views
        WHERE views.database = '${database}' AND views.view = 'elect_bills'
    ) AS last_election,
    ifNull(last_election - INTERVAL 5 MINUTE, (SELECT max(reports.received_at) - INTERVAL 1 DAY FROM ${database}.call_reports${local} AS reports)) AS since,
    contested AS
    (
        SELECT reports.call_key AS call_key
        FROM ${database}.call_reports${local} AS reports
        WHERE reports.call_key GLOBAL IN (SELECT recent.call_key FROM ${database}.call_reports${local} AS recent WHERE recent.received_at >= since)
        GROUP BY reports.call_key
        HAVING uniqExact(reports.started_on, reports.trace_id, reports.span_id) > 1
    ),
    -- Reports that know a call by two keys lead from one to the other, on whatever shard that is.
    keys AS
    (
        SELECT DISTINCT arrayJoin(if(calls.request_key = 0, [calls.call_key], [calls.call_key, calls.request_key])) AS call_key
        FROM ${database}.llm_calls AS calls FINAL
        WHERE (toDate(calls.started_at), calls.trace_id, calls.span_id) GLOBAL IN
            (SELECT reports.started_on, reports.trace_id, reports.span_id FROM ${database}.call_reports${local} AS reports WHERE reports.call_key GLOBAL IN (contested))
    ),
    named AS
    (
        SELECT calls.*, arrayJoin(if(calls.request_key = 0, [calls.call_key], [calls.call_key, calls.request_key])) AS name
        FROM ${database}.llm_calls AS calls FINAL
        WHERE (toDate(calls.started_at), calls.trace_id, calls.span_id) GLOBAL IN
            (SELECT reports.started_on, reports.trace_id, reports.span_id FROM ${database}.call_reports AS reports WHERE reports.call_key GLOBAL IN (keys))
            -- A report that has got another key since is a candidate for that one only.
            AND (calls.call_key GLOBAL IN (keys) OR calls.request_key GLOBAL IN (keys))
    ),
    -- One call: all reports with a name in common, directly or by way of one report or two.
    near AS (SELECT named.*, min(named.call_key) OVER (PARTITION BY named.name) AS near_key FROM named),
    joined AS (SELECT near.*, min(near.near_key) OVER (PARTITION BY near.started_at, near.trace_id, near.span_id) AS own_key FROM near),
    far AS (SELECT joined.*, min(joined.own_key) OVER (PARTITION BY joined.name) AS far_key FROM joined),
    grouped AS (SELECT far.*, min(far.far_key) OVER (PARTITION BY far.started_at, far.trace_id, far.span_id) AS group_key FROM far),
    ranked AS
    (
        SELECT
            grouped.*,
            row_number() OVER candidates AS place,
            first_value(grouped.span_id) OVER candidates AS billed_span_id
        FROM grouped
        WHERE grouped.name = grouped.call_key
        WINDOW candidates AS
        (
            PARTITION BY grouped.group_key
            ORDER BY
                grouped.usage_source = 'none',
                grouped.report_rank,
                indexOf(['reported', 'partial', 'estimated'], grouped.usage_source),
                coalesce(grouped.cache_write_5m_tokens, grouped.cache_write_1h_tokens) IS NULL,
                grouped.output_tokens DESC,
                grouped.span_id, grouped.trace_id, grouped.started_at
        )
    )
SELECT
    ranked.* EXCEPT (name, near_key, own_key, far_key, group_key, place, billed_span_id) REPLACE
    (
        if(ranked.place = 1, 0, ranked.billed_span_id) AS billed_by,
        bitOr(bitAnd(ranked.version, 0xFFFFFF0000000000), toUInt64(toUnixTimestamp64Milli(now64(3)) - 1577836800000)) AS version
    )
FROM ranked
WHERE ranked.billed_by != if(ranked.place = 1, 0, ranked.billed_span_id)
