-- The second call arrives twice and the first one last; then a call of a model without a price, two without usage or without output, and one that was refused.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:01:00', '11111111111111111111111111111111', '0000000000000002', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10000', 'gen_ai.usage.output_tokens': '100', 'gen_ai.agent.name': 'asker', 'tokenledger.agent.path': '["asker"]', 'tokenledger.agent.run_id': 'one'}, 2000000),
    ('2026-05-01 10:02:00', '11111111111111111111111111111111', '0000000000000003', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10000', 'gen_ai.usage.output_tokens': '100', 'gen_ai.agent.name': 'asker', 'tokenledger.agent.path': '["asker"]', 'tokenledger.agent.run_id': 'one'}, 2000000),
    ('2026-05-01 13:00:00', '66666666666666666666666666666666', '0000000000000030', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'unheard-of', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1000', 'gen_ai.usage.output_tokens': '10', 'gen_ai.agent.name': 'odd', 'tokenledger.agent.path': '["odd"]'}, 2000000),
    ('2026-05-01 13:00:01', '66666666666666666666666666666666', '0000000000000031', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'gen_ai.agent.name': 'odd', 'tokenledger.agent.path': '["odd"]'}, 2000000),
    ('2026-05-01 13:00:02', '66666666666666666666666666666666', '0000000000000032', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1000', 'gen_ai.agent.name': 'odd', 'tokenledger.agent.path': '["odd"]'}, 2000000),
    ('2026-05-01 13:00:03', '66666666666666666666666666666666', '0000000000000033', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'gen_ai.agent.name': 'odd', 'tokenledger.agent.path': '["odd"]', 'tokenledger.usage.source': 'none', 'http.response.status_code': '429', 'tokenledger.call.outcome': 'failed'}, 2000000);

INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:01:00', '11111111111111111111111111111111', '0000000000000002', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10000', 'gen_ai.usage.output_tokens': '100', 'gen_ai.agent.name': 'asker', 'tokenledger.agent.path': '["asker"]', 'tokenledger.agent.run_id': 'one'}, 2000000);

INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000001', '', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '10000', 'gen_ai.usage.output_tokens': '100', 'gen_ai.agent.name': 'asker', 'tokenledger.agent.path': '["asker"]', 'tokenledger.agent.run_id': 'one'}, 2000000);
