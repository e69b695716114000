-- Log records that report a model call, a tool or an agent, as the spans they stand for.
--
-- Some programs trace themselves in logs alone. What a record is, its event's name says: attribute_values lists
-- under span.name which ones are read, with the kind of event after a slash where one name has many. All other
-- records, every body and every attribute that attribute_names does not list go no further: they are where
-- prompts, commands and answers stand. Codex CLI writes an event for every part of a stream, and the last one
-- twice: the one with counts is the call. Tools and agents are told by
-- the spans of programs that trace them, as all but Codex do.
--
-- A record is written at the end of what it reports, so its span starts by its duration earlier. The span that
-- was open when it was written is its parent. Without one, all records of a conversation are one trace: that of
-- the session when its own log is imported. The id of the span follows from the record, so that a delivery
-- again gives the same one.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.read_logs ${on_cluster} TO ${database}.otel_traces
AS
WITH
    records AS
    (
        SELECT
            logs.*,
            firstNonDefault(logs.LogAttributes['event.name'], logs.EventName) AS short_name,
            -- Claude Code leaves its own name out of the attribute.
            concat(
                if(startsWith(logs.Body, 'claude_code.') AND logs.Body = concat('claude_code.', short_name), logs.Body, short_name),
                if(logs.LogAttributes['event.kind'] = '', '', concat('/', logs.LogAttributes['event.kind']))) AS event,
            joinGet('${database}.attribute_values', 'means', 'span.name', lower(event)) AS means,
            mapFilter((name, value) -> joinGet('${database}.attribute_names', 'reads_as', name) NOT IN ('', '{}'), logs.LogAttributes) AS known,
            arrayMap(name -> joinGet('${database}.attribute_names', 'reads_as', name), mapKeys(known)) AS reads,
            least(toUInt64(ifNotFinite(greatest(toFloat64OrZero(firstNonDefault(logs.LogAttributes['duration_ms'], logs.LogAttributes['duration'])), 0), 0) * 1000000), 604800000000000) AS duration,
            firstNonDefault(logs.LogAttributes['session.id'], logs.LogAttributes['conversation.id']) AS conversation,
            match(logs.TraceId, '^[0-9a-f]{32}$') AND logs.TraceId != '00000000000000000000000000000000' AS is_traced
        FROM ${database}.otel_logs${local} AS logs
    )
SELECT
    records.Timestamp - toIntervalNanosecond(records.duration) AS Timestamp,
    if(records.is_traced, records.TraceId, lower(hex(substring(SHA256(concat('session\0', if(records.conversation = '', concat(records.ServiceName, records.event, toString(records.Timestamp)), records.conversation))), 1, 16)))) AS TraceId,
    lower(leftPad(hex(sipHash64(records.TraceId, records.SpanId, records.Timestamp, records.event, mapSort(records.LogAttributes)::Map(String, String))), 16, '0')) AS SpanId,
    if(records.is_traced, records.SpanId, '') AS ParentSpanId,
    '' AS TraceState,
    records.event AS SpanName,
    'Internal' AS SpanKind,
    records.ServiceName AS ServiceName,
    records.ResourceAttributes AS ResourceAttributes,
    records.ScopeName AS ScopeName,
    records.ScopeVersion AS ScopeVersion,
    -- These do not name their provider: they have one.
    mapConcat(map('gen_ai.provider.name', transform(splitByChar('.', records.event)[1], ['codex', 'gemini_cli'], ['openai', 'gcp.gemini'], '')), records.known) AS SpanAttributes,
    records.duration AS Duration,
    if(endsWith(records.event, '_error') OR records.LogAttributes['success'] = 'false', 'Error', 'Unset') AS StatusCode,
    '' AS StatusMessage
FROM records
WHERE records.means IN ('invoke_agent', 'execute_tool') AND NOT (records.is_traced AND NOT startsWith(records.event, 'codex.'))
    OR records.means = 'chat' AND (endsWith(records.event, '_error') OR has(records.reads, 'gen_ai.usage.output_tokens'))
