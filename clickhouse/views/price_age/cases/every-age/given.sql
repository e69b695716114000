-- A fresh price and a stale one, a call delivered twice, one without usage, one without a price, and one that an
-- earlier catalogue priced.
INSERT INTO ${database}.price_cards SELECT cards.* REPLACE (1 AS price_version) FROM ${database}.price_cards AS cards WHERE cards.model = 'o3' AND cards.price_version != 1;

INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration)
SELECT
    toDateTime64('2026-05-01 10:00:00', 9, 'UTC'), '11111111111111111111111111111111', leftPad(toString(span), 16, '0'), '', 'chat', 'app', '@tokenledger/instrumentation-openai',
    mapConcat(
        map('gen_ai.operation.name', 'chat', 'gen_ai.provider.name', 'openai', 'gen_ai.response.model', model),
        if(used, map('tokenledger.usage.source', 'reported', 'gen_ai.usage.input_tokens', '1000000', 'gen_ai.usage.output_tokens', '0'), map('tokenledger.usage.source', 'none'))),
    2000000
FROM VALUES('span UInt8, model String, used Bool',
    (1, 'gpt-5.4', true), (2, 'gpt-audio', true), (2, 'gpt-audio', true), (3, 'gpt-audio', true), (4, 'gpt-5.4', false), (5, 'unheard-of', true), (6, 'o3', true)) AS spans;

INSERT INTO ${database}.llm_calls SELECT calls.* REPLACE (1 AS price_version, calls.version + 1 AS version) FROM ${database}.llm_calls AS calls FINAL WHERE calls.model = 'o3';
