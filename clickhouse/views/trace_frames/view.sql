-- One trace as the frames of a flame graph: what each span cost with all that ran under it, beneath one frame for the whole trace.
-- Grain: one row per span, parents before children, after the frame of the trace at level 0. value is the known cost with all that ran under it, self without; self costs sum to the cost of the trace.
-- Excludes: what has no usage or no price, which no frame can be as wide as: trace_tree counts it. Spans whose parent never arrived stand at level 1.
CREATE VIEW IF NOT EXISTS ${database}.trace_frames ${on_cluster}
AS
SELECT
    frame.level AS level,
    frame.label AS label,
    frame.value AS value,
    frame.self AS self
FROM
(
    SELECT
        groupArray((toUInt16(tree.depth + 1), toString(tree.name), tree.inclusive_known_cost_usd, tree.self_known_cost_usd))::Array(Tuple(
            level UInt16, label String, value Decimal(38, 15), self Decimal(38, 15))) AS spans,
        [(0, 'trace', arraySum(span -> span.self, spans), 0)]::Array(Tuple(
            level UInt16, label String, value Decimal(38, 15), self Decimal(38, 15))) AS whole
    FROM ${database}.trace_tree(trace_id = {trace_id:String}) AS tree
    HAVING notEmpty(spans)
) AS trace
ARRAY JOIN arrayConcat(trace.whole, trace.spans) AS frame, arrayEnumerate(arrayConcat(trace.whole, trace.spans)) AS place
ORDER BY place
