-- Rewrites the agent runs whose place in the chain of agents was found to be another; those that stay are not written.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.place_agent_runs ${on_cluster} TO ${database}.agent_runs${local}
AS
SELECT
    runs.* REPLACE
    (
        found_agent_path AS agent_path, found_agent_run_id AS agent_run_id, found_agent_parent_run_id AS agent_parent_run_id, found_customer_id AS customer_id,
        found_feature_name AS feature_name, found_task_id AS task_id,
        bitOr(bitAnd(runs.version, 0xFFFFFF0000000000), toUInt64(toUnixTimestamp64Milli(now64(3)) - 1577836800000)) AS version
    )
FROM
(
    SELECT
        (found.started_at, found.trace_id, found.span_id) AS found_row,
        found.agent_path AS found_agent_path, found.agent_run_id AS found_agent_run_id, found.agent_parent_run_id AS found_agent_parent_run_id, found.customer_id AS found_customer_id,
        found.feature_name AS found_feature_name, found.task_id AS found_task_id
    FROM ${database}.structure_found${local} AS found
    WHERE found.kind = 'agent_run'
) AS found
INNER JOIN
(
    SELECT rows.*
    FROM ${database}.agent_runs${local} AS rows FINAL
    WHERE (toDate(rows.started_at), rows.trace_id, rows.span_id) IN
        (SELECT toDate(ids.started_at), ids.trace_id, ids.span_id FROM ${database}.structure_found${local} AS ids WHERE ids.kind = 'agent_run')
) AS runs ON (runs.started_at, runs.trace_id, runs.span_id) = found.found_row
WHERE (found_agent_path, found_agent_run_id, found_agent_parent_run_id, found_customer_id, found_feature_name, found_task_id)
        != (runs.agent_path, runs.agent_run_id, runs.agent_parent_run_id, runs.customer_id, runs.feature_name, runs.task_id)
