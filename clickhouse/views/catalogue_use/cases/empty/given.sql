-- Nothing was called in this window.
INSERT INTO ${database}.price_books (price_version, content_hash, sources) VALUES (3, 'book', ['a book']);

INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration)
SELECT
    toDateTime64('2026-05-01 10:00:00', 9, 'UTC'), '11111111111111111111111111111111', leftPad(toString(span), 16, '0'), '', 'chat', 'app', '@tokenledger/instrumentation-openai',
    mapConcat(
        map('gen_ai.operation.name', 'chat', 'gen_ai.provider.name', 'openai', 'gen_ai.response.model', model),
        if(used, map('tokenledger.usage.source', 'reported', 'gen_ai.usage.input_tokens', '1000000', 'gen_ai.usage.output_tokens', '0'), map('tokenledger.usage.source', 'none'))),
    2000000
FROM VALUES('span UInt8, model String, used Bool',
    (1, 'gpt-5.4', true), (1, 'gpt-5.4', true), (2, 'gpt-5.4', false), (4, 'gpt-4o-mini', true), (5, 'unheard-of', true)) AS spans;

INSERT INTO ${database}.llm_calls SELECT calls.* REPLACE (3 AS price_version, calls.version + 1 AS version) FROM ${database}.llm_calls AS calls FINAL WHERE calls.model = 'gpt-4o-mini';
