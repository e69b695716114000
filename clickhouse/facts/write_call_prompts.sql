-- What spans say of their prompts, as it came: lists of different lengths are cut to the shortest.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.write_call_prompts ${on_cluster} TO ${database}.call_prompts${local}
AS
WITH
    received.attributes AS attribute,
    packed -> arrayMap(place -> reinterpretAsUInt64(substring(tryBase64Decode(packed), 8 * place + 1, 8)), range(intDiv(length(tryBase64Decode(packed)), 8))) AS unpack,
    numbers -> arrayMap(digits -> toUInt32OrZero(digits), if(numbers = '', [], splitByChar(',', numbers))) AS counts,
    unpack(attribute['tokenledger.prompt.segment.fingerprints']) AS segments,
    unpack(attribute['tokenledger.prompt.prefix.fingerprints']) AS prefixes,
    counts(attribute['tokenledger.prompt.segment.tokens']) AS tokens,
    counts(attribute['tokenledger.prompt.segment.markup']) AS markup,
    least(length(attribute['tokenledger.prompt.segment.kinds']), length(segments), length(prefixes), length(tokens), length(markup), 1000) AS pieces
SELECT
    received.started_at, received.trace_id, received.span_id,
    substring(attribute['tokenledger.prompt.segment.kinds'], 1, pieces) AS segment_kinds,
    arraySlice(tokens, 1, pieces) AS segment_tokens,
    arrayMap(share -> toUInt8(least(share, 100)), arraySlice(markup, 1, pieces)) AS segment_markup,
    arraySlice(segments, 1, pieces) AS segment_fingerprints,
    arraySlice(prefixes, 1, pieces) AS prefix_fingerprints,
    JSONExtract(attribute['tokenledger.prompt.tool_names'], 'Array(String)') AS tool_names,
    unpack(attribute['tokenledger.prompt.chunks']) AS new_chunks,
    reinterpretAsUInt64(tryBase64Decode(attribute['tokenledger.prompt.simhash'])) AS new_simhash,
    toUInt8OrNull(attribute['tokenledger.prompt.retrieval_used']) AS retrieval_used,
    unpack(attribute['tokenledger.answer.fingerprints']) AS answer_fingerprints,
    counts(attribute['tokenledger.answer.tokens']) AS answer_tokens,
    arrayMap(share -> toUInt8(least(share, 100)), counts(attribute['tokenledger.answer.markup'])) AS answer_markup,
    unpack(attribute['tokenledger.answer.chunks']) AS answer_chunks,
    JSONExtract(attribute['tokenledger.answer.tool_names'], 'Array(String)') AS asked_tools
FROM ${database}.spans_received${local} AS received
WHERE received.kind = 'llm_call'
    AND (attribute['tokenledger.prompt.segment.kinds'] != '' OR attribute['tokenledger.answer.fingerprints'] != '')
