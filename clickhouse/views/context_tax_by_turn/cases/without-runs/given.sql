-- Two agents in turn, of which neither conversation nor run is known.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000001', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1000', 'gen_ai.usage.output_tokens': '10', 'gen_ai.agent.name': 'reader'}, 2000000),
    ('2026-05-01 10:00:01', '11111111111111111111111111111111', '0000000000000002', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '2000', 'gen_ai.usage.output_tokens': '10', 'gen_ai.agent.name': 'writer'}, 2000000),
    ('2026-05-01 10:00:02', '11111111111111111111111111111111', '0000000000000003', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '3000', 'gen_ai.usage.output_tokens': '10', 'gen_ai.agent.name': 'reader'}, 2000000);
