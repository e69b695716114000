-- Adds up the billed calls of every path of agents, day by day, where a day does not look as it did the last time.
--
-- A day is known again by how many rows of it are stored and by the sum of their versions: new calls, late ones,
-- rewritten, merged and deleted ones all change that. It is looked at and added up in one statement, but not in one
-- moment: so a day is added up until it looked the same twice. A path that has no call left is written with zeros,
-- for an insert can take nothing away.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.roll_up_agents ${on_cluster}
REFRESH EVERY 1 MINUTE APPEND TO ${database}.agent_days${local}
AS
WITH
    -- Once: read in two places, it could be another list in the second.
    (
        SELECT groupArray((day, stored.looks, stored.looks = rolled_up.looks))
        FROM
        (
            SELECT toDate(calls.started_at) AS day, (count(), sum(calls.version)) AS looks
            FROM ${database}.llm_calls${local} AS calls
            GROUP BY day
        ) AS stored
        -- A day may have its first calls, or have lost them all.
        FULL JOIN
        (
            SELECT
                days.day AS day,
                argMax((days.stored_rows, days.stored_versions), days.rolled_up_at) AS looks,
                argMax(days.is_settled, days.rolled_up_at) AS is_settled
            FROM ${database}.agent_days${local} AS days FINAL
            GROUP BY day
        ) AS rolled_up USING (day)
        WHERE stored.looks != rolled_up.looks OR NOT rolled_up.is_settled
    ) AS changed,
    arrayMap(one -> one.1, changed) AS changed_days
SELECT
    parts.day AS day, parts.agent_path AS agent_path, parts.agent_name AS agent_name,
    sum(parts.calls) AS calls, sum(parts.unpriced_calls) AS unpriced_calls,
    sum(parts.input_tokens) AS input_tokens, sum(parts.output_tokens) AS output_tokens, sum(parts.known_cost_usd) AS known_cost_usd,
    now64(3) AS rolled_up_at,
    any(changed[indexOf(changed_days, parts.day)] AS found).2.1 AS stored_rows, any(found).2.2 AS stored_versions, any(found).3 AS is_settled
FROM
(
    SELECT
        toDate(calls.started_at) AS day, calls.agent_path AS agent_path, calls.agent_name AS agent_name,
        countIf(calls.billed_by = 0) AS calls, countIf(calls.billed_by = 0 AND calls.unpriced != '') AS unpriced_calls,
        sumIf(calls.input_tokens, calls.billed_by = 0) AS input_tokens, sumIf(calls.output_tokens, calls.billed_by = 0) AS output_tokens,
        sumIf(calls.known_cost_usd, calls.billed_by = 0) AS known_cost_usd
    FROM ${database}.llm_calls${local} AS calls FINAL
    WHERE toDate(calls.started_at) IN changed_days
    GROUP BY day, agent_path, agent_name
    UNION ALL
    SELECT days.day, days.agent_path, days.agent_name, 0, 0, NULL, NULL, 0
    FROM ${database}.agent_days${local} AS days FINAL
    WHERE days.day IN changed_days
) AS parts
GROUP BY parts.day, parts.agent_path, parts.agent_name
