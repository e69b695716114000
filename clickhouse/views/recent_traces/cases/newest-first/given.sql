-- The order is that of the first call. The oldest does not fit.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000001', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1000', 'gen_ai.usage.output_tokens': '0', 'gen_ai.agent.name': 'lead'}, 2000000),
    ('2026-05-01 10:00:09', '11111111111111111111111111111111', '0000000000000002', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.response.model': 'o3', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '0', 'gen_ai.agent.name': 'helper', 'tokenledger.call.outcome': 'cancelled'}, 2000000),
    ('2026-05-01 10:00:05', '22222222222222222222222222222222', '0000000000000003', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '0'}, 2000000),
    ('2026-05-01 09:00:00', '33333333333333333333333333333333', '0000000000000004', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '0'}, 2000000);
