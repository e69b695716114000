-- A listed emitter with a run, a call and a tool; somebody unknown, once taken at its word and once contradicted; a span that counts and says not of what; and one of nobody's business.
INSERT INTO ${database}.otel_traces (Timestamp, TraceId, SpanId, ParentSpanId, SpanName, ServiceName, ScopeName, SpanAttributes, Duration) VALUES
    ('2026-05-01 10:00:00', '11111111111111111111111111111111', '0000000000000001', '', 'desk', 'app', '@arizeai/openinference-instrumentation-openai',
        {'openinference.span.kind': 'AGENT'}, 2000000),
    ('2026-05-01 10:00:01', '11111111111111111111111111111111', '0000000000000002', '0000000000000001', 'OpenAI Chat Completions', 'app', '@arizeai/openinference-instrumentation-openai',
        {'openinference.span.kind': 'LLM', 'llm.provider': 'openai', 'llm.model_name': 'gpt-5.4', 'llm.token_count.prompt': '10', 'llm.token_count.completion': '1'}, 2000000),
    ('2026-05-01 10:00:02', '11111111111111111111111111111111', '0000000000000003', '0000000000000001', 'search', 'app', '@arizeai/openinference-instrumentation-openai',
        {'openinference.span.kind': 'TOOL'}, 2000000),
    ('2026-05-01 10:00:03', '11111111111111111111111111111111', '0000000000000004', '', 'chat', 'app', 'somebody',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.response.model': 'gpt-5.4', 'gen_ai.usage.input_tokens': '5', 'gen_ai.usage.output_tokens': '5'}, 2000000),
    ('2026-05-01 10:00:04', '11111111111111111111111111111111', '0000000000000005', '', 'chat', 'app', 'somebody',
        {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'anthropic', 'gen_ai.response.model': 'claude-opus-4-6', 'gen_ai.usage.input_tokens': '5', 'gen_ai.usage.cache_read.input_tokens': '20', 'gen_ai.usage.output_tokens': '5'}, 2000000),
    ('2026-05-01 10:00:05', '11111111111111111111111111111111', '0000000000000006', '', 'ask', 'app', 'somebody.else',
        {'gen_ai.request.model': 'gpt-5.4', 'gen_ai.usage.input_tokens': '5', 'gen_ai.usage.output_tokens': '5'}, 2000000),
    ('2026-05-01 10:00:06', '11111111111111111111111111111111', '0000000000000007', '', 'GET /', 'app', 'http', {'http.response.status_code': '200'}, 2000000);
