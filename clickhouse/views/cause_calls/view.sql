-- Which calls paid most for a cause: what a row of spend_by_cause is made of.
-- Grain: one row per call that paid for the `cause`, dearest first, max_rows at most; of one name of what it is `by` (agent, customer, session, model or service), or of all together where by and name are empty. tokens, fees, cost_usd and known_cost_usd are those of the cause, call_cost_usd and call_known_cost_usd those of the whole call. all_calls, all_unpriced_calls and all_known_cost_usd count calls beyond max_rows too.
-- Excludes: nothing; cost_usd is NULL where a part is not reported or has no price: known_cost_usd is the rest.
CREATE VIEW IF NOT EXISTS ${database}.cause_calls ${on_cluster}
AS
SELECT
    calls.started_at AS started_at,
    replaceAll(toString(calls.trace_id), '-', '') AS trace_id,
    lower(leftPad(hex(calls.span_id), 16, '0')) AS span_id,
    calls.model AS model,
    calls.agent_name AS agent_name,
    calls.customer_id AS customer_id,
    calls.feature_name AS feature_name,
    arraySum(part -> part.tokens, calls.parts) AS tokens,
    arraySum(part -> part.fees, calls.parts) AS fees,
    if(calls.is_unknown, NULL, calls.part_known_cost_usd) AS cost_usd,
    calls.part_known_cost_usd AS known_cost_usd,
    calls.cost_usd AS call_cost_usd,
    calls.known_cost_usd AS call_known_cost_usd,
    count() OVER () AS all_calls,
    countIf(calls.is_unknown) OVER () AS all_unpriced_calls,
    sum(calls.part_known_cost_usd) OVER () AS all_known_cost_usd
FROM
(
    SELECT
        paid.started_at AS started_at, paid.trace_id AS trace_id, paid.span_id AS span_id, paid.model AS model, paid.agent_name AS agent_name,
        paid.customer_id AS customer_id, paid.feature_name AS feature_name, paid.cost_usd AS cost_usd, paid.known_cost_usd AS known_cost_usd,
        arrayFilter(part -> part.cause = {cause:String}, arrayZip(paid.causes, paid.tokens, paid.fees, paid.is_unknown, paid.known_costs_usd)::Array(Tuple(
            cause String, tokens UInt64, fees UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15)))) AS parts,
        arrayExists(part -> part.is_unknown, parts) AS is_unknown,
        arraySum(part -> part.known_cost_usd, parts) AS part_known_cost_usd
    FROM ${database}.call_cause_parts(from = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {in_trace:String}) AS paid
    WHERE has(paid.causes, {cause:String})
        AND ({in_conversation:String} = '' OR paid.conversation_id = {in_conversation:String})
        AND ({in_service:String} = '' OR paid.service_name = {in_service:String})
        AND {name:String} = map(
            'agent', toString(paid.agent_name), 'customer', paid.customer_id, 'model', toString(paid.model), 'service', toString(paid.service_name),
            'session', if(paid.conversation_id = '', replaceAll(toString(paid.trace_id), '-', ''), paid.conversation_id))[{by:String}]
) AS calls
ORDER BY calls.part_known_cost_usd DESC, calls.started_at, calls.trace_id, calls.span_id
LIMIT {max_rows:UInt64}
