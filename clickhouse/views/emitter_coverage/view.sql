-- Whose spans came in and how they were read: what each emitter reported, and what nobody here can read.
-- Grain: one row per emitter and instrumentation scope; an empty emitter is not listed in the table emitters.
-- Excludes: spans that say nothing of models, agents or tools. unrecognized spans count tokens of a model in no operation that is known, and are not billed; assumed_basis and found_basis are calls whose input nobody declares, or whose own counts contradict what is declared.
CREATE VIEW IF NOT EXISTS ${database}.emitter_coverage ${on_cluster}
AS
SELECT
    counted.emitter AS emitter,
    counted.scope_name AS scope_name,
    sum(counted.calls) AS calls,
    sum(counted.agent_runs) AS agent_runs,
    sum(counted.tool_calls) AS tool_calls,
    sum(counted.unrecognized) AS unrecognized,
    sum(counted.assumed_basis) AS assumed_basis,
    sum(counted.found_basis) AS found_basis
FROM
(
    SELECT
        spans.emitter AS emitter, spans.scope_name AS scope_name,
        countIf(spans.kind = 'llm_call') AS calls,
        countIf(spans.kind = 'agent_run') AS agent_runs,
        countIf(spans.kind = 'tool_call') AS tool_calls,
        countIf(spans.kind = 'unrecognized') AS unrecognized,
        0 AS assumed_basis,
        0 AS found_basis
    FROM ${database}.spans AS spans FINAL
    WHERE spans.kind != 'other'
        AND spans.started_at >= {from:DateTime64(9, 'UTC')} AND spans.started_at < {to:DateTime64(9, 'UTC')}
    GROUP BY spans.emitter, spans.scope_name
    UNION ALL
    SELECT
        calls.emitter AS emitter, calls.scope_name AS scope_name, 0 AS calls, 0 AS agent_runs, 0 AS tool_calls, 0 AS unrecognized,
        countIf(calls.input_basis = 'assumed') AS assumed_basis,
        countIf(calls.input_basis = 'found') AS found_basis
    FROM ${database}.llm_calls AS calls FINAL
    WHERE calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
    GROUP BY calls.emitter, calls.scope_name
) AS counted
GROUP BY counted.emitter, counted.scope_name
ORDER BY counted.emitter, counted.scope_name
