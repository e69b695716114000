-- Two days of one model under two names: a call delivered twice, one with a fee, one without usage, one estimated, one of
-- another tier and one of that without a price; then a model without a price, and a call late on the last day.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration)
SELECT
    toDateTime64(started, 9, 'UTC'), '11111111111111111111111111111111', leftPad(toString(span), 16, '0'), '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
    mapConcat(
        map('gen_ai.operation.name', 'chat', 'gen_ai.provider.name', 'anthropic', 'gen_ai.response.model', model, 'tokenledger.usage.source', usage),
        if(usage = 'none', map(), map('gen_ai.usage.input_tokens', '1000000', 'gen_ai.usage.output_tokens', '0')),
        if(tier = '', map(), map('tokenledger.service_tier', tier)),
        if(searches = 0, map(), map('tokenledger.usage.web_search.requests', toString(searches)))),
    2000000
FROM VALUES('span UInt8, started String, model String, usage String, tier String, searches UInt8',
    (1, '2026-05-01 10:00:00', 'claude-opus-4-6', 'reported', '', 0),
    (1, '2026-05-01 10:00:00', 'claude-opus-4-6', 'reported', '', 0),
    (2, '2026-05-01 10:00:01', 'claude-opus-4-6-20260205', 'reported', '', 3),
    (3, '2026-05-01 10:00:02', 'claude-opus-4-6', 'none', '', 0),
    (4, '2026-05-01 10:00:03', 'claude-opus-4-6', 'estimated', '', 0),
    (5, '2026-05-01 10:00:04', 'claude-opus-4-6', 'reported', 'batch', 0),
    (6, '2026-05-01 10:00:05', 'claude-opus-4-6', 'reported', 'priority', 0),
    (7, '2026-05-01 10:00:06', 'unheard-of', 'reported', '', 0),
    (8, '2026-05-02 23:59:59.999', 'claude-opus-4-6', 'reported', '', 0),
    (9, '2026-05-03 00:00:00', 'claude-opus-4-6', 'reported', '', 0)) AS spans;
