CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.index_prompts ${on_cluster} TO ${database}.prompt_ends${local}
AS
SELECT
    explained.prompt_end, explained.provider, explained.model, explained.started_at, explained.trace_id, explained.span_id,
    explained.input_tokens, explained.cached_tokens
FROM ${database}.call_causes${local} AS explained
WHERE explained.prompt_end != 0 AND NOT has(explained.causes, 'failed_attempt')
