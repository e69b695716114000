-- What is installed. Run before every migration, so that the runner can read it.
CREATE DATABASE IF NOT EXISTS ${database} ${on_cluster};

CREATE TABLE IF NOT EXISTS ${database}.schema_migrations ${on_cluster}
(
    name String,
    content_hash String COMMENT 'SHA-256 of the file: an applied migration never changes',
    applied_at DateTime('UTC') DEFAULT now('UTC')
)
ENGINE = ${replicated}ReplacingMergeTree
ORDER BY name
COMMENT 'Grain: one row per migration applied to the end (read with FINAL)';

CREATE TABLE IF NOT EXISTS ${database}.schema_objects ${on_cluster}
(
    name String,
    content_hash String COMMENT 'SHA-256 of the definition in force',
    deployed_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = ${replicated}ReplacingMergeTree(deployed_at)
ORDER BY name
COMMENT 'Materialized views and saved views, redeployed when their file changes. Grain: one row per object (read with FINAL)';
