-- How emitters spell what we read: the one list of attribute names, whatever the dialect.
--
-- Left: the name that everything after read_spans sees, which is that of the newest GenAI conventions or
-- our own. Right: other spellings, most trusted first; a span's own canonical name wins over all of
-- them. An attribute that is not listed goes no further than landing.
--
-- {} is no name: those attributes hold JSON, whose members, however deep, are read as attribute#member
-- where they are words or whole numbers.
CREATE OR REPLACE TABLE ${database}.attribute_names ${on_cluster}
(
    name String COMMENT 'As an emitter spells it',
    reads_as String COMMENT 'As facts read it; {}: JSON whose members are read as name#member',
    place UInt8 COMMENT 'Which spelling wins where a span has several: lowest first'
)
ENGINE = Join(ANY, LEFT, name)
COMMENT 'Grain: one row per spelling of an attribute'
AS
SELECT name, listed.reads_as AS reads_as, toUInt8(number) AS place
FROM VALUES
(
    'reads_as String, spellings Array(String)',

    ('{}', ['ai.response.providerMetadata', 'langfuse.observation.usage_details', 'metadata']),

    -- What was done
    ('gen_ai.operation.name', ['openinference.span.kind', 'ai.operationId', 'llm.request.type', 'traceloop.span.kind', 'langfuse.observation.type']),
    ('gen_ai.provider.name', ['gen_ai.system', 'llm.provider', 'llm.system', 'ai.model.provider', 'metadata#ls_provider', 'anthropic.provider']),
    ('gen_ai.request.model', ['llm.request.model_name', 'llm.model_name', 'ai.model.id', 'langfuse.observation.model.name', 'embedding.model_name', 'model']),
    ('gen_ai.response.model', ['llm.response.model_name', 'ai.response.model']),
    ('gen_ai.response.id', ['llm.response.id', 'ai.response.id', 'ai.response.providerMetadata#responseId']),
    ('tokenledger.request.id', ['request_id']),
    ('gen_ai.response.finish_reasons', ['gen_ai.response.stop_reason', 'llm.finish_reason', 'ai.response.finishReason', 'stop_reason']),
    ('gen_ai.request.stream', ['gen_ai.response.streaming', 'gen_ai.request.is_stream', 'llm.is_streaming']),
    ('gen_ai.response.time_to_first_chunk', ['gen_ai.client.operation.time_to_first_chunk']),
    ('time_to_first_chunk.ms', ['ai.response.msToFirstChunk', 'ttft_ms']),
    ('tokenledger.service_tier', ['openai.response.service_tier', 'anthropic.response.service_tier', 'gen_ai.openai.response.service_tier', 'ai.response.providerMetadata#serviceTier', 'ai.response.providerMetadata#service_tier', 'openai.request.service_tier']),
    ('tokenledger.speed', ['ai.response.providerMetadata#speed', 'speed']),
    ('tokenledger.inference_geo', ['ai.response.providerMetadata#inference_geo']),
    ('tokenledger.request.attempts', ['attempt']),
    ('tokenledger.call.outcome', []),
    ('error.type', ['exception.type']),
    ('http.response.status_code', ['http.status_code', 'status_code']),

    -- Whose it was
    ('gen_ai.agent.name', ['agent.name', 'ai.telemetry.functionId', 'agent_name', 'graph.node.name', 'metadata#lc_agent_name']),
    ('entity.name', ['traceloop.entity.name']),
    ('gen_ai.tool.name', ['tool.name', 'ai.toolCall.name', 'tool_name', 'mcp.tool.name', 'function_name']),
    ('gen_ai.tool.call.id', ['tool_call.id', 'ai.toolCall.id', 'tool_use_id', 'call_id']),
    ('gen_ai.conversation.id', ['session.id', 'langfuse.session.id', 'ai.telemetry.metadata.sessionId', 'traceloop.association.properties.session_id', 'gcp.vertex.agent.session_id', 'conversation.id']),
    ('tokenledger.customer.id', ['traceloop.association.properties.customer_id', 'ai.telemetry.metadata.customerId', 'langfuse.trace.metadata.customer_id', 'user.id', 'langfuse.user.id', 'ai.telemetry.metadata.userId', 'traceloop.association.properties.user_id', 'enduser.id']),
    ('tokenledger.feature.name', ['traceloop.association.properties.feature']),
    ('tokenledger.task.id', []),
    ('tokenledger.task.outcome', []),
    ('tokenledger.agent.path', []),
    ('tokenledger.agent.run_id', ['agent_id']),
    ('tokenledger.agent.parent_run_id', ['parent_agent_id']),
    ('tokenledger.agent.step', []),
    ('tokenledger.handoff.from', []),
    ('tokenledger.tool_call.origin_span_id', []),
    ('tokenledger.tool_call.ids', []),
    ('tokenledger.process.id', []),
    ('tokenledger.sequence', []),

    -- How its prompt was made
    ('tokenledger.prompt.segment.kinds', []),
    ('tokenledger.prompt.segment.tokens', []),
    ('tokenledger.prompt.segment.markup', []),
    ('tokenledger.prompt.segment.fingerprints', []),
    ('tokenledger.prompt.prefix.fingerprints', []),
    ('tokenledger.prompt.tool_names', []),
    ('tokenledger.prompt.chunks', []),
    ('tokenledger.prompt.simhash', []),
    ('tokenledger.prompt.retrieval_used', []),
    ('tokenledger.answer.fingerprints', []),
    ('tokenledger.answer.chunks', []),
    ('tokenledger.answer.tokens', []),
    ('tokenledger.answer.markup', []),
    ('tokenledger.answer.tool_names', []),

    -- What was counted
    ('tokenledger.usage.scope', []),
    ('tokenledger.usage.source', []),
    ('tokenledger.usage.inconsistent', []),
    ('tokenledger.usage.line', []),
    ('gen_ai.usage.input_tokens', [
        'gen_ai.usage.prompt_tokens', 'llm.usage.prompt_tokens', 'llm.token_count.prompt', 'ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens',
        'langfuse.observation.usage_details#input', 'langfuse.observation.usage_details#prompt_tokens', 'input_tokens', 'input_token_count'
    ]),
    ('gen_ai.usage.text.input_tokens', []),
    -- All input but what the cache had, beside the total: proves what the total includes.
    ('uncached.input_tokens', ['ai.usage.inputTokenDetails.noCacheTokens', 'ai.response.providerMetadata#input_tokens']),
    ('gen_ai.usage.cache_read.input_tokens', [
        'gen_ai.usage.cache_read_input_tokens', 'gen_ai.usage.input_tokens.cached', 'gen_ai.usage.prompt_tokens_details.cache_read', 'gen_ai.usage.details.cache_read_tokens',
        'llm.token_count.prompt_details.cache_read', 'llm.token_count.prompt_details.cache_input',
        'ai.usage.inputTokenDetails.cacheReadTokens', 'ai.usage.cachedInputTokens', 'ai.response.providerMetadata#cache_read_input_tokens',
        'langfuse.observation.usage_details#cache_read_input_tokens', 'langfuse.observation.usage_details#input_cached_tokens', 'langfuse.observation.usage_details#input_cache_read',
        'cache_read_tokens', 'cached_token_count', 'cached_content_token_count'
    ]),
    ('gen_ai.usage.cache_write.input_tokens', [
        'gen_ai.usage.cache_creation.input_tokens', 'gen_ai.usage.cache_creation_input_tokens', 'gen_ai.usage.cache_write_input_tokens', 'gen_ai.usage.input_tokens.cache_write',
        'gen_ai.usage.prompt_tokens_details.cache_write', 'gen_ai.usage.details.cache_write_tokens',
        'llm.token_count.prompt_details.cache_write', 'ai.usage.inputTokenDetails.cacheWriteTokens', 'ai.response.providerMetadata#cache_creation_input_tokens', 'ai.response.providerMetadata#cacheCreationInputTokens',
        'langfuse.observation.usage_details#cache_creation_input_tokens', 'langfuse.observation.usage_details#input_cache_creation',
        'cache_creation_tokens', 'cache_write_token_count'
    ]),
    ('tokenledger.usage.cache_write.5m.input_tokens', ['anthropic.usage.cache_creation.ephemeral_5m_input_tokens', 'ai.response.providerMetadata#ephemeral_5m_input_tokens', 'langfuse.observation.usage_details#input_cache_creation_5m', 'cache_creation_5m_tokens']),
    ('tokenledger.usage.cache_write.30m.input_tokens', []),
    ('tokenledger.usage.cache_write.1h.input_tokens', ['anthropic.usage.cache_creation.ephemeral_1h_input_tokens', 'ai.response.providerMetadata#ephemeral_1h_input_tokens', 'langfuse.observation.usage_details#input_cache_creation_1h', 'cache_creation_1h_tokens']),
    ('tokenledger.usage.cache_write.12h.input_tokens', []),
    ('gen_ai.usage.audio.input_tokens', ['llm.token_count.prompt_details.audio', 'gen_ai.usage.prompt_tokens_details.audio', 'langfuse.observation.usage_details#input_audio_tokens', 'langfuse.observation.usage_details#input_audio']),
    ('gen_ai.usage.audio.cache_read.input_tokens', []),
    ('gen_ai.usage.image.input_tokens', []),
    ('tokenledger.usage.video.input_tokens', []),
    ('tokenledger.usage.document.input_tokens', []),
    ('tokenledger.usage.tool_use.input_tokens', []),
    ('gen_ai.usage.output_tokens', [
        'gen_ai.usage.completion_tokens', 'llm.usage.completion_tokens', 'llm.token_count.completion', 'ai.usage.outputTokens', 'ai.usage.completionTokens',
        'langfuse.observation.usage_details#output', 'langfuse.observation.usage_details#completion_tokens', 'output_tokens', 'output_token_count'
    ]),
    ('gen_ai.usage.text.output_tokens', []),
    ('gen_ai.usage.reasoning.output_tokens', [
        'gen_ai.usage.reasoning_tokens', 'gen_ai.usage.output_tokens.reasoning', 'gen_ai.usage.completion_tokens_details.reasoning', 'gen_ai.usage.details.reasoning_tokens',
        'llm.token_count.completion_details.reasoning', 'ai.usage.outputTokenDetails.reasoningTokens', 'ai.usage.reasoningTokens', 'ai.response.providerMetadata#thinking_tokens',
        'langfuse.observation.usage_details#output_reasoning_tokens', 'langfuse.observation.usage_details#output_reasoning', 'codex.usage.reasoning_output_tokens', 'reasoning_token_count', 'thoughts_token_count'
    ]),
    ('gen_ai.usage.audio.output_tokens', ['llm.token_count.completion_details.audio', 'gen_ai.usage.completion_tokens_details.audio', 'langfuse.observation.usage_details#output_audio_tokens', 'langfuse.observation.usage_details#output_audio']),
    ('gen_ai.usage.image.output_tokens', []),
    ('tokenledger.usage.prediction.accepted.output_tokens', ['ai.response.providerMetadata#acceptedPredictionTokens', 'langfuse.observation.usage_details#output_accepted_prediction_tokens']),
    ('tokenledger.usage.prediction.rejected.output_tokens', ['ai.response.providerMetadata#rejectedPredictionTokens', 'langfuse.observation.usage_details#output_rejected_prediction_tokens']),
    ('tokenledger.usage.web_search.requests', ['ai.response.providerMetadata#web_search_requests']),
    ('tokenledger.usage.web_fetch.requests', ['ai.response.providerMetadata#web_fetch_requests']),
    ('tokenledger.usage.file_search.requests', []),
    ('tokenledger.usage.code_execution.sessions', [])
) AS listed
ARRAY JOIN arrayConcat([listed.reads_as], listed.spellings) AS name, arrayEnumerate(arrayConcat([listed.reads_as], listed.spellings)) AS number
