-- Who gave work to whom, and what that work cost: hand-offs from agent to agent, and agents that ran under others.
-- Grain: one row per kind (handoff, delegation, or start where nobody is known to have given the work) and pair of agents; the empty agent holds calls of none.
-- Excludes: nothing; costs are those of the receiving agent's own calls and sum to the total. Runs without a model call are counted. cost_usd is NULL where a call has no usage or no price: unpriced_calls counts them, known_cost_usd is the rest. What context was handed over is a cause: see cause_cost.
CREATE VIEW IF NOT EXISTS ${database}.handoffs ${on_cluster}
AS
SELECT
    multiIf(work.handoff_from != '', 'handoff', length(work.agent_path) > 1, 'delegation', 'start') AS kind,
    if(work.handoff_from = '' AND length(work.agent_path) > 1, work.agent_path[-2], work.handoff_from) AS from_agent,
    work.agent_name AS to_agent,
    uniqExactIf((work.trace_id, work.agent_run_id), work.agent_run_id != '') AS runs,
    uniqExact(work.trace_id) AS traces,
    sum(work.is_call) AS calls,
    sum(work.input_tokens) AS input_tokens,
    sum(work.output_tokens) AS output_tokens,
    countIf(work.is_call AND work.cost_usd IS NULL) AS unpriced_calls,
    if(unpriced_calls = 0, sum(work.known_cost_usd), NULL) AS cost_usd,
    sum(work.known_cost_usd) AS known_cost_usd
FROM
(
    SELECT
        true AS is_call, calls.trace_id AS trace_id, calls.agent_run_id AS agent_run_id, calls.agent_name AS agent_name,
        calls.agent_path AS agent_path, calls.handoff_from AS handoff_from, calls.input_tokens AS input_tokens,
        calls.output_tokens AS output_tokens, calls.cost_usd AS cost_usd, calls.known_cost_usd AS known_cost_usd
    FROM ${database}.llm_calls AS calls FINAL
    WHERE calls.billed_by = 0
        AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
    UNION ALL
    SELECT
        false AS is_call, runs.trace_id AS trace_id, runs.agent_run_id AS agent_run_id, runs.agent_name AS agent_name,
        runs.agent_path AS agent_path, runs.handoff_from AS handoff_from, NULL AS input_tokens,
        NULL AS output_tokens, NULL AS cost_usd, toDecimal128(0, 15) AS known_cost_usd
    FROM ${database}.agent_runs AS runs FINAL
    WHERE runs.started_at >= {from:DateTime64(9, 'UTC')} AND runs.started_at < {to:DateTime64(9, 'UTC')}
) AS work
GROUP BY kind, from_agent, to_agent
ORDER BY sum(work.known_cost_usd) DESC, kind, from_agent, to_agent
