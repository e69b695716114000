-- Reported, estimated, cut off, silent, refused, contradictory, and no count at all.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000001', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '1'}, 2000000),
    ('2026-05-01 10:00:01', '11111111111111111111111111111111', '0000000000000002', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'estimated', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '1'}, 2000000),
    ('2026-05-01 10:00:02', '11111111111111111111111111111111', '0000000000000003', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'partial', 'gen_ai.usage.input_tokens': '10'}, 2000000),
    ('2026-05-01 10:00:03', '11111111111111111111111111111111', '0000000000000004', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'tokenledger.call.outcome': 'completed'}, 2000000),
    ('2026-05-01 10:00:04', '11111111111111111111111111111111', '0000000000000005', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'tokenledger.call.outcome': 'failed', 'http.response.status_code': '529'}, 2000000),
    ('2026-05-01 10:00:05', '11111111111111111111111111111111', '0000000000000006', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '1', 'gen_ai.usage.cache_read.input_tokens': '20'}, 2000000),
    ('2026-05-01 10:00:06', '11111111111111111111111111111111', '0000000000000007', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.output_tokens': '-1'}, 2000000),
    ('2026-05-01 10:00:07', '11111111111111111111111111111111', '0000000000000008', '', 'chat', 'app', 'somebody',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.response.model': 'gpt-5.4', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '5', 'gen_ai.usage.output_tokens': '5'}, 2000000);
