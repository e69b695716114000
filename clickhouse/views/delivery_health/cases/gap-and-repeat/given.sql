-- Process p1 lost its first and third span and sent one twice. p2 is whole. One span has no stamp, one no id.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000002', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1', 'gen_ai.usage.output_tokens': '1', 'tokenledger.process.id': 'p1', 'tokenledger.sequence': '2'}, 2000000),
    ('2026-05-01 10:00:01', '11111111111111111111111111111111', '0000000000000004', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1', 'gen_ai.usage.output_tokens': '1', 'tokenledger.process.id': 'p1', 'tokenledger.sequence': '4'}, 2000000),
    ('2026-05-01 10:00:02', '22222222222222222222222222222222', '0000000000000005', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1', 'gen_ai.usage.output_tokens': '1', 'tokenledger.process.id': 'p2', 'tokenledger.sequence': '1'}, 2000000),
    ('2026-05-01 10:00:03', '22222222222222222222222222222222', '0000000000000006', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1', 'gen_ai.usage.output_tokens': '1'}, 2000000),
    ('2026-05-01 10:00:04', '22222222222222222222222222222222', 'no id', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1', 'gen_ai.usage.output_tokens': '1'}, 2000000);

INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:01', '11111111111111111111111111111111', '0000000000000004', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1', 'gen_ai.usage.output_tokens': '1', 'tokenledger.process.id': 'p1', 'tokenledger.sequence': '4'}, 2000000);
