-- What a call counts is small, and two of three calls cost what others cost: half the bytes, read as fast.
ALTER TABLE ${database}.llm_calls${local} ${on_cluster}
    MODIFY COLUMN agent_name CODEC(ZSTD(1)),
    MODIFY COLUMN feature_name CODEC(ZSTD(1)),
    MODIFY COLUMN provider CODEC(ZSTD(1)),
    MODIFY COLUMN request_model CODEC(ZSTD(1)),
    MODIFY COLUMN response_model CODEC(ZSTD(1)),
    MODIFY COLUMN model CODEC(ZSTD(1)),
    MODIFY COLUMN cost_usd CODEC(ZSTD(1)),
    MODIFY COLUMN known_cost_usd CODEC(ZSTD(1)),
    MODIFY COLUMN input_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN output_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN input_text_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN cache_read_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN cache_write_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN cache_write_5m_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN cache_write_30m_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN cache_write_1h_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN cache_write_12h_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN input_audio_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN cache_read_audio_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN input_image_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN input_video_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN input_document_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN input_tool_use_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN output_text_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN reasoning_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN output_audio_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN output_image_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN prediction_accepted_tokens CODEC(T64, ZSTD(1)),
    MODIFY COLUMN prediction_rejected_tokens CODEC(T64, ZSTD(1));

-- A week that nothing was written into for an hour becomes one part: FINAL has nothing to compare there, and takes a
-- fifth of its time. A late row makes it merge once more, an hour after the last of them.
ALTER TABLE ${database}.llm_calls${local} ${on_cluster}
    MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1;

ALTER TABLE ${database}.agent_runs${local} ${on_cluster}
    MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1;

ALTER TABLE ${database}.tool_calls${local} ${on_cluster}
    MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1;

ALTER TABLE ${database}.spans${local} ${on_cluster}
    MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1;

ALTER TABLE ${database}.call_prompts${local} ${on_cluster}
    MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1;

ALTER TABLE ${database}.call_causes${local} ${on_cluster}
    MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1;

ALTER TABLE ${database}.prompt_ends${local} ${on_cluster}
    MODIFY SETTING min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1;
