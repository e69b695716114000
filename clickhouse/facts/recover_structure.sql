-- Finds for every call, agent run and tool call of a trace its place in the chain of agents, and whom it was for.
--
-- Spans that Tokenledger stamped say so themselves; spans of other emitters know only their parent. Looks at
-- traces in which something came in since the last time and something was not made by Tokenledger. An insert
-- becomes visible later than its received_at, so the times overlap: by a minute, once a minute by three minutes.
-- A trace is always looked at whole, over all its days, so spans may come late, in any order, and parents never.
--
-- The climb. A span's ancestors are found by doubling: in each round a span takes over what the ancestor knows
-- that it points to, so that 1,000 levels take ten rounds. Rounds end where every span has arrived at one
-- without parent, or has covered as many ancestors as the trace has spans: then it is on a circle of parents,
-- or under one, and stands for itself.
--
-- The chain. From the root down, turns change who is at work. An agent run makes its agent the last of the path,
-- and so does a span that names an agent that is not the last already. A stamp is the chain as the program knew
-- it: what it has beyond the stamp above it is added to the path, so that agents of other emitters in between
-- stay; a stamp of another chain replaces the path. A run without an id of its own is known by its span's.
-- Steps are counted among the calls of a run where none of them was given one; layers of one call share theirs.
--
-- Labels and conversation are those of the nearest ancestor that says them.
--
-- Bounds. Traces of more than 100,000 spans keep what their spans say; of more than 250 turns the nearest count.
CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.recover_structure ${on_cluster}
REFRESH EVERY 10 SECOND APPEND TO ${database}.structure_found${local}
AS
WITH RECURSIVE
    (
        SELECT max(views.last_success_time - toIntervalMillisecond(views.last_success_duration_ms))
        FROM system.view_refreshes AS views
        WHERE views.database = '${database}' AND views.view = 'recover_structure'
    ) AS last_recovery,
    ifNull(last_recovery - if(toStartOfMinute(now()) > last_recovery, INTERVAL 180 SECOND, INTERVAL 60 SECOND), (SELECT max(days.received_at) - INTERVAL 1 DAY FROM ${database}.trace_days${local} AS days)) AS since,
    dirty AS
    (
        SELECT days.trace_id AS trace_id, arrayJoin(groupUniqArray(days.started_on)) AS started_on
        FROM ${database}.trace_days${local} AS days
        WHERE days.trace_id GLOBAL IN (SELECT recent.trace_id FROM ${database}.trace_days${local} AS recent WHERE recent.received_at >= since)
        GROUP BY days.trace_id
        HAVING max(days.has_foreign) = 1
    ),
    tree AS
    (
        SELECT
            spans.*,
            count() OVER (PARTITION BY spans.trace_id) AS size,
            if(empty(spans.agent_path), [], [(1, spans.agent_path, spans.agent_run_id, spans.agent_parent_run_id)])::Array(Tuple(is_stamp UInt8, path Array(String), run String, parent_run String)) AS stamp,
            multiIf(
                empty(spans.agent_path) AND spans.agent_run_id != '', spans.agent_run_id,
                spans.kind = 'agent_run' AND (empty(spans.agent_path) OR spans.agent_name != spans.agent_path[-1]), lower(leftPad(hex(spans.span_id), 16, '0')),
                '') AS named_run,
            if(named_run = '' AND spans.agent_name IN ('', spans.agent_path[-1]), [], [(0, [spans.agent_name], named_run, '')])::Array(Tuple(is_stamp UInt8, path Array(String), run String, parent_run String)) AS naming
        FROM
        (
            SELECT spans.*
            FROM ${database}.spans${local} AS spans FINAL
            WHERE (toDate(spans.started_at), spans.trace_id) GLOBAL IN (SELECT dirty.started_on, dirty.trace_id FROM dirty)
            ORDER BY spans.started_at
            LIMIT 1 BY spans.trace_id, spans.span_id
        ) AS spans
        QUALIFY size <= 100000
    ),
    climbed AS
    (
        SELECT
            tree.trace_id AS trace_id, tree.span_id AS span_id, tree.started_at AS started_at, tree.size AS size, toString(tree.kind) AS kind, toString(tree.scope_name) AS scope_name,
            tree.agent_run_id AS said_run_id, tree.agent_step AS said_step,
            toUInt8(0) AS round, toUInt8(1) AS is_open,
            -- The next to be asked; 0: nobody is left.
            tree.parent_span_id AS ancestor,
            arrayConcat(tree.stamp, tree.naming) AS own_turns,
            own_turns AS turns,
            -- The outermost call of those that enclose each other with nothing between.
            tree.kind = 'llm_call' AS only_calls,
            if(tree.kind = 'llm_call', (tree.started_at, tree.span_id), (toDateTime64(0, 9, 'UTC'), toUInt64(0))) AS top_call,
            tree.customer_id AS customer_id, toString(tree.feature_name) AS feature_name, tree.task_id AS task_id, tree.conversation_id AS conversation_id
        FROM tree
        UNION ALL
        SELECT
            below.trace_id, below.span_id, below.started_at, below.size, below.kind, below.scope_name,
            below.said_run_id, below.said_step,
            below.round + 1,
            max(above.ancestor != 0) OVER (PARTITION BY below.trace_id) AND bitShiftLeft(toUInt64(1), below.round + 1) <= below.size,
            above.ancestor,
            below.own_turns,
            -- The same stamp again is no turn.
            arraySlice(arrayConcat(above.turns,
                if(below.turns[1].is_stamp AND below.turns[1] = arrayLast(turn -> turn.is_stamp, above.turns), arrayPopFront(below.turns), below.turns)), -250),
            below.only_calls AND above.only_calls,
            if(below.only_calls AND above.top_call.2 != 0, above.top_call, below.top_call),
            if(below.customer_id != '', below.customer_id, above.customer_id),
            if(below.feature_name != '', below.feature_name, above.feature_name),
            if(below.task_id != '', below.task_id, above.task_id),
            if(below.conversation_id != '', below.conversation_id, above.conversation_id)
        FROM climbed AS below
        LEFT JOIN climbed AS above ON above.trace_id = below.trace_id AND above.span_id = below.ancestor
        WHERE below.is_open
    ),
    chained AS
    (
        SELECT
            climbed.*,
            arrayFold(
                (chain, turn) -> multiIf(
                    NOT turn.is_stamp,
                    (
                        if(turn.path[1] IN ('', chain.path[-1]), chain.path, arrayConcat(chain.path, turn.path)),
                        if(turn.run = '', chain.run, turn.run),
                        if(turn.run IN ('', chain.run), chain.parent_run, chain.run),
                        chain.stamp, chain.stamp_run
                    ),
                    turn.path = chain.stamp AND turn.run = chain.stamp_run,
                    chain,
                    (
                        if(startsWith(turn.path, chain.stamp), arrayConcat(chain.path, arraySlice(turn.path, length(chain.stamp) + 1)), turn.path),
                        turn.run,
                        if(turn.parent_run = '', chain.run, turn.parent_run),
                        turn.path, turn.run
                    ))::Tuple(path Array(String), run String, parent_run String, stamp Array(String), stamp_run String),
                if(climbed.ancestor = 0, climbed.turns, climbed.own_turns),
                ([], '', '', [], '')::Tuple(path Array(String), run String, parent_run String, stamp Array(String), stamp_run String)) AS chain,
            -- A step that was given belongs to the run that it was given in.
            if(chain.run = climbed.said_run_id, climbed.said_step, 0) AS given_step
        FROM climbed
        WHERE NOT climbed.is_open AND climbed.kind IN ('llm_call', 'agent_run', 'tool_call')
    ),
    stepped AS
    (
        SELECT
            chained.*,
            chained.kind = 'llm_call' AND (
                count() OVER (PARTITION BY chained.trace_id, chained.top_call) > 1
                OR uniqExactIf(chained.scope_name, chained.kind = 'llm_call') OVER (PARTITION BY chained.trace_id) > 1) AS is_layered,
            multiIf(
                chained.kind != 'llm_call' OR chained.chain.run = '', 0,
                maxIf(chained.given_step, chained.kind = 'llm_call') OVER (PARTITION BY chained.trace_id, chained.chain.run) > 0, chained.given_step,
                dense_rank() OVER (PARTITION BY chained.trace_id, chained.chain.run, chained.kind ORDER BY chained.top_call)) AS call_step
        FROM chained
    )
SELECT
    stepped.started_at AS started_at, stepped.trace_id AS trace_id, stepped.span_id AS span_id, stepped.kind AS kind,
    stepped.chain.path AS agent_path, stepped.chain.run AS agent_run_id, stepped.chain.parent_run AS agent_parent_run_id,
    multiIf(
        stepped.kind = 'llm_call', stepped.call_step,
        stepped.given_step != 0 OR stepped.chain.run = '', stepped.given_step,
        max(stepped.call_step) OVER (PARTITION BY stepped.trace_id, stepped.chain.run ORDER BY stepped.started_at, stepped.span_id)) AS agent_step,
    stepped.customer_id AS customer_id, stepped.feature_name AS feature_name, stepped.task_id AS task_id, stepped.conversation_id AS conversation_id,
    stepped.is_layered AS is_layered
FROM stepped
