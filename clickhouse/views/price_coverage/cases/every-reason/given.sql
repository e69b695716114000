-- No such model, no such tier, no usage, a class without a price, and a call before the first price.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000001', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '1'}, 2000000),
    ('2026-05-01 10:00:01', '11111111111111111111111111111111', '0000000000000002', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'unheard-of', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '1'}, 2000000),
    ('2026-05-01 10:00:02', '11111111111111111111111111111111', '0000000000000003', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '1', 'tokenledger.service_tier': 'priority'}, 2000000),
    ('2026-05-01 10:00:03', '11111111111111111111111111111111', '0000000000000004', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'tokenledger.call.outcome': 'completed'}, 2000000),
    ('2026-05-01 10:00:04', '11111111111111111111111111111111', '0000000000000005', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.response.model': 'gpt-4o-mini', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '2', 'gen_ai.usage.reasoning.output_tokens': '1'}, 2000000),
    ('2024-05-01 00:00:00', '11111111111111111111111111111111', '0000000000000006', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '1'}, 2000000);
