-- An agent with two calls; then a call whose parent never arrived, and one more without a parent.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000001', '', 'invoke_agent lead', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'lead', 'tokenledger.agent.path': '["lead"]'}, 9000000000),
    ('2026-05-01 10:00:01', '11111111111111111111111111111111', '0000000000000002', '0000000000000001', 'chat first', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1000', 'gen_ai.usage.output_tokens': '0'}, 2000000),
    ('2026-05-01 10:00:02', '11111111111111111111111111111111', '0000000000000003', '0000000000000001', 'chat second', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'nobody-knows-this', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1000', 'gen_ai.usage.output_tokens': '0'}, 2000000),
    ('2026-05-01 10:00:03', '11111111111111111111111111111111', '0000000000000004', '00000000000000ee', 'chat orphan', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '2000', 'gen_ai.usage.output_tokens': '0'}, 2000000),
    ('2026-05-01 10:00:04', '11111111111111111111111111111111', '0000000000000005', '', 'chat root', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '3000', 'gen_ai.usage.output_tokens': '0'}, 2000000);
