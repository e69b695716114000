-- What a task costs, and what one outcome costs when the tasks that did not end in it are paid for too.
-- Grain: one row per feature and outcome, the one recorded last; the empty outcome holds tasks without any. A task is all calls of one task id or, without an id, of one trace; one that used two features is a task of each.
-- Excludes: outcomes recorded outside of agent runs, or in a run that began over a week before the window. per_outcome is what all tasks of the feature took, divided by those with this outcome. Percentiles are of the tasks whose cost or tokens are known in full. cost_usd is NULL where a call has no usage or no price: unpriced_tasks and unpriced_calls count them, known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.task_cost ${on_cluster}
AS
WITH
    tasks AS
    (
        SELECT
            if(calls.task_id = '', toString(calls.trace_id), calls.task_id) AS task,
            calls.feature_name AS feature_name,
            count() AS calls,
            sum(calls.input_tokens) AS input_tokens,
            sum(calls.output_tokens) AS output_tokens,
            countIf(calls.input_tokens IS NULL OR calls.output_tokens IS NULL AND calls.operation != 'embeddings') AS unreported_calls,
            countIf(calls.unpriced != '') AS unpriced_calls,
            sum(calls.known_cost_usd) AS known_cost_usd
        FROM ${database}.llm_calls AS calls FINAL
        WHERE calls.billed_by = 0
            AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
        GROUP BY task, calls.feature_name
    ),
    outcomes AS
    (
        SELECT
            if(runs.task_id = '', toString(runs.trace_id), runs.task_id) AS task,
            argMax(runs.task_outcome, (addNanoseconds(runs.started_at, runs.duration_ns), runs.span_id)) AS outcome
        FROM ${database}.agent_runs AS runs FINAL
        WHERE runs.task_outcome != ''
            AND runs.started_at >= {from:DateTime64(9, 'UTC')} - INTERVAL 7 DAY AND runs.started_at < {to:DateTime64(9, 'UTC')}
        GROUP BY task
    ),
    ended AS
    (
        SELECT
            tasks.feature_name AS feature_name,
            outcomes.outcome AS outcome,
            count() AS tasks,
            countIf(tasks.unpriced_calls > 0) AS unpriced_tasks,
            sum(tasks.calls) AS calls,
            sum(tasks.input_tokens) AS input_tokens,
            sum(tasks.output_tokens) AS output_tokens,
            sum(tasks.unpriced_calls) AS unpriced_calls,
            sum(tasks.known_cost_usd) AS known_cost_usd,
            if(unpriced_tasks = tasks, [], quantilesExactIf(0.5, 0.9, 0.99)(tasks.known_cost_usd, tasks.unpriced_calls = 0)) AS costs,
            if(countIf(tasks.unreported_calls = 0) = 0, [], quantilesExactIf(0.5, 0.9, 0.99)(ifNull(tasks.input_tokens, 0) + ifNull(tasks.output_tokens, 0), tasks.unreported_calls = 0)) AS tokens
        FROM tasks
        LEFT JOIN outcomes ON outcomes.task = tasks.task
        GROUP BY tasks.feature_name, outcomes.outcome
    )
SELECT
    ended.feature_name AS feature_name,
    ended.outcome AS outcome,
    ended.tasks AS tasks,
    ended.unpriced_tasks AS unpriced_tasks,
    ended.calls AS calls,
    ended.input_tokens AS input_tokens,
    ended.output_tokens AS output_tokens,
    ended.unpriced_calls AS unpriced_calls,
    if(ended.unpriced_calls = 0, ended.known_cost_usd, NULL) AS cost_usd,
    ended.known_cost_usd AS known_cost_usd,
    intDiv(ifNull(sum(ended.input_tokens) OVER feature, 0) + ifNull(sum(ended.output_tokens) OVER feature, 0), ended.tasks) AS tokens_per_outcome,
    sum(ended.known_cost_usd) OVER feature / ended.tasks AS known_cost_per_outcome_usd,
    if(empty(ended.tokens), NULL, ended.tokens[1]) AS p50_tokens,
    if(empty(ended.tokens), NULL, ended.tokens[2]) AS p90_tokens,
    if(empty(ended.tokens), NULL, ended.tokens[3]) AS p99_tokens,
    if(empty(ended.costs), NULL, ended.costs[1]) AS p50_cost_usd,
    if(empty(ended.costs), NULL, ended.costs[2]) AS p90_cost_usd,
    if(empty(ended.costs), NULL, ended.costs[3]) AS p99_cost_usd
FROM ended
WINDOW feature AS (PARTITION BY ended.feature_name)
ORDER BY known_cost_usd DESC, feature_name, outcome
