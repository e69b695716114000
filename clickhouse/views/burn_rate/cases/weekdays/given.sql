-- Four weeks of a call a day that grows, and is dearer on Mondays, but for one day that comes late and twice; calls of the
-- day of `to`, which is not over; a call without a price.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration)
SELECT
    toDateTime64('2026-02-02 10:00:00', 9, 'UTC') + toIntervalDay(number), lower(leftPad(hex(number + 1), 32, '0')), lower(leftPad(hex(number + 1), 16, '0')), '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
    map('gen_ai.operation.name', 'chat', 'gen_ai.provider.name', 'anthropic', 'gen_ai.response.model', 'claude-opus-4-6', 'tokenledger.usage.source', 'reported',
        'gen_ai.usage.input_tokens', toString((1000 + 10 * number) * if(number % 7 = 0, 3, 1)), 'gen_ai.usage.output_tokens', '0',
        'tokenledger.customer.id', if(number % 2 = 0, 'acme', 'globex')), 2000000
FROM numbers(29)
WHERE number != 20;

INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration)
SELECT
    toDateTime64('2026-02-02 10:00:00', 9, 'UTC') + toIntervalDay(20), lower(leftPad(hex(21), 32, '0')), lower(leftPad(hex(21), 16, '0')), '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
    map('gen_ai.operation.name', 'chat', 'gen_ai.provider.name', 'anthropic', 'gen_ai.response.model', 'claude-opus-4-6', 'tokenledger.usage.source', 'reported',
        'gen_ai.usage.input_tokens', '1200', 'gen_ai.usage.output_tokens', '0', 'tokenledger.customer.id', 'acme'), 2000000
FROM numbers(2);

INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-02-20 11:00:00', 'ffffffffffffffffffffffffffffffff', '00000000000000ff', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'unheard-of', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '1', 'tokenledger.customer.id': 'globex'}, 2000000);
