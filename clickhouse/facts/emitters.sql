-- Who makes spans, and what the counts in them include: the one place that knows emitters.
--
-- A span's emitter is the longest pattern that its instrumentation scope fits; of that pattern's rows the
-- first whose conditions hold. Declare an emitter only from its source or its real spans: input and
-- output of what is not listed are taken to be inclusive, until their own arithmetic proves otherwise.
CREATE OR REPLACE TABLE ${database}.emitters ${on_cluster}
(
    scope String COMMENT 'Name of the instrumentation scope; with * at its end: how it begins; (itself): whatever it is, of spans that name their emitter as the provider',
    place UInt8 COMMENT 'Order among the rows of a scope',
    emitter LowCardinality(String) COMMENT 'Empty: not listed',
    provider LowCardinality(String) COMMENT 'Condition: gen_ai.provider.name; empty: any',
    version_before Array(UInt32) COMMENT 'Condition: versions of the scope below this one; empty: any. A scope without a version is of version 0',
    without_attribute String COMMENT 'Condition: the span has no attribute of this name, which attribute_names has to list; empty: none',
    input_basis LowCardinality(String) COMMENT 'inclusive: all input; exclusive: without what was read from or written to a cache; disjoint: without any class that has a count of its own; uncached: exclusive, and never says what the cache did; undivided: inclusive, and never says what of it the cache did; empty: not known',
    output_basis LowCardinality(String) COMMENT 'inclusive: all output; exclusive: without reasoning; disjoint: without any class that has a count of its own; empty: not known',
    report_rank UInt8 COMMENT 'Whose report of a call is believed: 0 our hooks in the SDK, 1 the program that calls, of itself, 2 other hooks in the SDK, 3 a framework above it, 4 a session log, 5 not known',
    names_spans Bool COMMENT 'Spans of agents and tools are named after the agent or tool'
)
ENGINE = MergeTree
ORDER BY (scope, place)
COMMENT 'Grain: one row per scope of an emitter and condition'
AS
SELECT listed.scope, listed.place, listed.emitter, listed.provider, listed.version_before, listed.without_attribute,
    listed.input_basis, listed.output_basis, listed.report_rank, listed.names_spans
