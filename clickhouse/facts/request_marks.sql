-- How to tell the requests of emitters that call other spans by the same operation.
--
-- Of a scope and operation that are listed here, a span is a billed request exactly where it has the
-- attribute. The rest are what the operation else is, or wrappers and parts of a request.
CREATE OR REPLACE TABLE ${database}.request_marks ${on_cluster}
(
    scope String COMMENT 'Name of the instrumentation scope',
    operation String COMMENT 'As attribute_values reads it',
    attribute String COMMENT 'What only the requests have'
)
ENGINE = Join(ANY, LEFT, scope, operation)
COMMENT 'Grain: one row per scope and operation'
AS
SELECT listed.scope, listed.operation, listed.attribute
FROM VALUES
(
    'scope String, operation String, attribute String',

    -- AI SDK 7: the request is within a span of the same name. A request that failed looks like its wrapper.
    ('gen_ai', 'embeddings', 'gen_ai.usage.input_tokens'),
    -- Mistral SDK: the answers of hosted agents are chats beneath the request, which invokes the agent.
    ('mistralai_sdk_tracer', 'chat', 'http.request.method'),
    ('mistralai_sdk_tracer', 'invoke_agent', 'http.request.method')
) AS listed
