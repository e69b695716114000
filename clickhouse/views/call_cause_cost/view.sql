-- Why each call was paid for: every token and fee of it, with its cause.
-- Grain: one row per call, stretch of its prompt or answer, and price component; of one trace, or of all where trace_id is ''. The causes are listed at explain_calls. Parts of a call sum to its cost, to the last digit.
-- Excludes: nothing. Calls that are not explained yet (a job does it every minute), or that do not say how their prompt was made, stand under unexplained, and so does usage that was not reported, with 0 tokens. cost_usd is NULL where a part is not reported or has no price: known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.call_cause_cost ${on_cluster}
AS
SELECT
    replaceAll(toString(calls.trace_id), '-', '') AS trace_id,
    lower(leftPad(hex(calls.span_id), 16, '0')) AS span_id,
    calls.started_at AS started_at,
    calls.model AS model,
    calls.agent_path AS agent_path,
    calls.agent_name AS agent_name,
    calls.customer_id AS customer_id,
    calls.feature_name AS feature_name,
    part.cause AS cause,
    part.component AS component,
    part.tokens AS tokens,
    part.fees AS fees,
    if(part.is_unknown, NULL, part.known_cost_usd) AS cost_usd,
    part.known_cost_usd AS known_cost_usd
FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {trace_id:String}) AS calls
ARRAY JOIN
    arrayZip(calls.causes, calls.components, calls.tokens, calls.fees, calls.is_unknown, calls.known_costs_usd)::Array(Tuple(
        cause String, component String, tokens UInt64, fees UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15))) AS part
