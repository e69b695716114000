-- Rewrites the tool calls whose place in the chain of agents was found to be another; those that stay are not written.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.place_tool_calls ${on_cluster} TO ${database}.tool_calls${local}
AS
SELECT
    tools.* REPLACE
    (
        found_agent_path[-1] AS agent_name, found_agent_path AS agent_path, found_agent_run_id AS agent_run_id, found_agent_step AS agent_step,
        found_customer_id AS customer_id, found_feature_name AS feature_name, found_task_id AS task_id,
        bitOr(bitAnd(tools.version, 0xFFFFFF0000000000), toUInt64(toUnixTimestamp64Milli(now64(3)) - 1577836800000)) AS version
    )
FROM
(
    SELECT
        (found.started_at, found.trace_id, found.span_id) AS found_row,
        found.agent_path AS found_agent_path, found.agent_run_id AS found_agent_run_id, found.agent_step AS found_agent_step, found.customer_id AS found_customer_id,
        found.feature_name AS found_feature_name, found.task_id AS found_task_id
    FROM ${database}.structure_found${local} AS found
    WHERE found.kind = 'tool_call'
) AS found
INNER JOIN
(
    SELECT rows.*
    FROM ${database}.tool_calls${local} AS rows FINAL
    WHERE (toDate(rows.started_at), rows.trace_id, rows.span_id) IN
        (SELECT toDate(ids.started_at), ids.trace_id, ids.span_id FROM ${database}.structure_found${local} AS ids WHERE ids.kind = 'tool_call')
) AS tools ON (tools.started_at, tools.trace_id, tools.span_id) = found.found_row
WHERE (found_agent_path, found_agent_run_id, found_agent_step, found_customer_id, found_feature_name, found_task_id)
        != (tools.agent_path, tools.agent_run_id, tools.agent_step, tools.customer_id, tools.feature_name, tools.task_id)
