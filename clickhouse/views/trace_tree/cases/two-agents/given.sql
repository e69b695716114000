-- A lead calls a helper through a tool: the inclusive cost of the root is that of the trace.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000001', '', 'invoke_agent lead', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'lead'}, 2000000),
    ('2026-05-01 10:00:01', '11111111111111111111111111111111', '0000000000000002', '0000000000000001', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '1000', 'gen_ai.usage.output_tokens': '0', 'gen_ai.agent.name': 'lead'}, 2000000),
    ('2026-05-01 10:00:02', '11111111111111111111111111111111', '0000000000000003', '0000000000000001', 'execute_tool delegate', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'delegate'}, 2000000),
    ('2026-05-01 10:00:03', '11111111111111111111111111111111', '0000000000000004', '0000000000000003', 'invoke_agent helper', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'helper'}, 2000000),
    ('2026-05-01 10:00:04', '11111111111111111111111111111111', '0000000000000005', '0000000000000004', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '2000', 'gen_ai.usage.output_tokens': '0', 'gen_ai.agent.name': 'helper'}, 2000000),
    ('2026-05-01 10:00:05', '11111111111111111111111111111111', '0000000000000006', '0000000000000001', 'chat', 'app', '@tokenledger/instrumentation-anthropic',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'tokenledger.usage.source': 'reported', 'gen_ai.usage.input_tokens': '4000', 'gen_ai.usage.output_tokens': '0', 'gen_ai.agent.name': 'lead'}, 2000000);
