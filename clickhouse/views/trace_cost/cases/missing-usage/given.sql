-- A completed call without usage makes the cost of its trace unknown. A refused call costs nothing.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000001', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1000', 'gen_ai.usage.output_tokens': '100'}, 2000000),
    ('2026-05-01 10:00:01', '11111111111111111111111111111111', '0000000000000002', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'tokenledger.call.outcome': 'completed'}, 2000000),
    ('2026-05-01 10:00:02', '22222222222222222222222222222222', '0000000000000003', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'tokenledger.call.outcome': 'failed', 'http.response.status_code': '429'}, 2000000);
