-- A call beyond the band of its model's longer context, and one with images, which cost as much as text.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000001', '', 'chat', 'app', '@tokenledger/instrumentation-openai',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.response.model': 'gpt-5.4', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '300000', 'gen_ai.usage.cache_read.input_tokens': '200000', 'gen_ai.usage.output_tokens': '1000', 'gen_ai.usage.reasoning.output_tokens': '400'}, 2000000),
    ('2026-05-01 10:00:01', '11111111111111111111111111111111', '0000000000000002', '', 'chat', 'app', '@tokenledger/instrumentation-openai',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.response.model': 'gpt-4o-mini', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1000', 'gen_ai.usage.image.input_tokens': '600', 'gen_ai.usage.output_tokens': '10'}, 2000000);
