-- Rewrites the calls whose place in the chain of agents was found to be another, or that several layers report.
--
-- Layers. A framework's span around the provider's span reports the same call, often without a response id to
-- know it by. A call directly beneath another call is taken for the same one where all of this holds; what is
-- left in doubt stays two calls:
--   - they are of different layers: another scope or, of tools that trace all layers in one, another span name;
--   - the inner one begins while the outer one runs;
--   - they name a model in common (a prefix such as models/ or openai/ aside), and no two different responses;
--   - the counts that providers reported to both are equal: output, and input with or without what the cache did;
--   - there is such a count, of output (of input where there is no output); or there are no counts to compare,
--     and the outer one holds no other call.
-- A framework that traces by callbacks does not make its span the active one, so the provider's span is beside it.
-- In one trace a call is taken for the same one that is beside another, too, where it runs within the other's time,
-- both report an output, and all else of the above holds.
-- A call is the same as one other at most, the first that fits: an agent that makes the same call
-- twice pays twice. Up to three layers go by one key, that of the response, else of the innermost span; who of
-- them is the bill is elected like among all reports of a call.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.place_calls ${on_cluster} TO ${database}.llm_calls_unpriced${local}
AS
WITH
    days AS
    (
        SELECT days.started_on, days.trace_id
        FROM ${database}.trace_days${local} AS days
        WHERE days.trace_id IN (SELECT layered.trace_id FROM ${database}.structure_found${local} AS layered WHERE layered.is_layered)
    ),
    reported AS
    (
        SELECT
            calls.trace_id AS trace_id, calls.parent_span_id AS parent_span_id,
            (
                calls.span_id, toString(calls.scope_name), toString(names.name), calls.started_at, calls.started_at + toIntervalNanosecond(calls.duration_ns), calls.duration_ns,
                arrayMap(name -> replaceRegexpOne(lower(name), '^.*/', ''), arrayFilter(name -> name != '', [toString(calls.request_model), toString(calls.response_model)])),
                if(length(calls.response_id) >= 16, calls.call_key, 0),
                if(calls.usage_source = 'reported', calls.input_tokens, NULL),
                ifNull(calls.cache_read_tokens, 0) + ifNull(calls.cache_read_audio_tokens, 0) + ifNull(calls.cache_write_tokens, 0) + ifNull(calls.cache_write_5m_tokens, 0)
                    + ifNull(calls.cache_write_30m_tokens, 0) + ifNull(calls.cache_write_1h_tokens, 0) + ifNull(calls.cache_write_12h_tokens, 0),
                if(calls.usage_source = 'reported', calls.output_tokens, NULL),
                calls.operation = 'embeddings'
            )::Tuple(id UInt64, scope String, name String, started_at DateTime64(9, 'UTC'), ended_at DateTime64(9, 'UTC'), took UInt64, models Array(String),
                response_key UInt64, input Nullable(UInt64), cached UInt64, output Nullable(UInt64), has_no_output UInt8) AS report,
            groupArray(report) OVER (PARTITION BY calls.trace_id, report.output ORDER BY calls.started_at, calls.span_id ROWS BETWEEN 8 PRECEDING AND 32 FOLLOWING) AS near
        FROM ${database}.llm_calls${local} AS calls FINAL
        LEFT JOIN
        (
            SELECT spans.trace_id AS trace_id, spans.span_id AS span_id, any(spans.name) AS name
            FROM ${database}.spans${local} AS spans
            WHERE spans.kind = 'llm_call' AND (toDate(spans.started_at), spans.trace_id) IN (days)
            GROUP BY spans.trace_id, spans.span_id
        ) AS names ON names.trace_id = calls.trace_id AND names.span_id = calls.span_id
        WHERE calls.billed_line = '' AND (toDate(calls.started_at), calls.trace_id) IN (days)
    ),
    reports AS
    (
        SELECT
            reported.trace_id AS trace_id, reported.report AS report,
            arrayFirst(
                inner -> inner.scope != report.scope
                    AND inner.started_at >= report.started_at - INTERVAL 1 MILLISECOND AND inner.ended_at <= report.ended_at + INTERVAL 1 MILLISECOND
                    AND (inner.took, inner.id) < (report.took, report.id)
                    AND hasAny(inner.models, report.models)
                    AND (inner.response_key = report.response_key OR inner.response_key = 0 OR report.response_key = 0)
                    AND ifNull(inner.output > 0, 0)
                    AND ifNull(inner.input = report.input OR inner.input + report.cached = report.input OR report.input + inner.cached = inner.input, 0),
                reported.near) AS beside,
            arrayJoin([(1, report.id), (0, reported.parent_span_id)]) AS place
        FROM reported
    ),
    enclosed AS
    (
        SELECT
            reports.trace_id AS trace_id,
            anyIf(reports.report, reports.place.1 = 1) AS outer,
            arraySort(inner -> (inner.started_at, inner.id), groupArrayIf(reports.report, reports.place.1 = 0)) AS inners,
            anyIf(reports.beside, reports.place.1 = 1) AS beside,
            arrayFirst(
                inner -> (inner.scope != outer.scope OR inner.name != outer.name)
                    AND inner.started_at BETWEEN outer.started_at - INTERVAL 1 MILLISECOND AND outer.ended_at + INTERVAL 1 MILLISECOND
                    AND hasAny(inner.models, outer.models)
                    AND (inner.response_key = outer.response_key OR inner.response_key = 0 OR outer.response_key = 0)
                    AND ifNull(inner.output = outer.output, 1)
                    AND ifNull(inner.input = outer.input OR inner.input + outer.cached = outer.input OR outer.input + inner.cached = inner.input, 1)
                    AND (ifNull(inner.output + outer.output > 0 OR inner.has_no_output AND inner.input + outer.input > 0, 0) OR length(inners) = 1),
                inners) AS beneath,
            if(beneath.id = 0, beside, beneath) AS same
        FROM reports
        GROUP BY reports.trace_id, reports.place.2
        HAVING countIf(reports.place.1 = 1) > 0
    ),
    layers AS
    (
        SELECT
            middles.trace_id AS trace_id,
            arrayConcat(groupArrayIf(middles.outer, middles.place.1 = 0), anyIf([middles.outer], middles.place.1 = 1), anyIf(if(middles.same.id = 0, [], [middles.same]), middles.place.1 = 1)) AS reports,
            arrayFirst(report -> report.response_key != 0, reports).response_key AS response_key,
            if(response_key != 0, response_key, sipHash64('span', trace_id, reports[-1].id)) AS key
        FROM (SELECT enclosed.*, arrayJoin(if(enclosed.same.id = 0, [(1, enclosed.outer.id)], [(1, enclosed.outer.id), (0, enclosed.same.id)])) AS place FROM enclosed) AS middles
        GROUP BY middles.trace_id, middles.place.2
    ),
    keys AS
    (
        SELECT layers.trace_id AS layer_trace_id, id AS layer_span_id, argMax(layers.key, (layers.response_key != 0, length(layers.reports))) AS layer_key
        FROM layers
        ARRAY JOIN layers.reports.id AS id
        GROUP BY layers.trace_id, id
    )
