-- Elects the billed row of every call that several spans report, and settles the others on it.
--
-- Looks at the calls reported since the last election (five minutes overlap: an insert becomes visible
-- later than its received_at). The bill is, in this order: a report with usage, the report of the
-- provider's SDK over a framework's or a log's, reported over partial over estimated usage, the most
-- output, the smallest span. A row is written only where the outcome changes, so the election ends.
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
    ranked AS
    (
        SELECT
            calls.*,
            row_number() OVER candidates AS place,
            first_value(calls.span_id) OVER candidates AS billed_span_id
        FROM ${database}.llm_calls AS calls FINAL
        WHERE (toDate(calls.started_at), calls.trace_id, calls.span_id) GLOBAL IN
            (SELECT reports.started_on, reports.trace_id, reports.span_id FROM ${database}.call_reports${local} AS reports WHERE reports.call_key GLOBAL IN (contested))
            -- A report that has got another key since is a candidate for that one only.
            AND calls.call_key GLOBAL IN (contested)
        WINDOW candidates AS
        (
            PARTITION BY calls.call_key
            ORDER BY
                calls.usage_source = 'none',
                calls.report_rank,
                indexOf(['reported', 'partial', 'estimated'], calls.usage_source),
                calls.output_tokens DESC,
                calls.span_id, calls.trace_id, calls.started_at
        )
    )
SELECT
    ranked.* EXCEPT (place, billed_span_id) REPLACE
    (
        if(ranked.place = 1, 0, ranked.billed_span_id) AS billed_by,
        bitOr(bitShiftLeft(bitShiftRight(ranked.version, 32), 32), toUInt64(toUnixTimestamp(now()))) AS version
    )
FROM ranked
WHERE ranked.billed_by != if(ranked.place = 1, 0, ranked.billed_span_id)
