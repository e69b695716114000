-- Identity, kind and labels of every span, in canonical names. Total: no attribute can fail an insert.
-- Left out: spans whose ids are not hexadecimal numbers other than zero (counted by delivery_health).
--
-- Names are translated once, here: what follows looks up canonical names only. Whose names and counts
-- they are, attribute_names, attribute_values, emitters and request_marks say; nothing here knows an
-- emitter.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.read_spans ${on_cluster} TO ${database}.spans_received
AS
WITH
    -- Longest first: the first pattern that fits is the most specific one.
    (
        SELECT groupArray((patterns.needle, patterns.rows))
        FROM
        (
            SELECT
                concat('\n', if(endsWith(listed.scope, '*'), trim(TRAILING '*' FROM listed.scope), concat(listed.scope, '\n'))) AS needle,
                arraySort(groupArray((listed.place, listed.provider, listed.version_before, listed.without_attribute, listed.emitter, listed.input_basis, listed.output_basis, listed.report_rank, listed.names_spans))) AS rows
            FROM ${database}.emitters AS listed
            GROUP BY needle
            ORDER BY length(needle) DESC
        ) AS patterns
    ) AS emitters,
    identified AS
    (
        SELECT
            spans.Timestamp, spans.TraceId, spans.SpanId, spans.ParentSpanId, spans.Duration, spans.SpanName, spans.ScopeName,
            spans.ScopeVersion, spans.ServiceName, spans.ResourceAttributes, spans.SpanAttributes, spans.StatusCode,
            mapFilter((name, value) -> value != '' AND joinGet('${database}.attribute_names', 'reads_as', name) != '', spans.SpanAttributes) AS known
        FROM ${database}.otel_traces${local} AS spans
        WHERE match(spans.SpanId, '^[0-9a-fA-F]{16}$') AND spans.SpanId != '0000000000000000'
            AND match(spans.TraceId, '^[0-9a-fA-F]{32}$') AND spans.TraceId != '00000000000000000000000000000000'
    ),
    opened AS
    (
        SELECT
            spans.*,
            arrayFlatten(arrayMap(
                (name, value) -> if(joinGet('${database}.attribute_names', 'reads_as', name) = '{}',
                    arrayMap(member -> (concat(name, '#', member[1]), concat(member[2], member[3])), extractAllGroupsVertical(value, '"([\\w.-]+)" *: *(?:"([\\w.-]+)"|(\\d+)\\b)')),
                    []),
                mapKeys(spans.known), mapValues(spans.known))) AS members
        FROM identified AS spans
    ),
    named AS
    (
        SELECT
            spans.*,
            CAST(arrayMap(
                reading -> (reading.2, firstNonDefault(
                    joinGet('${database}.attribute_values', 'means', reading.2, lower(reading.3)),
                    if(reading.2 = 'gen_ai.provider.name' AND reading.3 = spans.ScopeName, '_OTHER', reading.3))),
                arraySort(reading -> reading.1, arrayFilter(reading -> reading.2 NOT IN ('', '{}'), arrayMap(
                    (name, value) -> (joinGet('${database}.attribute_names', 'place', name), joinGet('${database}.attribute_names', 'reads_as', name), value),
                    arrayConcat(mapKeys(spans.known), spans.members.1), arrayConcat(mapValues(spans.known), spans.members.2))))),
                'Map(LowCardinality(String), String)') AS attributes
        FROM opened AS spans
    ),
    told AS
    (
        SELECT
            spans.*,
            firstNonDefault(spans.attributes['gen_ai.operation.name'], joinGet('${database}.attribute_values', 'means', 'span.name', lower(spans.SpanName))) AS operation,
            joinGet('${database}.request_marks', 'attribute', spans.ScopeName, operation) AS request_mark,
            JSONExtract(spans.attributes['tokenledger.agent.path'], 'Array(String)') AS stamped_path,
            arrayMap(part -> toUInt32OrZero(part), splitByChar('.', spans.ScopeVersion)) AS version,
            spans.attributes['gen_ai.provider.name'] AS provider,
            mapKeys(spans.known) AS names,
            arrayFirst(
                row -> row.2 IN ('', provider) AND (empty(row.3) OR version < row.3) AND (row.4 = '' OR NOT has(names, row.4)),
                emitters[multiSearchFirstIndex(concat('\n', if(provider = '_OTHER', '(itself)', spans.ScopeName), '\n'), emitters.1)].2) AS emitter
        FROM named AS spans
    )
SELECT
    spans.Timestamp AS started_at,
    toUUIDOrZero(spans.TraceId) AS trace_id,
    reinterpretAsUInt64(reverse(unhex(spans.SpanId))) AS span_id,
    if(match(spans.ParentSpanId, '^[0-9a-fA-F]{16}$'), reinterpretAsUInt64(reverse(unhex(spans.ParentSpanId))), 0) AS parent_span_id,
    spans.Duration AS duration_ns,
    spans.operation AS operation,
    multiIf(
        spans.request_mark != '' AND mapContains(spans.SpanAttributes, spans.request_mark), 'llm_call',
        spans.request_mark != '' AND spans.operation != 'invoke_agent', 'other',
        spans.operation IN ('chat', 'text_completion', 'embeddings', 'generate_content')
            AND spans.attributes['tokenledger.usage.scope'] NOT IN ('aggregate', 'remote_agent'), 'llm_call',
        spans.operation = 'invoke_agent', 'agent_run',
        spans.operation = 'execute_tool', 'tool_call',
        spans.operation = '' AND spans.attributes['gen_ai.usage.output_tokens'] != '' AND spans.attributes['gen_ai.request.model'] != '', 'unrecognized',
        'other') AS kind,
    spans.SpanName AS name,
    spans.ScopeName AS scope_name,
    spans.ScopeVersion AS scope_version,
    spans.emitter.5 AS emitter,
    spans.emitter.6 AS input_basis,
    spans.emitter.7 AS output_basis,
    spans.emitter.8 AS report_rank,
    spans.ServiceName AS service_name,
    firstNonDefault(spans.ResourceAttributes['deployment.environment.name'], spans.ResourceAttributes['deployment.environment']) AS environment,
    spans.attributes['tokenledger.process.id'] AS process_id,
    toUInt64OrZero(spans.attributes['tokenledger.sequence']) AS sequence,
    firstNonDefault(
        spans.attributes['gen_ai.agent.name'],
        if(kind = 'agent_run', firstNonDefault(
            spans.attributes['entity.name'],
            joinGet('${database}.attribute_values', 'means', 'span.agent', lower(spans.SpanName)),
            if(spans.emitter.9, toString(spans.SpanName), '')), ''),
        spans.stamped_path[-1]) AS agent_name,
    if(agent_name IN ('', spans.stamped_path[-1]), spans.stamped_path, arrayPushBack(spans.stamped_path, agent_name)) AS agent_path,
    spans.stamped_path AS stamped_path,
    spans.attributes['tokenledger.agent.run_id'] AS agent_run_id,
    spans.attributes['tokenledger.agent.parent_run_id'] AS agent_parent_run_id,
    toUInt32OrZero(spans.attributes['tokenledger.agent.step']) AS agent_step,
    spans.attributes['tokenledger.handoff.from'] AS handoff_from,
    spans.attributes['tokenledger.customer.id'] AS customer_id,
    spans.attributes['tokenledger.feature.name'] AS feature_name,
    spans.attributes['tokenledger.task.id'] AS task_id,
    spans.attributes['gen_ai.conversation.id'] AS conversation_id,
    spans.StatusCode AS status,
    spans.attributes['error.type'] AS error_type,
    spans.attributes AS attributes
FROM told AS spans