SELECT
    calls.* REPLACE
    (
        found_agent_path[-1] AS agent_name, found_agent_path AS agent_path, found_agent_run_id AS agent_run_id, found_agent_parent_run_id AS agent_parent_run_id,
        found_agent_step AS agent_step, found_customer_id AS customer_id, found_feature_name AS feature_name, found_task_id AS task_id,
        found_conversation_id AS conversation_id,
        if(own.layer_key = 0, calls.call_key, own.layer_key) AS call_key,
        -- A bill of what is no longer the same call bills this one no more.
        if(biller.layer_key NOT IN (0, own.layer_key), 0, calls.billed_by) AS billed_by,
        bitOr(bitAnd(calls.version, 0xFFFFFF0000000000), toUInt64(toUnixTimestamp64Milli(now64(3)) - 1577836800000)) AS version
    )
FROM
(
    SELECT
        (found.started_at, found.trace_id, found.span_id) AS found_row,
        found.agent_path AS found_agent_path, found.agent_run_id AS found_agent_run_id, found.agent_parent_run_id AS found_agent_parent_run_id, found.agent_step AS found_agent_step,
        found.customer_id AS found_customer_id, found.feature_name AS found_feature_name, found.task_id AS found_task_id, found.conversation_id AS found_conversation_id
    FROM ${database}.structure_found${local} AS found
    WHERE found.kind = 'llm_call'
) AS found
INNER JOIN
(
    SELECT rows.*
    FROM ${database}.llm_calls${local} AS rows FINAL
    WHERE (toDate(rows.started_at), rows.trace_id, rows.span_id) IN
        (SELECT toDate(ids.started_at), ids.trace_id, ids.span_id FROM ${database}.structure_found${local} AS ids WHERE ids.kind = 'llm_call')
) AS calls ON (calls.started_at, calls.trace_id, calls.span_id) = found.found_row
LEFT JOIN keys AS own ON own.layer_trace_id = calls.trace_id AND own.layer_span_id = calls.span_id
LEFT JOIN keys AS biller ON biller.layer_trace_id = calls.trace_id AND biller.layer_span_id = calls.billed_by
WHERE (found_agent_path, found_agent_run_id, found_agent_parent_run_id, found_agent_step, found_customer_id, found_feature_name, found_task_id, found_conversation_id)
        != (calls.agent_path, calls.agent_run_id, calls.agent_parent_run_id, calls.agent_step, calls.customer_id, calls.feature_name, calls.task_id, calls.conversation_id)
    OR own.layer_key NOT IN (0, calls.call_key)
    OR biller.layer_key NOT IN (0, own.layer_key)
