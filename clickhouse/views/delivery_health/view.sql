-- Whether every span arrived: gaps in the numbering of each process, deliveries repeated, spans refused.
-- Grain: one row per process of an instrumented program; the empty process holds spans that Tokenledger did not stamp.
-- Excludes: what has left the landing table. missing counts from a process's first span, so the window must hold the whole life of the process.
CREATE VIEW IF NOT EXISTS ${database}.delivery_health ${on_cluster}
AS
SELECT
    deliveries.process_id AS process_id,
    any(deliveries.ServiceName) AS service_name,
    min(deliveries.Timestamp) AS first_span_at,
    max(deliveries.Timestamp) AS last_span_at,
    count() AS deliveries,
    uniqExact(deliveries.TraceId, deliveries.SpanId) AS spans,
    deliveries - spans AS repeated,
    countIf(deliveries.has_invalid_id) AS refused,
    max(deliveries.sequence) AS last_sequence,
    if(process_id = '', NULL, last_sequence - uniqExactIf(deliveries.sequence, deliveries.sequence > 0)) AS missing
FROM
(
    SELECT
        landed.SpanAttributes['tokenledger.process.id'] AS process_id,
        toUInt64OrZero(landed.SpanAttributes['tokenledger.sequence']) AS sequence,
        NOT match(landed.SpanId, '^[0-9a-fA-F]{16}$') OR landed.SpanId = '0000000000000000'
            OR NOT match(landed.TraceId, '^[0-9a-fA-F]{32}$') OR landed.TraceId = '00000000000000000000000000000000' AS has_invalid_id,
        landed.ServiceName AS ServiceName, landed.Timestamp AS Timestamp, landed.TraceId AS TraceId, landed.SpanId AS SpanId
    FROM ${landed} AS landed
    WHERE landed.Timestamp >= {from:DateTime64(9, 'UTC')} AND landed.Timestamp < {to:DateTime64(9, 'UTC')}
) AS deliveries
GROUP BY deliveries.process_id
ORDER BY missing DESC NULLS LAST, process_id
