-- How emitters spell the values that we compare: lower case, whatever the dialect.
--
-- span.name is no attribute but the span's name, for emitters that say there what the span is: only what is
-- listed, for anybody may call a span chat. span.agent is the agent that runs under such a name. A value
-- that is not listed stays as it came.
CREATE OR REPLACE TABLE ${database}.attribute_values ${on_cluster}
(
    name String COMMENT 'As attribute_names reads it, or span.name or span.agent',
    value String COMMENT 'As an emitter spells it, lower case',
    means String COMMENT 'As facts read it'
)
ENGINE = Join(ANY, LEFT, name, value)
COMMENT 'Grain: one row per spelling of a value'
AS
SELECT listed.name AS name, value, listed.means AS means
FROM VALUES
(
    'name String, means String, spellings Array(String)',

    -- One request to a model; only these are ever billed.
    ('gen_ai.operation.name', 'chat', [
        'llm', 'generation', 'call_llm', 'responses', 'response', 'messages',
        'ai.generatetext.dogenerate', 'ai.streamtext.dostream', 'ai.generateobject.dogenerate', 'ai.streamobject.dostream'
    ]),
    ('gen_ai.operation.name', 'text_completion', ['completion', 'fim']),
    ('gen_ai.operation.name', 'embeddings', ['embedding', 'ai.embed.doembed', 'ai.embedmany.doembed']),
    ('span.name', 'chat', [
        'claude_code.llm_request', 'call_llm',
        'claude_code.api_request', 'claude_code.api_error', 'codex.sse_event/response.completed', 'codex.websocket_event/response.completed',
        'gemini_cli.api_response', 'gemini_cli.api_error'
    ]),

    -- Sums of the requests below them
    ('gen_ai.operation.name', 'invoke_agent', ['agent', 'ai.generatetext', 'ai.streamtext', 'ai.generateobject', 'ai.streamobject']),
    ('span.agent', 'claude-code', ['claude_code.interaction']),
    ('span.name', 'invoke_agent', ['claude_code.interaction', 'gemini_cli.agent.finish']),

    ('gen_ai.operation.name', 'execute_tool', ['tool', 'tool_call', 'ai.toolcall']),
    ('span.name', 'execute_tool', ['claude_code.tool', 'claude_code.tool_result', 'codex.tool_result', 'gemini_cli.tool_call']),

    -- A framework's own name says nothing of whom it asked; nor does that of its scope (see read_spans).
    ('gen_ai.provider.name', '_OTHER', ['strands-agents']),
    ('gen_ai.provider.name', 'openai', ['openai.chat', 'openai.responses', 'openai.completion', 'openai.completions', 'openai.embedding', 'openai.embeddings']),
    ('gen_ai.provider.name', 'anthropic', ['firstparty', 'anthropic.messages']),
    ('gen_ai.provider.name', 'aws.bedrock', ['aws', 'bedrock', 'amazon-bedrock', 'aws_bedrock', 'amazon_bedrock']),
    ('gen_ai.provider.name', 'azure.ai.inference', ['az.ai.inference']),
    ('gen_ai.provider.name', 'azure.ai.openai', ['az.ai.openai', 'azure', 'azure_openai', 'azure.chat', 'azure.responses', 'azure-openai.chat', 'azure-openai.responses', 'azure_ai', 'azure-openai']),
    ('gen_ai.provider.name', 'gcp.gemini', ['gemini', 'google', 'google_genai', 'google.generative-ai', 'google.generative-ai.chat', 'gcp.gen_ai', 'google-gla']),
    ('gen_ai.provider.name', 'gcp.vertex_ai', ['vertex_ai', 'vertexai', 'gcp.vertex.agent', 'google.vertex', 'google.vertex.chat', 'google-vertex', 'vertex']),
    ('gen_ai.provider.name', 'mistral_ai', ['mistralai', 'mistral', 'mistral.chat']),
    ('gen_ai.provider.name', 'x_ai', ['xai', 'xai.chat', 'xai.responses']),
    ('gen_ai.provider.name', 'cohere', ['cohere.chat']),
    ('gen_ai.provider.name', 'groq', ['groq.chat']),
    ('gen_ai.provider.name', 'deepseek', ['deepseek.chat']),

    ('tokenledger.service_tier', 'standard', ['default', 'auto', 'standard_only', 'on_demand'])
) AS listed
ARRAY JOIN if(startsWith(listed.name, 'span.'), listed.spellings, arrayConcat([listed.means], listed.spellings)) AS value