FROM VALUES
(
    'scope String, place UInt8, emitter String, provider String, version_before Array(UInt32), without_attribute String, input_basis String, output_basis String, report_rank UInt8, names_spans Bool',

    ('*', 0, '', '', [], '', '', '', 5, false),

    ('@tokenledger/instrumentation-*', 0, 'Tokenledger', '', [], '', 'inclusive', 'inclusive', 0, false),
    ('tokenledger.import.*', 0, 'Tokenledger import', '', [], '', 'inclusive', 'inclusive', 4, false),

    -- Programs that trace themselves
    ('com.anthropic.sdk.*', 0, 'Anthropic SDK', '', [], '', 'inclusive', 'inclusive', 1, false),
    ('com.anthropic.claude_code*', 0, 'Claude Code', '', [], '', 'exclusive', 'inclusive', 1, false),
    ('codex*', 0, 'Codex CLI', '', [], '', 'inclusive', 'inclusive', 1, false),
    ('gemini-cli*', 0, 'Gemini CLI', '', [], '', 'inclusive', 'exclusive', 1, false),
    ('mistralai*', 0, 'Mistral SDK', '', [], '', 'undivided', 'inclusive', 1, false),

    -- Instrumentations of SDKs. OpenLLMetry for JavaScript passes on what the provider's fields say.
    ('@opentelemetry/instrumentation-openai*', 0, 'OpenTelemetry', '', [], 'gen_ai.usage.cache_read.input_tokens', 'undivided', 'inclusive', 2, false),
    ('@opentelemetry/instrumentation-openai*', 1, 'OpenTelemetry', '', [], '', 'inclusive', 'inclusive', 2, false),
    ('opentelemetry.instrumentation.openai_v2*', 0, 'OpenTelemetry', '', [], '', 'inclusive', 'inclusive', 2, false),
    ('opentelemetry.instrumentation.google_genai*', 0, 'OpenTelemetry', '', [], '', 'inclusive', 'inclusive', 2, false),
    ('@traceloop/instrumentation-anthropic*', 0, 'OpenLLMetry', '', [0, 25], 'gen_ai.usage.cache_read_input_tokens', 'uncached', 'inclusive', 2, false),
    ('@traceloop/instrumentation-anthropic*', 1, 'OpenLLMetry', '', [], '', 'exclusive', 'inclusive', 2, false),
    ('@traceloop/instrumentation-openai*', 0, 'OpenLLMetry', '', [], 'gen_ai.usage.cache_read.input_tokens', 'undivided', 'inclusive', 2, false),
    ('@traceloop/instrumentation-openai*', 1, 'OpenLLMetry', '', [], '', 'inclusive', 'inclusive', 2, false),
    ('@traceloop/instrumentation-google-generativeai*', 0, 'OpenLLMetry', '', [], '', 'inclusive', 'exclusive', 2, false),
    ('@traceloop/instrumentation-*', 0, 'OpenLLMetry', '', [], '', 'inclusive', 'inclusive', 2, false),
    ('@traceloop/node-server-sdk', 0, 'OpenLLMetry', '', [], '', 'inclusive', 'inclusive', 3, false),
    ('@traceloop/instrumentation-langchain*', 0, 'OpenLLMetry', '', [], '', 'inclusive', 'inclusive', 3, false),
    ('@traceloop/instrumentation-llamaindex*', 0, 'OpenLLMetry', '', [], '', 'inclusive', 'inclusive', 3, false),
    ('opentelemetry.instrumentation.*', 0, 'OpenLLMetry', '', [], '', 'inclusive', 'inclusive', 2, false),
    ('@arizeai/openinference-instrumentation-*', 0, 'OpenInference', '', [], '', 'inclusive', 'inclusive', 2, true),
    ('@arizeai/openinference-instrumentation-langchain*', 0, 'OpenInference', '', [], '', 'inclusive', 'inclusive', 3, true),
    ('@arizeai/openinference-instrumentation-claude-agent-sdk*', 0, 'OpenInference', '', [], '', 'exclusive', 'inclusive', 3, true),
    ('openinference-core', 0, 'OpenInference', '', [], '', 'inclusive', 'inclusive', 3, true),
    ('openinference.instrumentation.*', 0, 'OpenInference', '', [], '', 'inclusive', 'inclusive', 2, true),
    ('openlit*', 0, 'OpenLIT', 'anthropic', [], '', 'exclusive', 'inclusive', 2, false),
    ('openlit*', 1, 'OpenLIT', '', [], '', 'inclusive', 'inclusive', 2, false),
    ('@openlit/*', 0, 'OpenLIT', 'anthropic', [], '', 'exclusive', 'inclusive', 2, false),
    ('@openlit/*', 1, 'OpenLIT', '', [], '', 'inclusive', 'inclusive', 2, false),
    ('langfuse*', 0, 'Langfuse', '', [], '', 'disjoint', 'disjoint', 2, true),
    ('@sentry/*', 0, 'Sentry', '', [], '', 'inclusive', 'inclusive', 2, false),
    ('auto.ai.*', 0, 'Sentry', '', [], '', 'inclusive', 'inclusive', 2, false),

    -- Frameworks. AI SDK 5 passes on what Anthropic says, later versions add the cache; most of their spans prove it.
    ('@ai-sdk/otel*', 0, 'AI SDK', '', [], '', 'inclusive', 'inclusive', 3, false),
    ('gen_ai', 0, 'AI SDK', 'anthropic', [], 'gen_ai.usage.cache_creation.input_tokens', 'undivided', 'inclusive', 3, false),
    ('gen_ai', 1, 'AI SDK', '', [], '', 'inclusive', 'inclusive', 3, false),
    ('ai', 0, 'AI SDK', 'anthropic', [], 'ai.usage.inputTokenDetails.noCacheTokens', 'exclusive', 'inclusive', 3, false),
    ('ai', 1, 'AI SDK', '', [], 'ai.usage.cachedInputTokens', 'undivided', 'inclusive', 3, false),
    ('ai', 2, 'AI SDK', '', [], '', 'inclusive', 'inclusive', 3, false),
    -- Strands for JavaScript calls its scope as the service is called, and the provider too.
    ('(itself)', 0, 'Strands', '', [], '', 'inclusive', 'inclusive', 3, false),
    ('strands*', 0, 'Strands', '', [], '', 'inclusive', 'inclusive', 3, false),
    ('pydantic-ai', 0, 'Pydantic AI', '', [], '', 'inclusive', 'inclusive', 3, false),
    ('logfire*', 0, 'Pydantic Logfire', '', [], '', 'inclusive', 'inclusive', 2, false),
    ('gcp.vertex.agent', 0, 'Google ADK', '', [], '', 'inclusive', 'inclusive', 3, false),
    ('ai.koog', 0, 'Koog', '', [], '', 'inclusive', 'inclusive', 3, false),
    ('langsmith', 0, 'LangSmith', '', [], '', 'inclusive', 'inclusive', 3, false)
) AS listed
