-- Nothing in the range of time.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 12:00:00', '33333333333333333333333333333333', '0000000000000020', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '2000', 'gen_ai.usage.output_tokens': '10', 'gen_ai.agent.name': 'classifier', 'tokenledger.agent.path': '["classifier"]', 'tokenledger.agent.run_id': 'three'}, 2000000);
