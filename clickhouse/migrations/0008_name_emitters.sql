-- Who made a span, and what its counts include: decided once, where the span is read.
ALTER TABLE ${database}.spans_received${local} ${on_cluster}
    ADD COLUMN IF NOT EXISTS emitter LowCardinality(String) COMMENT 'As emitters calls it; empty: not listed' AFTER scope_version,
    ADD COLUMN IF NOT EXISTS input_basis LowCardinality(String) COMMENT 'What the input count includes, as emitters declares it; empty: not declared' AFTER emitter,
    ADD COLUMN IF NOT EXISTS output_basis LowCardinality(String) AFTER input_basis,
    ADD COLUMN IF NOT EXISTS report_rank UInt8 DEFAULT 5 COMMENT 'As in emitters' AFTER output_basis,
    MODIFY COLUMN kind LowCardinality(String) COMMENT 'llm_call, agent_run, tool_call, unrecognized or other',
    MODIFY COLUMN attributes Map(LowCardinality(String), String) COMMENT 'Names and values of every dialect as attribute_names and attribute_values read them; nothing else';

ALTER TABLE ${database}.llm_calls${local} ${on_cluster}
    ADD COLUMN IF NOT EXISTS emitter LowCardinality(String) COMMENT 'As emitters calls it; empty: not listed' AFTER scope_version,
    ADD COLUMN IF NOT EXISTS report_rank UInt8 DEFAULT 5 COMMENT 'Who is believed where several spans report one call, lowest first: see emitters' AFTER emitter,
    ADD COLUMN IF NOT EXISTS input_basis LowCardinality(String) COMMENT 'What the reported input count included: inclusive, exclusive (cache left out) or disjoint (all other classes left out) as declared; assumed: nobody declares it, taken as inclusive; found: its cache tokens prove that it left them out' AFTER usage_inconsistent;

ALTER TABLE ${database}.llm_calls_unpriced${local} ${on_cluster}
    ADD COLUMN IF NOT EXISTS emitter LowCardinality(String) AFTER scope_version,
    ADD COLUMN IF NOT EXISTS report_rank UInt8 DEFAULT 5 AFTER emitter,
    ADD COLUMN IF NOT EXISTS input_basis LowCardinality(String) AFTER usage_inconsistent;

ALTER TABLE ${database}.spans${local} ${on_cluster}
    ADD COLUMN IF NOT EXISTS emitter LowCardinality(String) COMMENT 'As emitters calls it; empty: not listed' AFTER scope_name,
    MODIFY COLUMN kind LowCardinality(String) COMMENT 'llm_call, agent_run, tool_call, unrecognized (counts tokens of a model, in no operation we know: not billed) or other';
