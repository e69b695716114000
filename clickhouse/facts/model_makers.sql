-- Who sells the models whose names begin like this: for emitters that name the model and not whom they asked.
--
-- Only names that one provider coined; whoever else resells them under the same name is told by the span alone.
CREATE OR REPLACE TABLE ${database}.model_makers ${on_cluster}
(
    beginning String COMMENT 'Of the model''s name, lower case',
    provider LowCardinality(String)
)
ENGINE = MergeTree
ORDER BY beginning
COMMENT 'Grain: one row per beginning of names'
AS
SELECT beginning, listed.provider AS provider
FROM VALUES
(
    'provider String, beginnings Array(String)',

    ('', ['gpt-oss']),
    ('anthropic', ['claude-']),
    ('aws.bedrock', ['amazon.', 'anthropic.', 'cohere.', 'meta.', 'mistral.', 'us.', 'eu.', 'apac.', 'global.']),
    ('gcp.gemini', ['gemini-']),
    ('mistral_ai', ['mistral-', 'codestral-', 'ministral-', 'devstral-', 'magistral-']),
    ('openai', ['chatgpt-', 'gpt-', 'o1', 'o3', 'o4-', 'text-embedding-3-', 'text-embedding-ada-'])
) AS listed
ARRAY JOIN listed.beginnings AS beginning
