-- What the migrations, facts and views produce together. Generated: UPDATE_SCHEMA=1 npx vitest run clickhouse/test/schema.test.ts

CREATE TABLE tokenledger.agent_days
(
    `day` Date,
    `agent_path` Array(LowCardinality(String)) COMMENT 'Agents from the root to the one that made the calls',
    `agent_name` LowCardinality(String) COMMENT 'Empty: none known',
    `calls` UInt64 COMMENT 'Billed calls; 0: there were some, and are no longer',
    `unpriced_calls` UInt64 COMMENT 'Calls without usage or without a price',
    `input_tokens` Nullable(UInt64) COMMENT 'NULL: no call says',
    `output_tokens` Nullable(UInt64) COMMENT 'NULL: no call says',
    `known_cost_usd` Decimal(38, 15),
    `rolled_up_at` DateTime64(3, 'UTC') COMMENT 'When the day was added up: it has not changed since',
    `stored_rows` UInt64 COMMENT 'Rows of llm_calls of that day then, versions included',
    `stored_versions` UInt64 COMMENT 'Sum of their versions',
    `is_settled` Bool COMMENT 'The day looked the same the time before'
)
ENGINE = ReplacingMergeTree(rolled_up_at)
ORDER BY (day, agent_path, agent_name)
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per day, path of agents and agent (read with FINAL); on a cluster, per shard, too';

CREATE TABLE tokenledger.agent_runs
(
    `started_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `trace_id` UUID CODEC(ZSTD(1)),
    `span_id` UInt64 CODEC(NONE),
    `parent_span_id` UInt64 CODEC(ZSTD(1)),
    `version` UInt64 CODEC(T64, LZ4),
    `duration_ns` UInt64 CODEC(T64, ZSTD(1)),
    `scope_name` LowCardinality(String),
    `service_name` LowCardinality(String),
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `agent_run_id` String CODEC(ZSTD(1)),
    `agent_parent_run_id` String CODEC(ZSTD(1)),
    `handoff_from` LowCardinality(String),
    `customer_id` String CODEC(ZSTD(1)),
    `feature_name` LowCardinality(String),
    `task_id` String CODEC(ZSTD(1)),
    `task_outcome` LowCardinality(String),
    `status` LowCardinality(String) COMMENT 'Unset, Ok, Error',
    `error_type` LowCardinality(String)
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
SETTINGS index_granularity = 8192, min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Grain: one row per run of an agent (read with FINAL)';

CREATE TABLE tokenledger.attribute_names
(
    `name` String COMMENT 'As an emitter spells it',
    `reads_as` String COMMENT 'As facts read it; {}: JSON whose members are read as name#member',
    `place` UInt8 COMMENT 'Which spelling wins where a span has several: lowest first'
)
ENGINE = Join(ANY, LEFT, name)
COMMENT 'Grain: one row per spelling of an attribute';

CREATE TABLE tokenledger.attribute_values
(
    `name` String COMMENT 'As attribute_names reads it, or span.name or span.agent',
    `value` String COMMENT 'As an emitter spells it, lower case',
    `means` String COMMENT 'As facts read it'
)
ENGINE = Join(ANY, LEFT, name, value)
COMMENT 'Grain: one row per spelling of a value';

CREATE TABLE tokenledger.budgets
(
    `scope` LowCardinality(String) COMMENT 'all, customer, feature or agent',
    `name` String COMMENT 'The customer, feature or agent; empty: all. An agent pays for those under it',
    `period` LowCardinality(String) COMMENT 'day, week, month, quarter or year, of the calendar in UTC; weeks start on Monday',
    `valid_from` Date COMMENT 'The row with the newest day that has come counts',
    `limit_usd` Nullable(Decimal(38, 15)) COMMENT 'NULL: from then on there is no budget',
    `recorded_at` DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'),
    CONSTRAINT scope_is_all_customer_feature_or_agent CHECK scope IN ('all', 'customer', 'feature', 'agent'),
    CONSTRAINT only_all_has_no_name CHECK (scope = 'all') = (name = ''),
    CONSTRAINT period_is_day_week_month_quarter_or_year CHECK period IN ('day', 'week', 'month', 'quarter', 'year'),
    CONSTRAINT limit_usd_is_above_zero CHECK ifNull(limit_usd, 1) > 0
)
ENGINE = ReplacingMergeTree(recorded_at)
ORDER BY (scope, name, period, valid_from)
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per budget and day from which it holds (read with FINAL): loading one again corrects it';

CREATE TABLE tokenledger.call_causes
(
    `started_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `trace_id` UUID CODEC(ZSTD(1)),
    `span_id` UInt64 CODEC(NONE),
    `version` UInt64 COMMENT 'Millisecond since 1970 in which it was explained' CODEC(T64, LZ4),
    `prompt_end` UInt64 COMMENT 'Fingerprint of the whole prompt; 0: not recorded' CODEC(NONE),
    `provider` LowCardinality(String),
    `model` LowCardinality(String),
    `agent_run_id` String CODEC(ZSTD(1)),
    `input_tokens` UInt64 CODEC(T64, ZSTD(1)),
    `cached_tokens` UInt64 COMMENT 'Input read from or written to the cache' CODEC(T64, ZSTD(1)),
    `re_read_tokens` UInt64 COMMENT 'Input that an earlier call had read already, paid in full or from the cache' CODEC(T64, ZSTD(1)),
    `causes` Array(LowCardinality(String)) COMMENT 'See cause_cost; with components and counts one entry each' CODEC(ZSTD(3)),
    `components` Array(LowCardinality(String)) COMMENT 'Price component: column of price_cards' CODEC(ZSTD(3)),
    `counts` Array(UInt64) COMMENT 'Tokens, requests or sessions. They sum to the counts of the call' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
SETTINGS index_granularity = 8192, min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Grain: one row per billed call (read with FINAL)';

CREATE TABLE tokenledger.call_prompts
(
    `started_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `trace_id` UUID CODEC(ZSTD(1)),
    `span_id` UInt64 CODEC(NONE),
    `segment_kinds` String COMMENT 'One letter a piece: s system, d tool definition, u user, a assistant, r tool result, c retrieved context, m media, h older pieces merged, x billed and not recorded' CODEC(ZSTD(3)),
    `segment_tokens` Array(UInt32) COMMENT 'Estimated tokens of each piece: shares of the billed input, no bill themselves' CODEC(ZSTD(3)),
    `segment_markup` Array(UInt8) COMMENT 'Per cent of each piece that is brackets, quotes, tags and other structure' CODEC(ZSTD(3)),
    `segment_fingerprints` Array(UInt64) COMMENT 'Of each piece, wherever it stands' CODEC(ZSTD(3)),
    `prefix_fingerprints` Array(UInt64) COMMENT 'Of the prompt up to and including each piece' CODEC(ZSTD(3)),
    `tool_names` Array(LowCardinality(String)) COMMENT 'Tools of the pieces d and r, in order' CODEC(ZSTD(3)),
    `new_chunks` Array(UInt64) COMMENT 'Content-defined chunks of what is new since the model last spoke' CODEC(ZSTD(3)),
    `new_simhash` UInt64 COMMENT 'SimHash of what is new; 0: too little text' CODEC(NONE),
    `retrieval_used` Nullable(UInt8) COMMENT 'Per cent of the new retrieved context that the answer repeats. NULL: nothing was retrieved' CODEC(ZSTD(1)),
    `answer_fingerprints` Array(UInt64) CODEC(ZSTD(3)),
    `answer_tokens` Array(UInt32) COMMENT 'Estimated tokens of each piece of the answer' CODEC(ZSTD(3)),
    `answer_markup` Array(UInt8) CODEC(ZSTD(3)),
    `answer_chunks` Array(UInt64) CODEC(ZSTD(3)),
    `asked_tools` Array(LowCardinality(String)) COMMENT 'Tools that the answer asks for' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
SETTINGS index_granularity = 8192, min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Grain: one row per span that says how its prompt was made (read with FINAL)';

CREATE TABLE tokenledger.call_reports
(
    `call_key` UInt64 COMMENT 'As in llm_calls' CODEC(ZSTD(1)),
    `started_on` Date COMMENT 'With trace_id and span_id: the row of llm_calls' CODEC(ZSTD(1)),
    `trace_id` UUID CODEC(ZSTD(1)),
    `span_id` UInt64 CODEC(NONE),
    `received_at` DateTime('UTC') COMMENT 'When the report was last written: what the election looks at' CODEC(Delta(4), ZSTD(1)),
    INDEX idx_received_at received_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(received_at)
ORDER BY (call_key, started_on, trace_id, span_id)
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per call and span that reports it';

CREATE TABLE tokenledger.emitters
(
    `scope` String COMMENT 'Name of the instrumentation scope; with * at its end: how it begins; (itself): whatever it is, of spans that name their emitter as the provider',
    `place` UInt8 COMMENT 'Order among the rows of a scope',
    `emitter` LowCardinality(String) COMMENT 'Empty: not listed',
    `provider` LowCardinality(String) COMMENT 'Condition: gen_ai.provider.name; empty: any',
    `version_before` Array(UInt32) COMMENT 'Condition: versions of the scope below this one; empty: any. A scope without a version is of version 0',
    `without_attribute` String COMMENT 'Condition: the span has no attribute of this name, which attribute_names has to list; empty: none',
    `input_basis` LowCardinality(String) COMMENT 'inclusive: all input; exclusive: without what was read from or written to a cache; disjoint: without any class that has a count of its own; uncached: exclusive, and never says what the cache did; undivided: inclusive, and never says what of it the cache did; empty: not known',
    `output_basis` LowCardinality(String) COMMENT 'inclusive: all output; exclusive: without reasoning; disjoint: without any class that has a count of its own; empty: not known',
    `report_rank` UInt8 COMMENT 'Whose report of a call is believed: 0 our hooks in the SDK, 1 the program that calls, of itself, 2 other hooks in the SDK, 3 a framework above it, 4 a session log, 5 not known',
    `names_spans` Bool COMMENT 'Spans of agents and tools are named after the agent or tool'
)
ENGINE = MergeTree
ORDER BY (scope, place)
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per scope of an emitter and condition';

CREATE TABLE tokenledger.landing_hours
(
    `landing` String COMMENT 'database.table',
    `hour` DateTime('UTC'),
    `spans` UInt64,
    `read_at` DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(read_at)
ORDER BY (landing, hour)
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per hour of a landing table that has been read whole (read with FINAL)';

CREATE TABLE tokenledger.llm_calls
(
    `started_at` DateTime64(9, 'UTC') COMMENT 'Start of the call' CODEC(Delta(8), ZSTD(1)),
    `trace_id` UUID CODEC(ZSTD(1)),
    `span_id` UInt64 CODEC(NONE),
    `parent_span_id` UInt64 COMMENT '0: no parent' CODEC(ZSTD(1)),
    `version` UInt64 COMMENT 'Completeness of the record (output tokens, 24 bits) * 2^40 + millisecond since 2020 in which a job read it to write it again, 0 as landed' CODEC(T64, LZ4),
    `call_key` UInt64 COMMENT 'Hash of response id and billed line; of the span where no response id is known' CODEC(NONE),
    `request_key` UInt64 COMMENT 'Another name of the call: hash of request id and billed line; 0: no request id is known' CODEC(ZSTD(1)),
    `billed_by` UInt64 COMMENT '0: this row is the bill. Else the span that is: the other reports of the same call' CODEC(ZSTD(1)),
    `duration_ns` UInt64 CODEC(T64, ZSTD(1)),
    `source` LowCardinality(String) COMMENT 'otlp, claude-code, …: how the record came in',
    `scope_name` LowCardinality(String) COMMENT 'Instrumentation scope',
    `scope_version` LowCardinality(String),
    `emitter` LowCardinality(String) COMMENT 'As emitters calls it; empty: not listed',
    `report_rank` UInt8 DEFAULT 5 COMMENT 'Who is believed where several spans report one call, lowest first: see emitters',
    `service_name` LowCardinality(String),
    `environment` LowCardinality(String) COMMENT 'deployment.environment.name',
    `process_id` LowCardinality(String),
    `sequence` UInt64 COMMENT 'Place among the spans of its process, from 1; 0 unknown' CODEC(Delta(8), ZSTD(1)),
    `agent_name` LowCardinality(String) COMMENT 'Agent that made the call; empty: none known' CODEC(ZSTD(1)),
    `agent_path` Array(LowCardinality(String)) COMMENT 'Agents from the root to this one' CODEC(ZSTD(1)),
    `agent_run_id` String CODEC(ZSTD(1)),
    `agent_parent_run_id` String CODEC(ZSTD(1)),
    `agent_step` UInt32 COMMENT 'Place in its run, from 1; 0 unknown' CODEC(T64, ZSTD(1)),
    `handoff_from` LowCardinality(String),
    `customer_id` String CODEC(ZSTD(1)),
    `feature_name` LowCardinality(String) CODEC(ZSTD(1)),
    `task_id` String CODEC(ZSTD(1)),
    `conversation_id` String CODEC(ZSTD(1)),
    `operation` LowCardinality(String),
    `provider` LowCardinality(String) COMMENT 'gen_ai.provider.name, old spellings mapped' CODEC(ZSTD(1)),
    `request_model` LowCardinality(String) CODEC(ZSTD(1)),
    `response_model` LowCardinality(String) CODEC(ZSTD(1)),
    `model` LowCardinality(String) COMMENT 'The model that answered, else the one asked for; as reported' CODEC(ZSTD(1)),
    `response_id` String CODEC(ZSTD(1)),
    `billed_line` LowCardinality(String) COMMENT 'Empty: the call itself. Else usage billed beside it, e.g. compaction/0',
    `service_tier` LowCardinality(String) COMMENT 'standard, batch, flex, priority, fast, …: what served it',
    `region` LowCardinality(String) COMMENT 'Where it ran, as far as that changes the price',
    `streamed` Bool,
    `outcome` LowCardinality(String) COMMENT 'completed, cancelled, failed, abandoned; empty: unknown',
    `error_type` LowCardinality(String),
    `http_status` UInt16,
    `attempts` UInt16 COMMENT 'HTTP requests made, retries included; 0 unknown',
    `finish_reasons` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `time_to_first_chunk_ns` UInt64 COMMENT '0 unknown' CODEC(T64, ZSTD(1)),
    `usage_source` LowCardinality(String) COMMENT 'reported, estimated, partial, or none: nothing was reported',
    `usage_split` LowCardinality(String) COMMENT 'exact, or assumed: the provider counted a token in two classes',
    `usage_inconsistent` LowCardinality(String) COMMENT 'Classes reported above their total, or not as a count; empty: none',
    `input_basis` LowCardinality(String) COMMENT 'What the reported input count included: inclusive, exclusive (cache left out) or disjoint (all other classes left out) as declared; assumed: nobody declares it, taken as inclusive; found: its cache tokens prove that it left them out',
    `usage_reported` Map(LowCardinality(String), String) COMMENT 'The usage attributes as they came, kept where the classes could not be taken from them as they are' CODEC(ZSTD(1)),
    `input_tokens` Nullable(UInt64) COMMENT 'All input, cache included. NULL: not reported' CODEC(T64, ZSTD(1)),
    `output_tokens` Nullable(UInt64) COMMENT 'All output, reasoning included. NULL: not reported' CODEC(T64, ZSTD(1)),
    `input_text_tokens` Nullable(UInt64) COMMENT 'What no other input class holds. The classes are disjoint and sum to input_tokens' CODEC(T64, ZSTD(1)),
    `cache_read_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `cache_write_tokens` Nullable(UInt64) COMMENT 'Writes of unknown time to live' CODEC(T64, ZSTD(1)),
    `cache_write_5m_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `cache_write_30m_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `cache_write_1h_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `cache_write_12h_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_audio_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `cache_read_audio_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_image_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_video_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_document_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `input_tool_use_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `output_text_tokens` Nullable(UInt64) COMMENT 'What no other output class holds. The classes are disjoint and sum to output_tokens' CODEC(T64, ZSTD(1)),
    `reasoning_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `output_audio_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `output_image_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `prediction_accepted_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `prediction_rejected_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `web_search_requests` Nullable(UInt64),
    `web_fetch_requests` Nullable(UInt64),
    `file_search_requests` Nullable(UInt64),
    `code_execution_sessions` Nullable(UInt64),
    `price_version` UInt32 COMMENT 'Catalogue it was priced with; 0 unpriced' CODEC(T64, ZSTD(1)),
    `price_card_id` UInt64 COMMENT 'Row of price_cards; 0 unpriced' CODEC(ZSTD(1)),
    `price_band` UInt8 COMMENT 'Position in context_from of that row, from 1',
    `cost_usd` Nullable(Decimal(38, 15)) COMMENT 'NULL: some part has no usage or no price' CODEC(ZSTD(1)),
    `known_cost_usd` Decimal(38, 15) COMMENT 'What could be priced; equals cost_usd where that is known' CODEC(LZ4),
    `unpriced` LowCardinality(String) COMMENT 'Why cost_usd is NULL: no usage, no input tokens, no output tokens, invalid usage, no catalogue, no model, no price, no price for <component>; empty: priced'
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
SETTINGS index_granularity = 8192, min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Grain: one row per span that reports a model call (read with FINAL); the bill is WHERE billed_by = 0';

CREATE TABLE tokenledger.llm_calls_unpriced
(
    `started_at` DateTime64(9, 'UTC') COMMENT 'Start of the call' CODEC(Delta(8), ZSTD(1)),
    `trace_id` UUID CODEC(ZSTD(1)),
    `span_id` UInt64 CODEC(NONE),
    `parent_span_id` UInt64 COMMENT '0: no parent' CODEC(ZSTD(1)),
    `version` UInt64 COMMENT 'Completeness of the record (output tokens) * 2^32 + second in which a job rewrote it, 0 as landed' CODEC(ZSTD(1)),
    `call_key` UInt64 COMMENT 'Hash of response id and billed line; of the span where no response id is known' CODEC(NONE),
    `request_key` UInt64,
    `billed_by` UInt64 COMMENT '0: this row is the bill. Else the span that is: the other reports of the same call' CODEC(ZSTD(1)),
    `duration_ns` UInt64 CODEC(T64, ZSTD(1)),
    `source` LowCardinality(String) COMMENT 'otlp, claude-code, …: how the record came in',
    `scope_name` LowCardinality(String) COMMENT 'Instrumentation scope',
    `scope_version` LowCardinality(String),
    `emitter` LowCardinality(String),
    `report_rank` UInt8 DEFAULT 5,
    `service_name` LowCardinality(String),
    `environment` LowCardinality(String) COMMENT 'deployment.environment.name',
    `process_id` LowCardinality(String),
    `sequence` UInt64 COMMENT 'Place among the spans of its process, from 1; 0 unknown' CODEC(Delta(8), ZSTD(1)),
    `agent_name` LowCardinality(String) COMMENT 'Agent that made the call; empty: none known',
    `agent_path` Array(LowCardinality(String)) COMMENT 'Agents from the root to this one' CODEC(ZSTD(1)),
    `agent_run_id` String CODEC(ZSTD(1)),
    `agent_parent_run_id` String CODEC(ZSTD(1)),
    `agent_step` UInt32 COMMENT 'Place in its run, from 1; 0 unknown' CODEC(T64, ZSTD(1)),
    `handoff_from` LowCardinality(String),
    `customer_id` String CODEC(ZSTD(1)),
    `feature_name` LowCardinality(String),
    `task_id` String CODEC(ZSTD(1)),
    `conversation_id` String CODEC(ZSTD(1)),
    `operation` LowCardinality(String),
    `provider` LowCardinality(String) COMMENT 'gen_ai.provider.name, old spellings mapped',
    `request_model` LowCardinality(String),
    `response_model` LowCardinality(String),
    `model` LowCardinality(String) COMMENT 'The model that answered, else the one asked for; as reported',
    `response_id` String CODEC(ZSTD(1)),
    `billed_line` LowCardinality(String) COMMENT 'Empty: the call itself. Else usage billed beside it, e.g. compaction/0',
    `service_tier` LowCardinality(String) COMMENT 'standard, batch, flex, priority, fast, …: what served it',
    `region` LowCardinality(String) COMMENT 'Where it ran, as far as that changes the price',
    `streamed` Bool,
    `outcome` LowCardinality(String) COMMENT 'completed, cancelled, failed, abandoned; empty: unknown',
    `error_type` LowCardinality(String),
    `http_status` UInt16,
    `attempts` UInt16 COMMENT 'HTTP requests made, retries included; 0 unknown',
    `finish_reasons` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `time_to_first_chunk_ns` UInt64 COMMENT '0 unknown' CODEC(T64, ZSTD(1)),
    `usage_source` LowCardinality(String) COMMENT 'reported, estimated, partial, or none: nothing was reported',
    `usage_split` LowCardinality(String) COMMENT 'exact, or assumed: the provider counted a token in two classes',
    `usage_inconsistent` LowCardinality(String) COMMENT 'Classes reported above their total, or not as a count; empty: none',
    `input_basis` LowCardinality(String),
    `usage_reported` Map(LowCardinality(String), String) COMMENT 'The usage attributes as they came, kept where the classes could not be taken from them as they are' CODEC(ZSTD(1)),
    `input_tokens` Nullable(UInt64) COMMENT 'All input, cache included. NULL: not reported',
    `output_tokens` Nullable(UInt64) COMMENT 'All output, reasoning included. NULL: not reported',
    `input_text_tokens` Nullable(UInt64) COMMENT 'What no other input class holds. The classes are disjoint and sum to input_tokens',
    `cache_read_tokens` Nullable(UInt64),
    `cache_write_tokens` Nullable(UInt64) COMMENT 'Writes of unknown time to live',
    `cache_write_5m_tokens` Nullable(UInt64),
    `cache_write_30m_tokens` Nullable(UInt64),
    `cache_write_1h_tokens` Nullable(UInt64),
    `cache_write_12h_tokens` Nullable(UInt64),
    `input_audio_tokens` Nullable(UInt64),
    `cache_read_audio_tokens` Nullable(UInt64),
    `input_image_tokens` Nullable(UInt64),
    `input_video_tokens` Nullable(UInt64),
    `input_document_tokens` Nullable(UInt64),
    `input_tool_use_tokens` Nullable(UInt64),
    `output_text_tokens` Nullable(UInt64) COMMENT 'What no other output class holds. The classes are disjoint and sum to output_tokens',
    `reasoning_tokens` Nullable(UInt64),
    `output_audio_tokens` Nullable(UInt64),
    `output_image_tokens` Nullable(UInt64),
    `prediction_accepted_tokens` Nullable(UInt64),
    `prediction_rejected_tokens` Nullable(UInt64),
    `web_search_requests` Nullable(UInt64),
    `web_fetch_requests` Nullable(UInt64),
    `file_search_requests` Nullable(UInt64),
    `code_execution_sessions` Nullable(UInt64),
    `price_version` UInt32 COMMENT 'Catalogue it was priced with; 0 unpriced' CODEC(T64, ZSTD(1)),
    `price_card_id` UInt64 COMMENT 'Row of price_cards; 0 unpriced' CODEC(ZSTD(1)),
    `price_band` UInt8 COMMENT 'Position in context_from of that row, from 1',
    `cost_usd` Nullable(Decimal(38, 15)) COMMENT 'NULL: some part has no usage or no price',
    `known_cost_usd` Decimal(38, 15) COMMENT 'What could be priced; equals cost_usd where that is known',
    `unpriced` LowCardinality(String) COMMENT 'Why cost_usd is NULL: no usage, no input tokens, no output tokens, invalid usage, no catalogue, no model, no price, no price for <component>; empty: priced'
)
ENGINE = `Null`
COMMENT 'Calls on their way to llm_calls: what is inserted here is priced by the catalogue in force';

CREATE TABLE tokenledger.model_makers
(
    `beginning` String COMMENT 'Of the model\'s name, lower case',
    `provider` LowCardinality(String)
)
ENGINE = MergeTree
ORDER BY beginning
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per beginning of names';

CREATE TABLE tokenledger.model_names
(
    `price_version` UInt32,
    `provider` LowCardinality(String),
    `name` String COMMENT 'As reported, lower case',
    `kind` LowCardinality(String) COMMENT 'exact, or prefix: the longest prefix that matches wins',
    `model` LowCardinality(String) COMMENT 'As price_cards calls it'
)
ENGINE = MergeTree
ORDER BY (price_version, provider, name)
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per way a model is spelled';

CREATE TABLE tokenledger.otel_logs
(
    `Timestamp` DateTime64(9),
    `TraceId` String,
    `SpanId` String,
    `TraceFlags` UInt8,
    `SeverityText` LowCardinality(String),
    `SeverityNumber` UInt8,
    `ServiceName` LowCardinality(String),
    `Body` String,
    `ResourceSchemaUrl` LowCardinality(String),
    `ResourceAttributes` Map(LowCardinality(String), String),
    `ScopeSchemaUrl` LowCardinality(String),
    `ScopeName` String,
    `ScopeVersion` LowCardinality(String),
    `ScopeAttributes` Map(LowCardinality(String), String),
    `LogAttributes` Map(LowCardinality(String), String),
    `EventName` String
)
ENGINE = `Null`
COMMENT 'Log records on their way to otel_traces. Grain: one row per delivery of a record';

CREATE TABLE tokenledger.otel_traces
(
    `Timestamp` DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    `TraceId` String CODEC(ZSTD(1)),
    `SpanId` String CODEC(ZSTD(1)),
    `ParentSpanId` String CODEC(ZSTD(1)),
    `TraceState` String CODEC(ZSTD(1)),
    `SpanName` LowCardinality(String) CODEC(ZSTD(1)),
    `SpanKind` LowCardinality(String) CODEC(ZSTD(1)),
    `ServiceName` LowCardinality(String) CODEC(ZSTD(1)),
    `ResourceAttributes` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    `ScopeName` String CODEC(ZSTD(1)),
    `ScopeVersion` String CODEC(ZSTD(1)),
    `SpanAttributes` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    `Duration` UInt64 CODEC(T64, ZSTD(1)),
    `StatusCode` LowCardinality(String) CODEC(ZSTD(1)),
    `StatusMessage` String CODEC(ZSTD(1)),
    `Events.Timestamp` Array(DateTime64(9)) CODEC(ZSTD(1)),
    `Events.Name` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `Events.Attributes` Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    `Links.TraceId` Array(String) CODEC(ZSTD(1)),
    `Links.SpanId` Array(String) CODEC(ZSTD(1)),
    `Links.TraceState` Array(String) CODEC(ZSTD(1)),
    `Links.Attributes` Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_duration Duration TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(Timestamp)
ORDER BY (ServiceName, SpanName, toDateTime(Timestamp), Timestamp)
SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1, non_replicated_deduplication_window = 1000
COMMENT 'Spans as received, at least once. Grain: one row per delivery of a span';

CREATE TABLE tokenledger.price_books
(
    `price_version` UInt32 COMMENT 'Second of publication; the rows are in price_points, price_cards and model_names',
    `content_hash` String COMMENT 'SHA-256 of its rows, or of what they are made of',
    `sources` Array(String) COMMENT 'What it was compiled from, with versions',
    `published_at` DateTime('UTC') DEFAULT now('UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY price_version
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per book beside the published catalogues. Written last: a book without its row is not whole';

CREATE TABLE tokenledger.price_cards
(
    `price_version` UInt32,
    `price_card_id` UInt64 COMMENT 'Hash of the content: equal cards of two catalogues are one card',
    `provider` LowCardinality(String),
    `model` LowCardinality(String),
    `region` LowCardinality(String),
    `service_tier` LowCardinality(String),
    `valid_from` DateTime('UTC'),
    `context_from` Array(UInt64),
    `input` Array(Nullable(Decimal(18, 15))),
    `cache_read` Array(Nullable(Decimal(18, 15))),
    `cache_write` Array(Nullable(Decimal(18, 15))),
    `cache_write_5m` Array(Nullable(Decimal(18, 15))),
    `cache_write_30m` Array(Nullable(Decimal(18, 15))),
    `cache_write_1h` Array(Nullable(Decimal(18, 15))),
    `cache_write_12h` Array(Nullable(Decimal(18, 15))),
    `input_audio` Array(Nullable(Decimal(18, 15))),
    `cache_read_audio` Array(Nullable(Decimal(18, 15))),
    `input_image` Array(Nullable(Decimal(18, 15))),
    `input_video` Array(Nullable(Decimal(18, 15))),
    `input_document` Array(Nullable(Decimal(18, 15))),
    `input_tool_use` Array(Nullable(Decimal(18, 15))),
    `output` Array(Nullable(Decimal(18, 15))),
    `reasoning` Array(Nullable(Decimal(18, 15))),
    `output_audio` Array(Nullable(Decimal(18, 15))),
    `output_image` Array(Nullable(Decimal(18, 15))),
    `prediction_accepted` Array(Nullable(Decimal(18, 15))),
    `prediction_rejected` Array(Nullable(Decimal(18, 15))),
    `web_search` Array(Nullable(Decimal(18, 15))),
    `web_fetch` Array(Nullable(Decimal(18, 15))),
    `file_search` Array(Nullable(Decimal(18, 15))),
    `code_execution` Array(Nullable(Decimal(18, 15))),
    `request` Array(Nullable(Decimal(18, 15))) COMMENT 'Fee per request, NULL or 0 where there is none'
)
ENGINE = MergeTree
ORDER BY (price_version, provider, model, region, service_tier, valid_from)
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per model, region, service tier and start of validity';

CREATE TABLE tokenledger.price_catalogues
(
    `price_version` UInt32 COMMENT 'Second of publication',
    `content_hash` String COMMENT 'SHA-256 of its rows: publishing the same rows again changes nothing',
    `sources` Array(String) COMMENT 'What it was compiled from, with versions',
    `published_at` DateTime('UTC') DEFAULT now('UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY price_version
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per published price catalogue. Written last: a catalogue without its row is not in force';

CREATE TABLE tokenledger.price_points
(
    `price_version` UInt32,
    `provider` LowCardinality(String) COMMENT 'gen_ai.provider.name',
    `model` LowCardinality(String) COMMENT 'Canonical name: see model_names',
    `region` LowCardinality(String) COMMENT 'Empty: anywhere',
    `service_tier` LowCardinality(String) COMMENT 'standard, batch, flex, priority, fast',
    `component` LowCardinality(String) COMMENT 'Component of core token-classes, or request',
    `context_from` UInt64 COMMENT 'Applies to requests of at least so many input tokens, cache included',
    `valid_from` DateTime('UTC') COMMENT 'Since when the source says so',
    `price_usd` Decimal(18, 15) COMMENT 'USD per ONE token, request or session',
    `layer` LowCardinality(String) COMMENT 'genai-prices, overlay or user: later layers win',
    `source` String COMMENT 'Where the price was read',
    `checked_on` Date COMMENT 'When somebody last compared it with the source',
    `confidence` LowCardinality(String) COMMENT 'explicit, derived (by a published rule) or stale',
    `price_card_id` UInt64 COMMENT 'Row of price_cards; 0 in catalogues published before there was this column',
    `stands_in_for` Array(LowCardinality(String)) COMMENT 'Components without a price of their own, which cost as much'
)
ENGINE = MergeTree
ORDER BY (price_version, provider, model, service_tier, region, component, valid_from, context_from)
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per dated price of one component';

CREATE TABLE tokenledger.prompt_ends
(
    `prompt_end` UInt64 CODEC(NONE),
    `provider` LowCardinality(String),
    `model` LowCardinality(String),
    `started_at` DateTime64(9, 'UTC') CODEC(ZSTD(1)),
    `trace_id` UUID CODEC(ZSTD(1)),
    `span_id` UInt64 CODEC(NONE),
    `input_tokens` UInt64 CODEC(T64, ZSTD(1)),
    `cached_tokens` UInt64 CODEC(T64, ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(started_at)
ORDER BY (prompt_end, provider, model, started_at, span_id)
SETTINGS index_granularity = 256, min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Grain: one row per answered call that says how its prompt was made';

CREATE TABLE tokenledger.request_marks
(
    `scope` String COMMENT 'Name of the instrumentation scope',
    `operation` String COMMENT 'As attribute_values reads it',
    `attribute` String COMMENT 'What only the requests have'
)
ENGINE = Join(ANY, LEFT, scope, operation)
COMMENT 'Grain: one row per scope and operation';

CREATE TABLE tokenledger.revenue
(
    `customer_id` String COMMENT 'As on the calls',
    `feature_name` String COMMENT 'As on the calls; empty: paid by the customer for everything',
    `starts_at` DateTime('UTC') COMMENT 'Start of what was paid for',
    `ends_at` DateTime('UTC') COMMENT 'Its end, exclusive. Revenue is earned evenly in between',
    `revenue_usd` Decimal(38, 15),
    `source` String COMMENT 'An invoice, a plan: tells rows of one period apart',
    `recorded_at` DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'),
    CONSTRAINT ends_at_is_after_starts_at CHECK ends_at > starts_at
)
ENGINE = ReplacingMergeTree(recorded_at)
ORDER BY (customer_id, feature_name, starts_at, ends_at, source)
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per customer, feature, period and source (read with FINAL): loading one again corrects it';

CREATE TABLE tokenledger.schema_migrations
(
    `name` String,
    `content_hash` String COMMENT 'SHA-256 of the file: an applied migration never changes',
    `applied_at` DateTime('UTC') DEFAULT now('UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY name
SETTINGS index_granularity = 8192
COMMENT 'Grain: one row per migration applied to the end (read with FINAL)';

CREATE TABLE tokenledger.schema_objects
(
    `name` String,
    `content_hash` String COMMENT 'SHA-256 of the definition in force',
    `deployed_at` DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(deployed_at)
ORDER BY name
SETTINGS index_granularity = 8192
COMMENT 'Materialized views and saved views, redeployed when their file changes. Grain: one row per object (read with FINAL)';

CREATE TABLE tokenledger.spans
(
    `started_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `trace_id` UUID CODEC(ZSTD(1)),
    `span_id` UInt64 CODEC(NONE),
    `parent_span_id` UInt64 CODEC(ZSTD(1)),
    `duration_ns` UInt64 CODEC(T64, ZSTD(1)),
    `kind` LowCardinality(String) COMMENT 'llm_call, agent_run, tool_call, unrecognized (counts tokens of a model, in no operation we know: not billed) or other',
    `name` LowCardinality(String),
    `service_name` LowCardinality(String),
    `scope_name` LowCardinality(String),
    `emitter` LowCardinality(String) COMMENT 'As emitters calls it; empty: not listed',
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)) COMMENT 'Agents from the root, as stamped by Tokenledger; empty: not stamped' CODEC(ZSTD(1)),
    `agent_run_id` String CODEC(ZSTD(1)),
    `agent_parent_run_id` String CODEC(ZSTD(1)),
    `agent_step` UInt32 CODEC(T64, ZSTD(1)),
    `customer_id` String CODEC(ZSTD(1)),
    `feature_name` LowCardinality(String),
    `task_id` String CODEC(ZSTD(1)),
    `conversation_id` String CODEC(ZSTD(1)),
    `process_id` LowCardinality(String) COMMENT 'Process that made the span; empty: not stamped by Tokenledger',
    `sequence` UInt64 COMMENT 'Place among the spans of its process, from 1: gaps are losses' CODEC(T64, ZSTD(1)),
    `status` LowCardinality(String),
    `received_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
SETTINGS index_granularity = 8192, min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'The slim tree. Grain: one row per span (read with FINAL)';

CREATE TABLE tokenledger.spans_received
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `duration_ns` UInt64,
    `operation` LowCardinality(String) COMMENT 'gen_ai.operation.name, old spellings mapped',
    `kind` LowCardinality(String) COMMENT 'llm_call, agent_run, tool_call, unrecognized or other',
    `name` LowCardinality(String),
    `scope_name` LowCardinality(String),
    `scope_version` LowCardinality(String),
    `emitter` LowCardinality(String) COMMENT 'As emitters calls it; empty: not listed',
    `input_basis` LowCardinality(String) COMMENT 'What the input count includes, as emitters declares it; empty: not declared',
    `output_basis` LowCardinality(String),
    `report_rank` UInt8 DEFAULT 5 COMMENT 'As in emitters',
    `service_name` LowCardinality(String),
    `environment` LowCardinality(String),
    `process_id` LowCardinality(String),
    `sequence` UInt64,
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)),
    `stamped_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `agent_step` UInt32,
    `handoff_from` LowCardinality(String),
    `customer_id` String,
    `feature_name` LowCardinality(String),
    `task_id` String,
    `conversation_id` String,
    `status` LowCardinality(String),
    `error_type` LowCardinality(String),
    `attributes` Map(LowCardinality(String), String) COMMENT 'Names and values of every dialect as attribute_names and attribute_values read them; nothing else'
)
ENGINE = `Null`
COMMENT 'Spans on their way from landing to the facts. Grain: one row per delivery of a span with valid ids';

CREATE TABLE tokenledger.structure_found
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `kind` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `agent_step` UInt32,
    `customer_id` String,
    `feature_name` String,
    `task_id` String,
    `conversation_id` String,
    `is_layered` UInt8 COMMENT '1: a call directly around or beneath another call, or in a trace of several scopes'
)
ENGINE = `Null`
COMMENT 'Places in the chain of agents, on their way to the facts. Grain: one row per call, run or tool call of a trace that was looked at';

CREATE TABLE tokenledger.tool_calls
(
    `started_at` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `trace_id` UUID CODEC(ZSTD(1)),
    `span_id` UInt64 CODEC(NONE),
    `parent_span_id` UInt64 CODEC(ZSTD(1)),
    `version` UInt64 CODEC(T64, LZ4),
    `duration_ns` UInt64 CODEC(T64, ZSTD(1)),
    `scope_name` LowCardinality(String),
    `service_name` LowCardinality(String),
    `tool_name` LowCardinality(String),
    `tool_call_id` String CODEC(ZSTD(1)),
    `origin_span_id` UInt64 COMMENT 'Model call that asked for it; 0 unknown' CODEC(ZSTD(1)),
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `agent_run_id` String CODEC(ZSTD(1)),
    `agent_step` UInt32 CODEC(T64, ZSTD(1)),
    `customer_id` String CODEC(ZSTD(1)),
    `feature_name` LowCardinality(String),
    `task_id` String CODEC(ZSTD(1)),
    `status` LowCardinality(String),
    `error_type` LowCardinality(String)
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(started_at)
ORDER BY (toDate(started_at), trace_id, span_id)
SETTINGS index_granularity = 8192, min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = 1
COMMENT 'Grain: one row per execution of a tool (read with FINAL)';

CREATE TABLE tokenledger.trace_days
(
    `trace_id` UUID CODEC(ZSTD(1)),
    `started_on` Date CODEC(ZSTD(1)),
    `received_at` SimpleAggregateFunction(max, DateTime('UTC')) COMMENT 'When a span of this day was last written' CODEC(Delta(4), ZSTD(1)),
    `has_foreign` SimpleAggregateFunction(max, UInt8) COMMENT '1: spans that Tokenledger did not make say something of structure' CODEC(ZSTD(1)),
    INDEX idx_received_at received_at TYPE minmax GRANULARITY 1
)
ENGINE = AggregatingMergeTree
PARTITION BY toMonday(started_on)
ORDER BY (trace_id, started_on)
SETTINGS index_granularity = 8192
COMMENT 'Finds the days of a trace, and the traces whose structure may have changed. Grain: one row per trace and day (aggregate it)';

CREATE VIEW tokenledger.agent_cost
AS SELECT
    agents.agent AS agent_name,
    sumIf(agents.calls, agents.is_own) AS self_calls,
    sum(agents.calls) AS inclusive_calls,
    sumIf(agents.unpriced_calls, agents.is_own) AS self_unpriced_calls,
    sum(agents.unpriced_calls) AS inclusive_unpriced_calls,
    sumIf(agents.input_tokens, agents.is_own) AS self_input_tokens,
    sumIf(agents.output_tokens, agents.is_own) AS self_output_tokens,
    if(self_unpriced_calls = 0, sumIf(agents.known_cost_usd, agents.is_own), NULL) AS self_cost_usd,
    if(inclusive_unpriced_calls = 0, sum(agents.known_cost_usd), NULL) AS inclusive_cost_usd,
    sumIf(agents.known_cost_usd, agents.is_own) AS self_known_cost_usd,
    sum(agents.known_cost_usd) AS inclusive_known_cost_usd
FROM
(
    SELECT
        arrayJoin(if(empty(paths.agent_path), [paths.agent_name], arrayDistinct(paths.agent_path))) AS agent,
        agent = paths.agent_name AS is_own,
        paths.*
    FROM
    (
        SELECT
            calls.agent_path AS agent_path,
            calls.agent_name AS agent_name,
            count() AS calls,
            countIf(calls.unpriced != '') AS unpriced_calls,
            sum(calls.input_tokens) AS input_tokens,
            sum(calls.output_tokens) AS output_tokens,
            sum(calls.known_cost_usd) AS known_cost_usd
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
        GROUP BY
            calls.agent_path,
            calls.agent_name
    ) AS paths
) AS agents
GROUP BY agents.agent
ORDER BY
    inclusive_known_cost_usd DESC,
    agent_name ASC;

CREATE VIEW tokenledger.agent_cost_by_day
AS SELECT
    agents.day AS day,
    agents.agent AS agent_name,
    sumIf(agents.calls, agents.is_own) AS self_calls,
    sum(agents.calls) AS inclusive_calls,
    sumIf(agents.unpriced_calls, agents.is_own) AS self_unpriced_calls,
    sum(agents.unpriced_calls) AS inclusive_unpriced_calls,
    sumIf(agents.input_tokens, agents.is_own) AS self_input_tokens,
    sumIf(agents.output_tokens, agents.is_own) AS self_output_tokens,
    if(self_unpriced_calls = 0, sumIf(agents.known_cost_usd, agents.is_own), NULL) AS self_cost_usd,
    if(inclusive_unpriced_calls = 0, sum(agents.known_cost_usd), NULL) AS inclusive_cost_usd,
    sumIf(agents.known_cost_usd, agents.is_own) AS self_known_cost_usd,
    sum(agents.known_cost_usd) AS inclusive_known_cost_usd
FROM
(
    SELECT
        arrayJoin(if(empty(days.agent_path), [days.agent_name], arrayDistinct(days.agent_path))) AS agent,
        agent = days.agent_name AS is_own,
        days.*
    FROM tokenledger.agent_days AS days
    FINAL
    WHERE (days.calls > 0) AND (days.day >= {from:DateTime64(9, 'UTC')}) AND (days.day < {to:DateTime64(9, 'UTC')})
) AS agents
GROUP BY
    agents.day,
    agents.agent
ORDER BY
    agents.day ASC,
    inclusive_known_cost_usd DESC,
    agent_name ASC;

CREATE VIEW tokenledger.agent_overhead
AS WITH
    chains AS
    (
        SELECT
            calls.trace_id AS trace_id,
            CAST(if(empty(calls.agent_path), if(calls.agent_name = '', [], [calls.agent_name]), calls.agent_path), 'Array(String)') AS path,
            count() AS calls,
            sum(arraySum(calls.tokens)) AS tokens,
            sum(arraySum((tokens, fees, is_unknown) -> if(is_unknown, tokens + fees, 0), calls.tokens, calls.fees, calls.is_unknown)) AS unpriced,
            sum(calls.known_cost_usd) AS known_cost_usd,
            sum(arraySum((cause, tokens) -> if(cause = 'handed_over_context', tokens, 0), calls.causes, calls.tokens)) AS handed_tokens,
            sum(arraySum((cause, cost) -> if(cause = 'handed_over_context', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd)) AS handed_cost_usd
        FROM `tokenledger.call_cause_parts`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
        GROUP BY
            calls.trace_id,
            path
    ),
    traces AS
    (
        SELECT
            chains.trace_id AS trace_id,
            groupUniqArrayIf(arrayPopBack(chains.path), length(chains.path) > 1) AS coordinating,
            groupArray((chains.path, chains.calls, chains.tokens, chains.unpriced, chains.known_cost_usd, chains.handed_tokens, chains.handed_cost_usd)) AS chains
        FROM chains
        GROUP BY chains.trace_id
    ),
    judged AS
    (
        SELECT
            traces.trace_id AS trace_id,
            chain.path[1] AS root_agent,
            has(traces.coordinating, chain.path) AS is_coordinating,
            chain.calls AS calls,
            chain.tokens AS tokens,
            chain.unpriced AS unpriced,
            chain.known_cost_usd AS known_cost_usd,
            if(is_coordinating, 0, chain.handed_tokens) AS handed_tokens,
            if(is_coordinating, toDecimal128(0, 15), chain.handed_cost_usd) AS handed_cost_usd
        FROM traces
        ARRAY JOIN CAST(traces.chains, 'Array(Tuple(path Array(String), calls UInt64, tokens UInt64, unpriced UInt64, known_cost_usd Decimal(38, 15), handed_tokens UInt64, handed_cost_usd Decimal(38, 15)))') AS chain
    )
SELECT
    judged.root_agent AS root_agent,
    uniqExact(judged.trace_id) AS traces,
    sum(judged.calls) AS calls,
    sumIf(judged.calls, judged.is_coordinating) AS coordinating_calls,
    sum(judged.tokens) AS tokens,
    sumIf(judged.tokens, judged.is_coordinating) AS coordination_tokens,
    sum(judged.handed_tokens) AS handed_over_tokens,
    sum(judged.unpriced) AS unpriced,
    sum(judged.known_cost_usd) AS known_cost_usd,
    sumIf(judged.known_cost_usd, judged.is_coordinating) AS coordination_known_cost_usd,
    sum(judged.handed_cost_usd) AS handed_over_known_cost_usd,
    (sum(judged.known_cost_usd) - coordination_known_cost_usd) - handed_over_known_cost_usd AS direct_known_cost_usd,
    round(toFloat64(sum(judged.known_cost_usd)) / nullIf(toFloat64(direct_known_cost_usd), 0), 4) AS multiplier
FROM judged
GROUP BY judged.root_agent
ORDER BY
    sum(judged.known_cost_usd) DESC,
    root_agent ASC;

CREATE VIEW tokenledger.agent_path_cost
AS SELECT
    prefix AS agent_path,
    length(prefix) AS depth,
    sumIf(paths.calls, prefix = paths.path) AS self_calls,
    sum(paths.calls) AS inclusive_calls,
    sumIf(paths.unpriced_calls, prefix = paths.path) AS self_unpriced_calls,
    sum(paths.unpriced_calls) AS inclusive_unpriced_calls,
    sumIf(paths.input_tokens, prefix = paths.path) AS self_input_tokens,
    sumIf(paths.output_tokens, prefix = paths.path) AS self_output_tokens,
    if(self_unpriced_calls = 0, sumIf(paths.known_cost_usd, prefix = paths.path), NULL) AS self_cost_usd,
    if(inclusive_unpriced_calls = 0, sum(paths.known_cost_usd), NULL) AS inclusive_cost_usd,
    sumIf(paths.known_cost_usd, prefix = paths.path) AS self_known_cost_usd,
    sum(paths.known_cost_usd) AS inclusive_known_cost_usd
FROM
(
    SELECT
        CAST(if(empty(calls.agent_path) AND (calls.agent_name != ''), [calls.agent_name], calls.agent_path), 'Array(String)') AS path,
        count() AS calls,
        countIf(calls.unpriced != '') AS unpriced_calls,
        sum(calls.input_tokens) AS input_tokens,
        sum(calls.output_tokens) AS output_tokens,
        sum(calls.known_cost_usd) AS known_cost_usd
    FROM tokenledger.llm_calls AS calls
    FINAL
    WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
    GROUP BY path
) AS paths
ARRAY JOIN if(empty(paths.path), [paths.path], arrayMap(depth -> arraySlice(paths.path, 1, depth), arrayEnumerate(paths.path))) AS prefix
GROUP BY prefix
ORDER BY prefix ASC;

CREATE VIEW tokenledger.band_prices
(
    `price_card_id` UInt64,
    `band` UInt32,
    `context_from` UInt64,
    `prices` Array(Nullable(Decimal(18, 15)))
)
AS SELECT
    cards.price_card_id AS price_card_id,
    band,
    cards.context_from[band] AS context_from,
    arrayMap(bands -> (bands[band]), cards.prices) AS prices
FROM tokenledger.card_prices AS cards
ARRAY JOIN arrayEnumerate(cards.context_from) AS band;

CREATE VIEW tokenledger.billed_classes
AS SELECT
    calls.started_at AS started_at,
    calls.started_at + toIntervalNanosecond(toInt64(if(calls.time_to_first_chunk_ns = 0, calls.duration_ns, calls.time_to_first_chunk_ns))) AS answered_at,
    calls.trace_id AS trace_id,
    calls.span_id AS span_id,
    calls.service_name AS service_name,
    calls.conversation_id AS conversation_id,
    calls.customer_id AS customer_id,
    calls.agent_name AS agent_name,
    calls.agent_run_id AS agent_run_id,
    calls.operation AS operation,
    calls.provider AS provider,
    calls.model AS model,
    calls.service_tier AS service_tier,
    calls.region AS region,
    calls.streamed AS streamed,
    calls.outcome AS outcome,
    calls.finish_reasons AS finish_reasons,
    calls.input_tokens AS input_tokens,
    calls.output_tokens AS output_tokens,
    calls.cost_usd AS cost_usd,
    calls.known_cost_usd AS known_cost_usd,
    calls.price_card_id AS price_card_id,
    calls.price_band AS price_band,
    arrayMap(count -> toInt64(ifNull(count, 0)), [calls.input_text_tokens, calls.cache_read_tokens, calls.cache_write_tokens, calls.cache_write_5m_tokens, calls.cache_write_30m_tokens, calls.cache_write_1h_tokens, calls.cache_write_12h_tokens, calls.input_audio_tokens, calls.cache_read_audio_tokens, calls.input_image_tokens, calls.input_video_tokens, calls.input_document_tokens, calls.input_tool_use_tokens, calls.output_text_tokens, calls.reasoning_tokens, calls.output_audio_tokens, calls.output_image_tokens, calls.prediction_accepted_tokens, calls.prediction_rejected_tokens, calls.web_search_requests, calls.web_fetch_requests, calls.file_search_requests, calls.code_execution_sessions, toUInt64((calls.billed_line = '') AND (calls.usage_source != 'none'))]) AS counts
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')}) AND (({in_trace:String} = '') OR (calls.trace_id = toUUIDOrZero({in_trace:String}))) AND (({in_conversation:String} = '') OR (calls.conversation_id = {in_conversation:String})) AND (({in_service:String} = '') OR (calls.service_name = {in_service:String}));

CREATE VIEW tokenledger.billed_day
AS WITH
    cards AS
    (
        SELECT
            all_cards.price_version AS price_version,
            all_cards.price_card_id AS price_card_id,
            any(all_cards.model) AS model,
            any([all_cards.web_search, all_cards.web_fetch, all_cards.file_search, all_cards.code_execution]) AS fees
        FROM tokenledger.price_cards AS all_cards
        GROUP BY
            all_cards.price_version,
            all_cards.price_card_id
    )
SELECT
    toDate(calls.started_at) AS day,
    calls.provider AS provider,
    if(cards.model = '', calls.model, cards.model) AS billed_model,
    arraySort(groupUniqArray(toString(calls.model))) AS reported_models,
    count() AS calls,
    sum(calls.known_cost_usd) AS known_cost_usd,
    sum(arraySum((count, prices) -> ifNull(toDecimal128(ifNull(count, 0), 0) * (prices[calls.price_band]), 0), [calls.web_search_requests, calls.web_fetch_requests, calls.file_search_requests, calls.code_execution_sessions], arrayResize(cards.fees, 4))) AS tool_fee_usd,
    countIf(((calls.usage_source != 'none') AND startsWith(calls.unpriced, 'no price')) OR (calls.unpriced IN ('no model', 'no catalogue'))) AS unpriced_calls,
    countIf(calls.unpriced != '') - unpriced_calls AS unknown_usage_calls,
    countIf(calls.usage_source IN ('estimated', 'partial')) AS estimated_calls,
    sumIf(calls.known_cost_usd, (calls.usage_source IN ('estimated', 'partial'))) AS estimated_cost_usd,
    countIf(calls.service_tier != 'standard') AS other_tier_calls,
    arraySort(groupUniqArrayIf(toString(calls.service_tier), calls.service_tier != 'standard')) AS other_tiers
FROM
(
    SELECT billed.*
    FROM tokenledger.llm_calls AS billed
    FINAL
    WHERE (billed.billed_by = 0) AND (billed.started_at >= {from:DateTime64(9, 'UTC')}) AND (billed.started_at < {to:DateTime64(9, 'UTC')})
) AS calls
LEFT JOIN cards ON (cards.price_version = calls.price_version) AND (cards.price_card_id = calls.price_card_id)
GROUP BY
    day,
    provider,
    billed_model
ORDER BY
    day ASC,
    provider ASC,
    billed_model ASC;

CREATE VIEW tokenledger.budget_status
AS WITH
    in_force AS
    (
        SELECT
            budgets.scope AS scope,
            budgets.name AS name,
            budgets.period AS period,
            (argMax(tuple(budgets.limit_usd), budgets.valid_from)).1 AS limit_usd,
            toDateTime(multiIf(period = 'day', toDate({at:DateTime64(9, 'UTC')}), period = 'week', toMonday({at:DateTime64(9, 'UTC')}), period = 'month', toStartOfMonth({at:DateTime64(9, 'UTC')}), period = 'quarter', toStartOfQuarter({at:DateTime64(9, 'UTC')}), toStartOfYear({at:DateTime64(9, 'UTC')})), 'UTC') AS period_start,
            multiIf(period = 'day', period_start + toIntervalDay(1), period = 'week', period_start + toIntervalWeek(1), period = 'month', period_start + toIntervalMonth(1), period = 'quarter', period_start + toIntervalQuarter(1), period_start + toIntervalYear(1)) AS period_end
        FROM tokenledger.budgets AS budgets
        FINAL
        WHERE budgets.valid_from <= toDate({at:DateTime64(9, 'UTC')})
        GROUP BY
            budgets.scope,
            budgets.name,
            budgets.period
        HAVING limit_usd IS NOT NULL
    ),
    spent AS
    (
        SELECT
            days.day AS day,
            payer.1 AS scope,
            payer.2 AS name,
            sum(days.calls) AS calls,
            sum(days.unpriced_calls) AS unpriced_calls,
            sum(days.known_cost_usd) AS known_cost_usd
        FROM
        (
            SELECT
                toDate(calls.started_at) AS day,
                calls.customer_id AS customer_id,
                toString(calls.feature_name) AS feature_name,
                CAST(arrayDistinct(if(empty(calls.agent_path), [calls.agent_name], calls.agent_path)), 'Array(String)') AS agents,
                count() AS calls,
                countIf(calls.unpriced != '') AS unpriced_calls,
                sum(calls.known_cost_usd) AS known_cost_usd
            FROM tokenledger.llm_calls AS calls
            FINAL
            WHERE (calls.billed_by = 0) AND (calls.started_at >= (
                SELECT min(in_force.period_start)
                FROM in_force
            )) AND (calls.started_at < {at:DateTime64(9, 'UTC')})
            GROUP BY
                day,
                calls.customer_id,
                feature_name,
                agents
        ) AS days
        ARRAY JOIN arrayConcat([('all', ''), ('customer', days.customer_id), ('feature', days.feature_name)], arrayMap(agent -> ('agent', agent), days.agents)) AS payer
        GROUP BY
            days.day,
            payer.1,
            payer.2
    ),
    status AS
    (
        SELECT
            in_force.scope AS scope,
            in_force.name AS name,
            in_force.period AS period,
            in_force.period_start AS period_start,
            in_force.period_end AS period_end,
            any(in_force.limit_usd) AS limit_usd,
            sumIf(spent.calls, spent.day >= in_force.period_start) AS calls,
            sumIf(spent.unpriced_calls, spent.day >= in_force.period_start) AS unpriced_calls,
            sumIf(spent.known_cost_usd, spent.day >= in_force.period_start) AS known_cost_usd
        FROM in_force
        LEFT JOIN spent ON (spent.scope = in_force.scope) AND (spent.name = in_force.name)
        GROUP BY
            in_force.scope,
            in_force.name,
            in_force.period,
            in_force.period_start,
            in_force.period_end
    )
SELECT
    status.scope AS scope,
    status.name AS name,
    status.period AS period,
    status.period_start AS period_start,
    status.period_end AS period_end,
    status.limit_usd AS limit_usd,
    status.calls AS calls,
    status.unpriced_calls AS unpriced_calls,
    if(status.unpriced_calls = 0, status.known_cost_usd, NULL) AS cost_usd,
    status.known_cost_usd AS known_cost_usd,
    status.limit_usd - status.known_cost_usd AS remaining_usd,
    round(toFloat64(status.known_cost_usd) / toFloat64(status.limit_usd), 6) AS share_spent,
    round(dateDiff('second', status.period_start, {at:DateTime64(9, 'UTC')}) / dateDiff('second', status.period_start, status.period_end), 6) AS share_of_time,
    if(share_of_time = 0, NULL, round(share_spent / share_of_time, 6)) AS pace,
    if(share_of_time = 0, NULL, round(toFloat64(status.known_cost_usd) / share_of_time, 6)) AS estimated_usd
FROM status
ORDER BY
    share_spent DESC,
    scope ASC,
    name ASC,
    period ASC;

CREATE VIEW tokenledger.burn_rate
AS WITH
    toDate(least({to:DateTime64(9, 'UTC')}, toDateTime64(now('UTC'), 9, 'UTC'))) AS today,
    history AS
    (
        SELECT
            arrayReverse(groupArrayInsertAt(toFloat64(0))(toFloat64(spent.known_cost_usd), toUInt32((today - spent.day) - 1))) AS costs,
            sum(spent.unpriced_calls) AS unpriced_calls
        FROM
        (
            SELECT
                toDate(calls.started_at) AS day,
                sum(calls.known_cost_usd) AS known_cost_usd,
                countIf(calls.unpriced != '') AS unpriced_calls
            FROM tokenledger.llm_calls AS calls
            FINAL
            WHERE (calls.billed_by = 0) AND (calls.started_at >= greatest({from:DateTime64(9, 'UTC')}, toDateTime64(today - 180, 9, 'UTC'))) AND (calls.started_at < toDateTime64(today, 9, 'UTC')) AND multiIf({scope:String} = 'customer', calls.customer_id = {name:String}, {scope:String} = 'feature', calls.feature_name = {name:String}, {scope:String} = 'agent', (calls.agent_name = {name:String}) OR has(calls.agent_path, {name:String}), NOT throwIf({scope:String} != 'all', 'scope is all, customer, feature or agent'))
            GROUP BY day
        ) AS spent
    ),
    forecasts AS
    (
        SELECT
            history.unpriced_calls AS unpriced_calls,
            length(history.costs) AS days_of_history,
            known,
            arrayReverse(arraySlice(history.costs, greatest(known - 27, 1), least(known, 28))) AS latest_first,
            arrayMap(ahead -> arrayAvg(arrayFilter((cost, back) -> ((back % 7) = ((7 - (ahead % 7)) % 7)), latest_first, arrayEnumerate(latest_first))), range(least({days:UInt16}, 366))) AS usual,
            arrayCumSum(usual) AS usual_totals,
            arrayCumSum(arraySlice(history.costs, known + 1, least({days:UInt16}, 366))) AS actual_totals
        FROM history
        ARRAY JOIN range(7, length(history.costs) + 1) AS known
    ),
    ahead AS
    (
        SELECT
            number AS number,
            any(forecasts.days_of_history) AS days_of_history,
            any(forecasts.unpriced_calls) AS unpriced_calls,
            maxIf(forecasts.usual[number], forecasts.known = forecasts.days_of_history) AS usual,
            maxIf(forecasts.usual_totals[number], forecasts.known = forecasts.days_of_history) AS usual_total,
            countIf((number <= length(forecasts.actual_totals)) AND ((forecasts.usual_totals[number]) > 0)) AS back_tests,
            if(back_tests < 14, [], quantilesExactInclusiveIf(0.1, 0.5, 0.9)((forecasts.actual_totals[number]) / (forecasts.usual_totals[number]), (number <= length(forecasts.actual_totals)) AND ((forecasts.usual_totals[number]) > 0))) AS ratios
        FROM forecasts
        ARRAY JOIN arrayEnumerate(forecasts.usual) AS number
        GROUP BY number
    )
SELECT
    (today + toInt32(ahead.number)) - 1 AS day,
    round(ahead.usual, 9) AS same_weekday_mean_usd,
    round(ahead.usual_total * if(empty(ahead.ratios), 1, ahead.ratios[2]), 9) AS estimated_total_usd,
    if(empty(ahead.ratios), NULL, round(ahead.usual_total * (ahead.ratios[1]), 9)) AS low_total_usd,
    if(empty(ahead.ratios), NULL, round(ahead.usual_total * (ahead.ratios[3]), 9)) AS high_total_usd,
    ahead.back_tests AS back_tests,
    ahead.days_of_history AS days_of_history,
    ahead.unpriced_calls AS unpriced_calls
FROM ahead
ORDER BY day ASC;

CREATE VIEW tokenledger.cache_hit_rate
AS SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    countIf(calls.is_now) AS calls,
    countIf(calls.is_now AND (NOT calls.tells)) AS calls_not_telling,
    sumIf(calls.input, calls.is_now) AS input_tokens,
    sumIf(calls.read, calls.is_now) AS cache_read_tokens,
    sumIf(calls.input, NOT calls.is_now) AS base_input_tokens,
    sumIf(calls.read, NOT calls.is_now) AS base_cache_read_tokens,
    round(cache_read_tokens / nullIf(input_tokens, 0), 6) AS hit_rate,
    round(base_cache_read_tokens / nullIf(base_input_tokens, 0), 6) AS base_hit_rate,
    round(hit_rate - base_hit_rate, 6) AS hit_rate_change
FROM
(
    SELECT
        billed.provider AS provider,
        billed.model AS model,
        billed.agent_name AS agent_name,
        billed.started_at >= {from:DateTime64(9, 'UTC')} AS is_now,
        (billed.input_tokens IS NOT NULL) AND (billed.cache_read_tokens IS NOT NULL) AS tells,
        if(tells, assumeNotNull(billed.input_tokens), 0) AS input,
        if(tells, assumeNotNull(billed.cache_read_tokens) + ifNull(billed.cache_read_audio_tokens, 0), 0) AS read
    FROM tokenledger.llm_calls AS billed
    FINAL
    WHERE (billed.billed_by = 0) AND (billed.started_at >= ({from:DateTime64(9, 'UTC')} - toIntervalDay({base_days:UInt16}))) AND (billed.started_at < {to:DateTime64(9, 'UTC')})
) AS calls
GROUP BY
    calls.provider,
    calls.model,
    calls.agent_name
HAVING (calls > 0) AND (input_tokens >= {least_tokens:UInt64}) AND (base_input_tokens >= {least_tokens:UInt64})
ORDER BY
    hit_rate_change ASC NULLS LAST,
    provider ASC,
    model ASC,
    agent_name ASC;

CREATE VIEW tokenledger.cache_profit_and_loss
AS WITH
    cards AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            any(cards.input) AS input,
            any(cards.cache_read) AS cache_read,
            any(cards.input_audio) AS input_audio,
            any(cards.cache_read_audio) AS cache_read_audio,
            any([cards.cache_write_5m, cards.cache_write_30m, cards.cache_write_1h, cards.cache_write_12h, cards.cache_write]) AS writes
        FROM tokenledger.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    why AS
    (
        SELECT
            why.trace_id AS trace_id,
            why.span_id AS span_id,
            why.started_at AS started_at,
            arrayMap((cause, component) -> if(cause = 'expired_cache_rewrite', component, ''), why.causes, why.components) AS again,
            [arraySum((component, count) -> if(component = 'cache_write_5m', count, 0), again, why.counts), arraySum((component, count) -> if(component = 'cache_write_30m', count, 0), again, why.counts), arraySum((component, count) -> if(component = 'cache_write_1h', count, 0), again, why.counts), arraySum((component, count) -> if(component = 'cache_write_12h', count, 0), again, why.counts), arraySum((component, count) -> if(component = 'cache_write', count, 0), again, why.counts)] AS rewritten,
            arraySum((cause, component, count) -> if((cause = 're_read_in_full') AND (component NOT LIKE '%audio'), count, 0), why.causes, why.components, why.counts) AS missed,
            arraySum((cause, component, count) -> if((cause = 're_read_in_full') AND (component LIKE '%audio'), count, 0), why.causes, why.components, why.counts) AS missed_audio
        FROM tokenledger.call_causes AS why
        FINAL
        WHERE (why.started_at >= {from:DateTime64(9, 'UTC')}) AND (why.started_at < ({to:DateTime64(9, 'UTC')} + toIntervalDay(1)))
    ),
    billed AS
    (
        SELECT
            billed.started_at AS started_at,
            billed.trace_id AS trace_id,
            billed.span_id AS span_id,
            billed.provider AS provider,
            billed.model AS model,
            billed.agent_name AS agent_name,
            billed.agent_run_id AS agent_run_id,
            billed.price_card_id AS price_card_id,
            billed.price_band AS price_band,
            ifNull(billed.cache_read_tokens, 0) AS read_text,
            ifNull(billed.cache_read_audio_tokens, 0) AS read_audio,
            arrayMap(count -> ifNull(count, 0), [billed.cache_write_5m_tokens, billed.cache_write_30m_tokens, billed.cache_write_1h_tokens, billed.cache_write_12h_tokens, billed.cache_write_tokens]) AS written,
            toInt64(read_text + read_audio) AS read_to,
            read_to + toInt64(arraySum(written)) AS written_to,
            ifNull(billed.input_tokens, 0) AS total
        FROM tokenledger.llm_calls AS billed
        FINAL
        WHERE (billed.billed_by = 0) AND (billed.started_at >= {from:DateTime64(9, 'UTC')}) AND (billed.started_at < ({to:DateTime64(9, 'UTC')} + toIntervalDay(1)))
    ),
    calls AS
    (
        SELECT
            billed.started_at AS started_at,
            billed.trace_id AS trace_id,
            billed.span_id AS span_id,
            billed.provider AS provider,
            billed.model AS model,
            billed.agent_name AS agent_name,
            billed.price_card_id AS price_card_id,
            billed.price_band AS price_band,
            billed.read_text AS read_text,
            billed.read_audio AS read_audio,
            billed.written AS written,
            billed.read_to AS read_to,
            why.rewritten AS rewritten,
            why.missed AS missed,
            why.missed_audio AS missed_audio,
            ['5m', '30m', '1h', '12h', ''] AS ttls,
            if(arraySum(billed.written) = 0, NULL, ttls[indexOf(billed.written, arrayMax(billed.written))]) AS written_for,
            sumForEach(billed.written) OVER (PARTITION BY billed.trace_id, billed.agent_run_id, billed.provider, billed.model ORDER BY billed.started_at ASC, billed.span_id ASC) AS written_in_run,
            anyLast(written_for) IGNORE NULLS OVER (PARTITION BY billed.provider, billed.model, billed.agent_name ORDER BY billed.started_at ASC, billed.span_id ASC) AS written_last,
            if(arraySum(written_in_run) > 0, ttls[indexOf(written_in_run, arrayMax(written_in_run))], ifNull(written_last, '')) AS read_for
        FROM billed
        LEFT JOIN why ON (toDate(why.started_at) = toDate(billed.started_at)) AND (why.trace_id = billed.trace_id) AND (why.span_id = billed.span_id) AND (why.started_at = billed.started_at)
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    touched AS
    (
        SELECT
            calls.trace_id AS trace_id,
            calls.span_id AS span_id,
            calls.started_at AS started_at,
            calls.provider AS provider,
            calls.model AS model,
            calls.written_to AS written_to,
            touch.prefix AS prefix,
            touch.upto AS upto,
            touch.is_write AS is_write
        FROM
        (
            SELECT
                billed.trace_id AS trace_id,
                billed.span_id AS span_id,
                billed.started_at AS started_at,
                billed.provider AS provider,
                billed.model AS model,
                billed.written_to AS written_to,
                prompts.prefix_fingerprints AS prefixes,
                arrayCumSum(prompts.segment_tokens) AS reached,
                arrayMap(size -> toInt64(intDiv(billed.total * size, greatest(reached[-1], 1))), reached) AS boundaries,
                arrayMap(upto -> abs(upto - billed.read_to), boundaries) AS from_read,
                arrayMap(upto -> abs(upto - billed.written_to), boundaries) AS from_written,
                if(billed.read_to = 0, 0, arrayLastIndex(distance -> (distance = arrayMin(from_read)), from_read)) AS read_pieces,
                if(billed.written_to = billed.read_to, read_pieces, arrayLastIndex(distance -> (distance = arrayMin(from_written)), from_written)) AS kept_pieces
            FROM billed
            INNER JOIN
            (
                SELECT
                    prompts.started_at AS started_at,
                    prompts.trace_id AS trace_id,
                    prompts.span_id AS span_id,
                    prompts.prefix_fingerprints AS prefix_fingerprints,
                    prompts.segment_tokens AS segment_tokens
                FROM tokenledger.call_prompts AS prompts
                FINAL
                WHERE (prompts.started_at >= {from:DateTime64(9, 'UTC')}) AND (prompts.started_at < ({to:DateTime64(9, 'UTC')} + toIntervalDay(1))) AND (prompts.segment_kinds != '')
            ) AS prompts ON (toDate(prompts.started_at) = toDate(billed.started_at)) AND (prompts.trace_id = billed.trace_id) AND (prompts.span_id = billed.span_id) AND (prompts.started_at = billed.started_at)
            WHERE billed.written_to > 0
            SETTINGS join_algorithm = 'full_sorting_merge'
        ) AS calls
        ARRAY JOIN arrayFilter(touch -> ((touch.number > (calls.read_pieces - 3)) AND (touch.number <= calls.kept_pieces)), CAST(arrayMap((prefix, upto, number) -> (prefix, upto, number, number > calls.read_pieces), calls.prefixes, calls.boundaries, arrayEnumerate(calls.prefixes)), 'Array(Tuple(prefix UInt64, upto Int64, number Int64, is_write Bool))')) AS touch
    ),
    used AS
    (
        SELECT
            seen.trace_id AS trace_id,
            seen.span_id AS span_id,
            max(seen.is_judged) AS is_judged,
            max(if(seen.next = 'read', seen.used_to, 0)) AS used_to
        FROM
        (
            SELECT
                touched.trace_id,
                touched.span_id,
                touched.is_write AS is_judged,
                if(touched.upto = max(touched.upto) OVER (PARTITION BY touched.trace_id, touched.span_id), touched.written_to, touched.upto) AS used_to,
                if(touched.is_write, leadInFrame(if(touched.is_write, 'write', 'read'), 1, '') OVER (PARTITION BY touched.provider, touched.model, touched.prefix ORDER BY touched.started_at ASC, touched.span_id ASC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), '') AS next
            FROM touched
        ) AS seen
        GROUP BY
            seen.trace_id,
            seen.span_id
    ),
    parts AS
    (
        SELECT
            calls.provider AS provider,
            calls.model AS model,
            calls.agent_name AS agent_name,
            calls.price_card_id AS price_card_id,
            part.ttl AS ttl,
            if(part.ttl = calls.read_for, calls.read_text, 0) AS read_text,
            if(part.ttl = calls.read_for, calls.read_audio, 0) AS read_audio,
            if(part.ttl = calls.read_for, calls.missed, 0) AS missed,
            if(part.ttl = calls.read_for, calls.missed_audio, 0) AS missed_audio,
            part.written AS written,
            part.rewritten AS rewritten,
            if(used.is_judged, greatest(0, part.written_to - greatest(part.written_to - toInt64(part.written), used.used_to)), 0) AS never_read,
            if(used.is_judged, 0, part.written) AS unjudged,
            ifNull(cards.input[calls.price_band], 0) AS input_price,
            ifNull(cards.cache_read[calls.price_band], 0) AS read_price,
            ifNull(cards.input_audio[calls.price_band], 0) AS audio_price,
            ifNull(cards.cache_read_audio[calls.price_band], 0) AS read_audio_price,
            ifNull(part.price, 0) AS write_price
        FROM calls
        LEFT JOIN used ON (used.trace_id = calls.trace_id) AND (used.span_id = calls.span_id)
        ANY LEFT JOIN cards ON cards.price_card_id = calls.price_card_id
        ARRAY JOIN arrayFilter(part -> ((part.written > 0) OR ((part.ttl = calls.read_for) AND ((((calls.read_text + calls.read_audio) + calls.missed) + calls.missed_audio) > 0))), CAST(arrayMap((ttl, written, rewritten, written_to, bands) -> (ttl, written, rewritten, calls.read_to + written_to, bands[calls.price_band]), ['5m', '30m', '1h', '12h', ''], calls.written, arrayResize(calls.rewritten, 5), arrayCumSum(calls.written), arrayResize(cards.writes, 5)), 'Array(Tuple(ttl String, written UInt64, rewritten UInt64, written_to Int64, price Nullable(Decimal(18, 15))))')) AS part
        WHERE calls.started_at < {to:DateTime64(9, 'UTC')}
    )
SELECT
    parts.provider AS provider,
    parts.model AS model,
    parts.agent_name AS agent_name,
    parts.ttl AS ttl,
    count() AS calls,
    countIf(parts.price_card_id = 0) AS unpriced_calls,
    sum(parts.read_text + parts.read_audio) AS cache_read_tokens,
    sum(parts.written) AS cache_write_tokens,
    sum(parts.never_read) AS never_read_tokens_estimated,
    sum(parts.unjudged) AS unjudged_write_tokens,
    sum(parts.rewritten) AS rewritten_tokens,
    sum(parts.missed + parts.missed_audio) AS missed_tokens,
    sum((toDecimal128(parts.read_text, 0) * (parts.input_price - parts.read_price)) + (toDecimal128(parts.read_audio, 0) * (parts.audio_price - parts.read_audio_price))) AS read_discount_usd,
    sum(toDecimal128(parts.written, 0) * (parts.write_price - parts.input_price)) AS write_premium_usd,
    read_discount_usd - write_premium_usd AS net_saving_usd,
    sum(toDecimal128(parts.never_read, 0) * (parts.write_price - parts.input_price)) AS never_read_premium_usd_estimated,
    sum(toDecimal128(parts.rewritten, 0) * (parts.write_price - parts.read_price)) AS rewrite_loss_usd,
    sum((toDecimal128(parts.missed, 0) * (parts.input_price - parts.read_price)) + (toDecimal128(parts.missed_audio, 0) * (parts.audio_price - parts.read_audio_price))) AS missed_discount_usd
FROM parts
GROUP BY
    parts.provider,
    parts.model,
    parts.agent_name,
    parts.ttl
ORDER BY
    net_saving_usd DESC,
    provider ASC,
    model ASC,
    agent_name ASC,
    ttl ASC;

CREATE VIEW tokenledger.cache_simulation
AS WITH
    toDateTime64(0, 9, 'UTC') AS never,
    (model -> multiIf(match(model, 'opus-4-[567]|haiku-4-5|mythos-preview'), 4096, match(model, 'claude-(3-5-haiku|3-haiku|haiku-3)'), 2048, match(model, 'gemini-.*pro'), 4096, 1024)) AS least_of,
    (tokens -> toUInt32(least(ifNull(tokens, 0), 4294967295))) AS prompt_tokens,
    recorded AS
    (
        SELECT prompts.*
        FROM tokenledger.call_prompts AS prompts
        FINAL
        WHERE (prompts.started_at >= ({from:DateTime64(9, 'UTC')} - toIntervalHour(1))) AND (prompts.started_at < {to:DateTime64(9, 'UTC')}) AND (prompts.prefix_fingerprints.size0 > 0)
    ),
    placed AS
    (
        SELECT
            sipHash64(calls.trace_id, calls.span_id) AS call,
            calls.started_at AS started_at,
            calls.answered_at AS answered_at,
            prompt_tokens(calls.input_tokens) AS input_tokens,
            least_of(calls.model) AS least_tokens,
            arrayCumSum(size -> toInt64(size), prompts.segment_tokens) AS reached,
            arrayMap(size -> toUInt32(intDiv(input_tokens * size, greatest(reached[-1], 1))), reached) AS boundaries,
            cityHash64(calls.provider, calls.model) AS cache,
            prompts.prefix_fingerprints AS prefixes,
            length(prefixes) AS pieces,
            length(extract(prompts.segment_kinds, '^[sdx]*')) AS head
        FROM `tokenledger.billed_classes`(`from` = ({from:DateTime64(9, 'UTC')} - toIntervalHour(1)), to = {to:DateTime64(9, 'UTC')}, in_trace = '', in_conversation = '', in_service = '') AS calls
        INNER JOIN recorded AS prompts ON (toDate(prompts.started_at) = toDate(calls.started_at)) AND (prompts.trace_id = calls.trace_id) AND (prompts.span_id = calls.span_id) AND (prompts.started_at = calls.started_at)
        WHERE calls.input_tokens > 0
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    told_apart AS
    (
        SELECT prefix
        FROM
        (
            SELECT
                prompts.prefix_fingerprints AS prefixes,
                sipHash64(prompts.trace_id, prompts.span_id) AS call,
                length(extract(prompts.segment_kinds, '^[sdx]*')) AS head,
                arrayMap((next, number) -> if(number = head, call, next), arrayPushBack(arrayPopFront(prefixes), call), arrayEnumerate(prefixes)) AS nexts
            FROM tokenledger.call_prompts AS prompts
            WHERE (prompts.started_at >= ({from:DateTime64(9, 'UTC')} - toIntervalHour(1))) AND (prompts.started_at < {to:DateTime64(9, 'UTC')})
        ) AS made
        ARRAY JOIN
            made.prefixes AS prefix,
            made.nexts AS leads_to
        GROUP BY prefix
        HAVING groupBitAnd(leads_to) != groupBitOr(leads_to)
    ),
    shared AS
    (
        SELECT
            placed.call AS call,
            placed.started_at AS started_at,
            placed.answered_at AS answered_at,
            placed.input_tokens AS input_tokens,
            placed.least_tokens AS least_tokens,
            cityHash64(placed.cache, fingerprint) AS prefix,
            boundary,
            number = placed.pieces AS is_end,
            (number = placed.head) OR (number = placed.pieces) AS is_entry
        FROM placed
        ARRAY JOIN
            placed.prefixes AS fingerprint,
            placed.boundaries AS boundary,
            arrayEnumerate(placed.prefixes) AS number
        WHERE ((boundary * 2) >= placed.least_tokens) AND (fingerprint GLOBAL IN (told_apart))
    ),
    events AS
    (
        SELECT
            shared.*,
            is_answer,
            if(is_answer, shared.answered_at, shared.started_at) AS at
        FROM shared
        ARRAY JOIN [false, true] AS is_answer
    ),
    asked AS
    (
        SELECT
            events.call AS call,
            events.started_at AS started_at,
            events.is_answer AS is_answer,
            events.input_tokens AS input_tokens,
            events.least_tokens AS least_tokens,
            max(if(events.is_answer AND events.is_entry, events.started_at, never)) OVER earlier AS entered_at,
            max(if(events.is_answer, events.started_at, never)) OVER earlier AS used_at,
            argMax(events.call, if(events.is_answer, events.started_at, never)) OVER earlier AS used_by,
            max(if(events.is_answer AND events.is_end, events.input_tokens, 0)) OVER earlier AS billed_to,
            if((billed_to >= 1) AND (billed_to <= events.input_tokens), billed_to, events.boundary) AS boundary
        FROM events
        WINDOW earlier AS (PARTITION BY events.prefix ORDER BY events.at ASC, events.is_answer DESC, events.call ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ),
    reads AS
    (
        SELECT
            asked.call AS call,
            maxIf(asked.boundary, asked.entered_at >= (asked.started_at - toIntervalMinute(5))) AS read_5m,
            maxIf(asked.boundary, asked.entered_at >= (asked.started_at - toIntervalHour(1))) AS read_1h,
            maxIf(asked.boundary, asked.entered_at != never) AS ever_read,
            maxIf(asked.boundary, asked.used_at >= (asked.started_at - toIntervalMinute(5))) AS best_read_5m,
            argMaxIf(asked.used_by, asked.boundary, asked.used_at >= (asked.started_at - toIntervalMinute(5))) AS best_from_5m,
            maxIf(asked.boundary, asked.used_at >= (asked.started_at - toIntervalHour(1))) AS best_read_1h,
            argMaxIf(asked.used_by, asked.boundary, asked.used_at >= (asked.started_at - toIntervalHour(1))) AS best_from_1h
        FROM asked
        WHERE (NOT asked.is_answer) AND (asked.boundary >= asked.least_tokens)
        GROUP BY asked.call
    ),
    simulated AS
    (
        SELECT
            one.call AS call,
            max(one.read_5m) AS read_5m,
            max(one.read_1h) AS read_1h,
            max(one.ever_read) AS ever_read,
            max(one.best_read_5m) AS best_read_5m,
            max(one.best_read_1h) AS best_read_1h,
            max(one.wanted_5m) AS wanted_5m,
            max(one.wanted_1h) AS wanted_1h
        FROM reads
        ARRAY JOIN CAST([(reads.call, reads.read_5m, reads.read_1h, reads.ever_read, reads.best_read_5m, reads.best_read_1h, 0, 0), (reads.best_from_5m, 0, 0, 0, 0, 0, reads.best_read_5m, 0), (reads.best_from_1h, 0, 0, 0, 0, 0, 0, reads.best_read_1h)], 'Array(Tuple(call UInt64, read_5m UInt32, read_1h UInt32, ever_read UInt32, best_read_5m UInt32, best_read_1h UInt32, wanted_5m UInt32, wanted_1h UInt32))') AS one
        GROUP BY one.call
    ),
    calls AS
    (
        SELECT
            calls.*,
            sipHash64(calls.trace_id, calls.span_id) AS call,
            (ifNull(calls.input_tokens, 0) > 0) AND (toUnixTimestamp64Nano(prompts.started_at) != 0) AS is_recorded,
            prompt_tokens(calls.input_tokens) AS prompt,
            if(is_recorded AND (prompt >= least_of(calls.model)), prompt, 0) AS end
        FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        LEFT JOIN recorded AS prompts ON (toDate(prompts.started_at) = toDate(calls.started_at)) AND (prompts.trace_id = calls.trace_id) AND (prompts.span_id = calls.span_id) AND (prompts.started_at = calls.started_at)
        SETTINGS join_algorithm = 'full_sorting_merge'
    )
SELECT
    calls.* EXCEPT (call, prompt),
    simulated.read_5m AS read_5m,
    simulated.read_1h AS read_1h,
    simulated.ever_read - simulated.read_5m AS expired_5m,
    simulated.ever_read - simulated.read_1h AS expired_1h,
    simulated.best_read_5m AS best_read_5m,
    simulated.best_read_1h AS best_read_1h,
    least(simulated.wanted_5m, calls.end) AS best_end_5m,
    least(simulated.wanted_1h, calls.end) AS best_end_1h
FROM calls
LEFT JOIN simulated ON simulated.call = calls.call;

CREATE VIEW tokenledger.call_cause_cost
AS SELECT
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
FROM `tokenledger.call_cause_parts`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {trace_id:String}) AS calls
ARRAY JOIN CAST(arrayZip(calls.causes, calls.components, calls.tokens, calls.fees, calls.is_unknown, calls.known_costs_usd), 'Array(Tuple(cause String, component String, tokens UInt64, fees UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15)))') AS part;

CREATE VIEW tokenledger.call_cause_parts
AS WITH
    ['input', 'cache_read', 'cache_write', 'cache_write_5m', 'cache_write_30m', 'cache_write_1h', 'cache_write_12h', 'input_audio', 'cache_read_audio', 'input_image', 'input_video', 'input_document', 'input_tool_use', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS priced,
    ['web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS priced_per_use,
    paired AS
    (
        SELECT
            billed.started_at AS started_at,
            billed.trace_id AS trace_id,
            billed.span_id AS span_id,
            billed.* EXCEPT (started_at, trace_id, span_id),
            why.prompt_end AS prompt_end,
            why.causes AS said_causes,
            why.components AS said_components,
            why.counts AS said_counts
        FROM
        (
            SELECT
                billed.started_at AS started_at,
                billed.trace_id AS trace_id,
                billed.span_id AS span_id,
                billed.provider AS provider,
                billed.model AS model,
                billed.agent_path AS agent_path,
                billed.agent_name AS agent_name,
                billed.agent_run_id AS agent_run_id,
                billed.handoff_from AS handoff_from,
                billed.service_name AS service_name,
                billed.customer_id AS customer_id,
                billed.feature_name AS feature_name,
                billed.conversation_id AS conversation_id,
                billed.input_tokens AS input_tokens,
                billed.output_tokens AS output_tokens,
                billed.price_card_id AS price_card_id,
                billed.price_band AS price_band,
                billed.cost_usd AS cost_usd,
                billed.known_cost_usd AS known_cost_usd
            FROM tokenledger.llm_calls AS billed
            FINAL
            WHERE (billed.billed_by = 0) AND (billed.started_at >= {from:DateTime64(9, 'UTC')}) AND (billed.started_at < {to:DateTime64(9, 'UTC')}) AND (({trace_id:String} = '') OR (billed.trace_id = toUUIDOrZero({trace_id:String})))
        ) AS billed
        LEFT JOIN
        (
            SELECT
                why.started_at AS started_at,
                why.trace_id AS trace_id,
                why.span_id AS span_id,
                why.prompt_end AS prompt_end,
                CAST(why.causes, 'Array(String)') AS causes,
                CAST(why.components, 'Array(String)') AS components,
                why.counts AS counts
            FROM tokenledger.call_causes AS why
            FINAL
            WHERE (why.started_at >= {from:DateTime64(9, 'UTC')}) AND (why.started_at < {to:DateTime64(9, 'UTC')}) AND (({trace_id:String} = '') OR (why.trace_id = toUUIDOrZero({trace_id:String})))
        ) AS why ON (toDate(why.started_at) = toDate(billed.started_at)) AND (why.trace_id = billed.trace_id) AND (why.span_id = billed.span_id) AND (why.started_at = billed.started_at)
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    read AS
    (
        SELECT
            billed.started_at AS started_at,
            billed.trace_id AS trace_id,
            billed.span_id AS span_id,
            billed.* EXCEPT (started_at, trace_id, span_id, price_card_id),
            cards.prices AS prices,
            ifNull(billed.input_tokens, 0) + ifNull(billed.output_tokens, 0) AS all_tokens,
            empty(billed.said_causes) OR (arraySum((component, count) -> if((component IN (['web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS priced_per_use)), 0, count), billed.said_components, billed.said_counts) != all_tokens) AS is_unexplained
        FROM paired AS billed
        ANY LEFT JOIN tokenledger.band_prices AS cards ON (cards.price_card_id = billed.price_card_id) AND (cards.band = billed.price_band)
    ),
    explained AS
    (
        SELECT
            read.*,
            CAST(arrayFilter(part -> (((part.2) != 'request') OR (ifNull(part.5, 0) > 0)), arrayMap((cause, component, count) -> (cause, component, count, (component IN (['web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS priced_per_use)), read.prices[indexOf(priced, component)]), read.said_causes, read.said_components, read.said_counts)), 'Array(Tuple(cause String, component String, count UInt64, is_fee Bool, price Nullable(Decimal(18, 15))))') AS known_parts,
            CAST(multiIf(read.is_unexplained, [('unexplained', '', read.all_tokens, false, NULL)], (read.cost_usd IS NULL) AND (NOT arrayExists(part -> ((part.5) IS NULL), known_parts)), arrayPushBack(known_parts, ('unexplained', '', 0, false, NULL)), known_parts), 'Array(Tuple(cause String, component String, count UInt64, is_fee Bool, price Nullable(Decimal(18, 15))))') AS parts
        FROM read
    )
SELECT
    explained.started_at AS started_at,
    explained.trace_id AS trace_id,
    explained.span_id AS span_id,
    explained.provider AS provider,
    explained.model AS model,
    explained.agent_path AS agent_path,
    explained.agent_name AS agent_name,
    explained.agent_run_id AS agent_run_id,
    explained.handoff_from AS handoff_from,
    explained.service_name AS service_name,
    explained.customer_id AS customer_id,
    explained.feature_name AS feature_name,
    explained.conversation_id AS conversation_id,
    explained.prompt_end AS prompt_end,
    explained.input_tokens AS input_tokens,
    explained.output_tokens AS output_tokens,
    explained.cost_usd AS cost_usd,
    explained.known_cost_usd AS known_cost_usd,
    arrayMap(part -> part.cause, explained.parts) AS causes,
    arrayMap(part -> part.component, explained.parts) AS components,
    arrayMap(part -> if(part.is_fee, 0, part.count), explained.parts) AS tokens,
    arrayMap(part -> if(part.is_fee, part.count, 0), explained.parts) AS fees,
    arrayMap(part -> ((explained.cost_usd IS NULL) AND (part.price IS NULL)), explained.parts) AS is_unknown,
    arrayMap(part -> multiIf(explained.is_unexplained, explained.known_cost_usd, explained.known_cost_usd = 0, toDecimal128(0, 15), ifNull(toDecimal128(part.count, 0) * part.price, toDecimal128(0, 15))), explained.parts) AS known_costs_usd
FROM explained
SETTINGS join_algorithm = 'direct,parallel_hash,hash';

CREATE VIEW tokenledger.call_classes
AS WITH
    ['input', 'cache_read', 'cache_write', 'cache_write_5m', 'cache_write_30m', 'cache_write_1h', 'cache_write_12h', 'input_audio', 'cache_read_audio', 'input_image', 'input_video', 'input_document', 'input_tool_use', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS classes,
    used AS
    (
        SELECT
            calls.price_version AS price_version,
            calls.price_card_id AS price_card_id,
            calls.price_band AS price_band,
            place,
            classes[place] AS component,
            assumeNotNull(used_of_it) AS units
        FROM tokenledger.llm_calls AS calls
        FINAL
        ARRAY JOIN
            arrayEnumerate(classes) AS place,
            [calls.input_text_tokens, calls.cache_read_tokens, calls.cache_write_tokens, calls.cache_write_5m_tokens, calls.cache_write_30m_tokens, calls.cache_write_1h_tokens, calls.cache_write_12h_tokens, calls.input_audio_tokens, calls.cache_read_audio_tokens, calls.input_image_tokens, calls.input_video_tokens, calls.input_document_tokens, calls.input_tool_use_tokens, calls.output_text_tokens, calls.reasoning_tokens, calls.output_audio_tokens, calls.output_image_tokens, calls.prediction_accepted_tokens, calls.prediction_rejected_tokens, calls.web_search_requests, calls.web_fetch_requests, calls.file_search_requests, calls.code_execution_sessions, toUInt64((calls.billed_line = '') AND (calls.usage_source != 'none'))] AS used_of_it
        WHERE (calls.trace_id = toUUIDOrZero({trace_id:String})) AND (toDate(calls.started_at) GLOBAL IN (
            SELECT days.started_on
            FROM tokenledger.trace_days AS days
            WHERE days.trace_id = toUUIDOrZero({trace_id:String})
        )) AND (lower(leftPad(hex(calls.span_id), 16, '0')) = lower({span_id:String})) AND (used_of_it > 0)
    ),
    priced AS
    (
        SELECT
            used.place AS place,
            used.component AS component,
            used.units AS units,
            cards.context_from AS context_from,
            cards.prices[used.place] AS price
        FROM used
        ANY LEFT JOIN tokenledger.band_prices AS cards ON (cards.price_card_id = used.price_card_id) AND (cards.band = used.price_band)
    ),
    origins AS
    (
        SELECT
            of_component AS component,
            argMax((toString(points.component), toString(points.layer), points.source, toNullable(points.checked_on), toString(points.confidence)), points.context_from) AS origin
        FROM tokenledger.price_points AS points
        ARRAY JOIN arrayConcat([points.component], points.stands_in_for) AS of_component
        WHERE ((points.price_version, points.price_card_id) IN (
            SELECT
                used.price_version,
                used.price_card_id
            FROM used
        )) AND (points.context_from <= (
            SELECT max(priced.context_from)
            FROM priced
        ))
        GROUP BY of_component
    )
SELECT
    priced.component AS component,
    priced.units AS units,
    priced.price AS usd_per_unit,
    toDecimal128(priced.units, 0) * priced.price AS cost_usd,
    priced.context_from AS context_from,
    origins.origin.1 AS priced_as,
    origins.origin.2 AS layer,
    origins.origin.3 AS source,
    origins.origin.4 AS checked_on,
    origins.origin.5 AS confidence
FROM priced
LEFT JOIN origins ON origins.component = priced.component
WHERE (priced.component != 'request') OR (priced.price > 0)
ORDER BY priced.place ASC;

CREATE VIEW tokenledger.call_detail
AS SELECT
    lower(leftPad(hex(calls.span_id), 16, '0')) AS span_id,
    if(calls.billed_by = 0, '', lower(leftPad(hex(calls.billed_by), 16, '0'))) AS billed_by,
    calls.started_at AS started_at,
    calls.duration_ns / 1000000 AS duration_ms,
    calls.scope_name AS scope_name,
    calls.agent_path AS agent_path,
    calls.agent_step AS agent_step,
    calls.operation AS operation,
    calls.provider AS provider,
    calls.request_model AS request_model,
    calls.response_model AS response_model,
    calls.response_id AS response_id,
    calls.billed_line AS billed_line,
    calls.service_tier AS service_tier,
    calls.region AS region,
    calls.outcome AS outcome,
    calls.error_type AS error_type,
    calls.attempts AS attempts,
    calls.finish_reasons AS finish_reasons,
    calls.usage_source AS usage_source,
    calls.usage_split AS usage_split,
    calls.usage_inconsistent AS usage_inconsistent,
    calls.input_tokens AS input_tokens,
    calls.output_tokens AS output_tokens,
    calls.input_text_tokens AS input_text_tokens,
    calls.cache_read_tokens AS cache_read_tokens,
    calls.cache_write_tokens AS cache_write_tokens,
    calls.cache_write_5m_tokens AS cache_write_5m_tokens,
    calls.cache_write_30m_tokens AS cache_write_30m_tokens,
    calls.cache_write_1h_tokens AS cache_write_1h_tokens,
    calls.cache_write_12h_tokens AS cache_write_12h_tokens,
    calls.input_audio_tokens AS input_audio_tokens,
    calls.cache_read_audio_tokens AS cache_read_audio_tokens,
    calls.input_image_tokens AS input_image_tokens,
    calls.input_video_tokens AS input_video_tokens,
    calls.input_document_tokens AS input_document_tokens,
    calls.input_tool_use_tokens AS input_tool_use_tokens,
    calls.output_text_tokens AS output_text_tokens,
    calls.reasoning_tokens AS reasoning_tokens,
    calls.output_audio_tokens AS output_audio_tokens,
    calls.output_image_tokens AS output_image_tokens,
    calls.prediction_accepted_tokens AS prediction_accepted_tokens,
    calls.prediction_rejected_tokens AS prediction_rejected_tokens,
    calls.web_search_requests AS web_search_requests,
    calls.web_fetch_requests AS web_fetch_requests,
    calls.file_search_requests AS file_search_requests,
    calls.code_execution_sessions AS code_execution_sessions,
    calls.price_version AS price_version,
    calls.price_card_id AS price_card_id,
    calls.price_band AS price_band,
    calls.cost_usd AS cost_usd,
    calls.known_cost_usd AS known_cost_usd,
    calls.unpriced AS unpriced
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.trace_id = toUUIDOrZero({trace_id:String})) AND (toDate(calls.started_at) GLOBAL IN (
    SELECT days.started_on
    FROM tokenledger.trace_days AS days
    WHERE days.trace_id = toUUIDOrZero({trace_id:String})
))
ORDER BY
    calls.started_at ASC,
    calls.span_id ASC;

CREATE VIEW tokenledger.call_pieces
AS WITH
    cards AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            cards.band AS band,
            arrayMap(place -> (cards.prices[place]), [2, 9, 4, 5, 6, 7, 3, 1, 13, 12, 10, 11, 8]) AS prices
        FROM tokenledger.band_prices AS cards
    ),
    billed AS
    (
        SELECT
            billed.started_at AS started_at,
            billed.trace_id AS trace_id,
            billed.span_id AS span_id,
            billed.agent_name AS agent_name,
            billed.agent_run_id AS agent_run_id,
            billed.customer_id AS customer_id,
            billed.feature_name AS feature_name,
            billed.provider AS provider,
            billed.model AS model,
            billed.outcome AS outcome,
            billed.input_tokens AS input_tokens,
            billed.price_band AS price_band,
            billed.price_card_id AS price_card_id,
            [billed.cache_read_tokens, billed.cache_read_audio_tokens, billed.cache_write_5m_tokens, billed.cache_write_30m_tokens, billed.cache_write_1h_tokens, billed.cache_write_12h_tokens, billed.cache_write_tokens, billed.input_text_tokens, billed.input_tool_use_tokens, billed.input_document_tokens, billed.input_image_tokens, billed.input_video_tokens, billed.input_audio_tokens] AS class_counts,
            ifNull(billed.cache_read_audio_tokens, 0) + arraySum(count -> ifNull(count, 0), arraySlice(class_counts, 10)) AS media_tokens
        FROM tokenledger.llm_calls AS billed
        FINAL
        WHERE (billed.billed_by = 0) AND (billed.started_at >= {from:DateTime64(9, 'UTC')}) AND (billed.started_at < {to:DateTime64(9, 'UTC')})
    ),
    paired AS
    (
        SELECT
            billed.started_at AS started_at,
            billed.trace_id AS trace_id,
            billed.span_id AS span_id,
            billed.* EXCEPT (started_at, trace_id, span_id),
            prompts.* EXCEPT (started_at, trace_id, span_id)
        FROM billed
        INNER JOIN
        (
            SELECT
                prompts.started_at AS started_at,
                prompts.trace_id AS trace_id,
                prompts.span_id AS span_id,
                prompts.segment_kinds AS segment_kinds,
                prompts.segment_tokens AS segment_tokens,
                prompts.segment_markup AS segment_markup,
                prompts.segment_fingerprints AS segment_fingerprints,
                prompts.prefix_fingerprints AS prefix_fingerprints,
                CAST(prompts.tool_names, 'Array(String)') AS tool_names,
                CAST(prompts.asked_tools, 'Array(String)') AS asked_tools,
                prompts.retrieval_used AS retrieval_used
            FROM tokenledger.call_prompts AS prompts
            FINAL
            WHERE (prompts.started_at >= {from:DateTime64(9, 'UTC')}) AND (prompts.started_at < {to:DateTime64(9, 'UTC')}) AND (prompts.segment_kinds != '')
        ) AS prompts ON (toDate(prompts.started_at) = toDate(billed.started_at)) AND (prompts.trace_id = billed.trace_id) AND (prompts.span_id = billed.span_id) AND (prompts.started_at = billed.started_at)
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    stretched AS
    (
        SELECT
            paired.*,
            arrayFilter(class -> (class.count > 0), CAST(arrayMap((count, price) -> (toInt64(ifNull(count, 0)), price), paired.class_counts, arrayResize(cards.prices, 13)), 'Array(Tuple(count Int64, price Nullable(Decimal(18, 15))))')) AS classes,
            arraySum(class -> class.count, classes) AS total,
            arrayCumSum(class -> class.count, classes) AS class_ends,
            arrayCumSum(paired.segment_tokens) AS reached,
            arrayMap((size, number) -> if(number = length(paired.segment_tokens), total, toInt64(intDiv(toUInt64(total) * size, greatest(reached[-1], 1)))), reached, arrayEnumerate(reached)) AS boundaries
        FROM paired
        ANY LEFT JOIN cards ON (cards.price_card_id = paired.price_card_id) AND (cards.band = paired.price_band)
    ),
    priced AS
    (
        SELECT
            stretched.*,
            splitByString('', stretched.segment_kinds) AS kinds,
            arrayFilter((number, letter) -> (letter IN ('d', 'r')), arrayEnumerate(kinds), kinds) AS named,
            arrayFilter((number, letter) -> (letter NOT IN ('d', 'r')), arrayEnumerate(kinds), kinds) AS nameless,
            CAST(arrayMap(boundary -> arraySum((class, class_end) -> (toDecimal128(greatest(0, least((boundary - class_end) + class.count, class.count)), 0) * ifNull(class.price, 0)), stretched.classes, stretched.class_ends), stretched.boundaries), 'Array(Decimal(38, 15))') AS cost_to,
            CAST(arrayMap(boundary -> arraySum((class, class_end) -> if(class.price IS NULL, greatest(0, least((boundary - class_end) + class.count, class.count)), 0), stretched.classes, stretched.class_ends), stretched.boundaries), 'Array(Int64)') AS unpriced_to
        FROM stretched
    )
SELECT
    priced.started_at AS started_at,
    priced.trace_id AS trace_id,
    priced.span_id AS span_id,
    priced.agent_name AS agent_name,
    priced.agent_run_id AS agent_run_id,
    priced.customer_id AS customer_id,
    priced.feature_name AS feature_name,
    priced.provider AS provider,
    priced.model AS model,
    priced.outcome AS outcome,
    priced.input_tokens AS input_tokens,
    priced.media_tokens AS media_tokens,
    priced.asked_tools AS asked_tools,
    priced.retrieval_used AS retrieval_used,
    priced.kinds AS kinds,
    arrayMap(piece -> (piece.2), arraySort(piece -> (piece.1), arrayConcat(arrayZip(priced.named, arrayResize(priced.tool_names, length(priced.named))), arrayMap(number -> (number, ''), priced.nameless)))) AS names,
    priced.segment_fingerprints AS fingerprints,
    priced.prefix_fingerprints AS prefixes,
    priced.segment_markup AS markup,
    arrayMap((letter, number) -> (number < arrayLastIndex(earlier -> (earlier = 'a'), priced.kinds)), priced.kinds, arrayEnumerate(priced.kinds)) AS carried,
    arrayMap((upto, before) -> (upto - before), priced.boundaries, arrayPushFront(arrayPopBack(priced.boundaries), 0)) AS tokens,
    arrayMap((upto, before) -> (upto - before), priced.unpriced_to, arrayPushFront(arrayPopBack(priced.unpriced_to), 0)) AS unpriced,
    arrayMap((upto, before) -> (upto - before), priced.cost_to, arrayPushFront(arrayPopBack(priced.cost_to), toDecimal128(0, 15))) AS known_costs_usd
FROM priced
SETTINGS join_algorithm = 'direct,parallel_hash,hash';

CREATE VIEW tokenledger.card_prices
(
    `price_card_id` UInt64,
    `provider` String,
    `model` String,
    `region` String,
    `service_tier` String,
    `valid_from` DateTime('UTC'),
    `context_from` Array(UInt64),
    `prices` Array(Array(Nullable(Decimal(18, 15)))),
    `is_current` Nullable(UInt8)
)
AS SELECT
    cards.price_card_id AS price_card_id,
    any(cards.provider) AS provider,
    any(cards.model) AS model,
    any(cards.region) AS region,
    any(cards.service_tier) AS service_tier,
    any(cards.valid_from) AS valid_from,
    any(cards.context_from) AS context_from,
    any([cards.input, cards.cache_read, cards.cache_write, cards.cache_write_5m, cards.cache_write_30m, cards.cache_write_1h, cards.cache_write_12h, cards.input_audio, cards.cache_read_audio, cards.input_image, cards.input_video, cards.input_document, cards.input_tool_use, cards.output, cards.reasoning, cards.output_audio, cards.output_image, cards.prediction_accepted, cards.prediction_rejected, cards.web_search, cards.web_fetch, cards.file_search, cards.code_execution, arrayMap(fee -> ifNull(fee, toDecimal64(0, 15)), cards.request)]) AS prices,
    max(cards.price_version) = (
        SELECT max(catalogues.price_version)
        FROM tokenledger.price_catalogues AS catalogues
    ) AS is_current
FROM tokenledger.price_cards AS cards
GROUP BY cards.price_card_id;

CREATE VIEW tokenledger.catalogue_use
AS WITH
    published AS
    (
        SELECT
            catalogues.price_version AS price_version,
            'catalogue' AS kind,
            any(catalogues.sources) AS sources
        FROM tokenledger.price_catalogues AS catalogues
        GROUP BY catalogues.price_version
        UNION ALL
        SELECT
            books.price_version,
            'book',
            any(books.sources)
        FROM tokenledger.price_books AS books
        GROUP BY books.price_version
    ),
    used AS
    (
        SELECT
            calls.price_version AS price_version,
            count() AS calls,
            sum(calls.known_cost_usd) AS known_cost_usd
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE (calls.billed_by = 0) AND (calls.price_version != 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
        GROUP BY calls.price_version
    )
SELECT
    published.price_version AS price_version,
    published.kind AS kind,
    CAST(published.price_version = (
        SELECT max(catalogues.price_version)
        FROM tokenledger.price_catalogues AS catalogues
    ), 'Bool') AS in_force,
    published.sources AS sources,
    used.calls AS calls,
    used.known_cost_usd AS known_cost_usd
FROM published
LEFT JOIN used ON used.price_version = published.price_version
ORDER BY published.price_version DESC;

CREATE VIEW tokenledger.cause_calls
AS SELECT
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
        paid.started_at AS started_at,
        paid.trace_id AS trace_id,
        paid.span_id AS span_id,
        paid.model AS model,
        paid.agent_name AS agent_name,
        paid.customer_id AS customer_id,
        paid.feature_name AS feature_name,
        paid.cost_usd AS cost_usd,
        paid.known_cost_usd AS known_cost_usd,
        arrayFilter(part -> (part.cause = {cause:String}), CAST(arrayZip(paid.causes, paid.tokens, paid.fees, paid.is_unknown, paid.known_costs_usd), 'Array(Tuple(cause String, tokens UInt64, fees UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15)))')) AS parts,
        arrayExists(part -> part.is_unknown, parts) AS is_unknown,
        arraySum(part -> part.known_cost_usd, parts) AS part_known_cost_usd
    FROM `tokenledger.call_cause_parts`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {in_trace:String}) AS paid
    WHERE has(paid.causes, {cause:String}) AND (({in_conversation:String} = '') OR (paid.conversation_id = {in_conversation:String})) AND (({in_service:String} = '') OR (paid.service_name = {in_service:String})) AND ({name:String} = (map('agent', toString(paid.agent_name), 'customer', paid.customer_id, 'model', toString(paid.model), 'service', toString(paid.service_name), 'session', if(paid.conversation_id = '', replaceAll(toString(paid.trace_id), '-', ''), paid.conversation_id))[{by:String}]))
) AS calls
ORDER BY
    calls.part_known_cost_usd DESC,
    calls.started_at ASC,
    calls.trace_id ASC,
    calls.span_id ASC
LIMIT {max_rows:UInt64};

CREATE VIEW tokenledger.cause_cost
AS SELECT
    toDate(paid.started_at) AS day,
    paid.agent_name AS agent_name,
    paid.customer_id AS customer_id,
    paid.feature_name AS feature_name,
    part.cause AS cause,
    countIf(part.nth_of_cause = 1) AS calls,
    sum(part.tokens) AS tokens,
    sum(part.fees) AS fees,
    sumIf(part.tokens + part.fees, part.is_unknown) AS unpriced,
    countIf(part.is_unknown AND (part.nth_alike = 1)) AS unpriced_calls,
    if(unpriced_calls = 0, sum(part.known_cost_usd), NULL) AS cost_usd,
    sum(part.known_cost_usd) AS known_cost_usd
FROM `tokenledger.call_cause_parts`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS paid
ARRAY JOIN CAST(arrayZip(paid.causes, paid.tokens, paid.fees, paid.is_unknown, paid.known_costs_usd, arrayEnumerateUniq(paid.causes), arrayEnumerateUniq(paid.causes, paid.is_unknown)), 'Array(Tuple(cause String, tokens UInt64, fees UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15), nth_of_cause UInt32, nth_alike UInt32))') AS part
GROUP BY
    day,
    paid.agent_name,
    paid.customer_id,
    paid.feature_name,
    part.cause
ORDER BY
    sum(part.known_cost_usd) DESC,
    day ASC,
    agent_name ASC,
    customer_id ASC,
    feature_name ASC,
    cause ASC;

CREATE VIEW tokenledger.cause_over_time
AS SELECT
    multiIf({every:String} = 'hour', toStartOfHour(toDateTime(paid.started_at, 'UTC')), {every:String} = 'day', toStartOfDay(toDateTime(paid.started_at, 'UTC')), {every:String} = 'week', toDateTime(toMonday(paid.started_at), 'UTC'), toDateTime(toStartOfMonth(paid.started_at), 'UTC')) AS starts_at,
    part.cause AS cause,
    countIf(part.nth_of_cause = 1) AS calls,
    sum(part.tokens) AS tokens,
    sum(part.fees) AS fees,
    countIf(part.is_unknown AND (part.nth_alike = 1)) AS unpriced_calls,
    if(unpriced_calls = 0, sum(part.known_cost_usd), NULL) AS cost_usd,
    sum(part.known_cost_usd) AS known_cost_usd
FROM `tokenledger.call_cause_parts`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {in_trace:String}) AS paid
ARRAY JOIN CAST(arrayZip(paid.causes, paid.tokens, paid.fees, paid.is_unknown, paid.known_costs_usd, arrayEnumerateUniq(paid.causes), arrayEnumerateUniq(paid.causes, paid.is_unknown)), 'Array(Tuple(cause String, tokens UInt64, fees UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15), nth_of_cause UInt32, nth_alike UInt32))') AS part
WHERE (({in_conversation:String} = '') OR (paid.conversation_id = {in_conversation:String})) AND (({in_service:String} = '') OR (paid.service_name = {in_service:String})) AND (NOT throwIf(({every:String} NOT IN ('hour', 'day', 'week', 'month')), 'every is hour, day, week or month'))
GROUP BY
    starts_at,
    part.cause
ORDER BY
    starts_at ASC,
    sum(part.known_cost_usd) DESC,
    cause ASC;

CREATE VIEW tokenledger.context_tax_by_turn
AS WITH
    ['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input,
    calls AS
    (
        SELECT
            calls.agent_name AS agent_name,
            if(calls.conversation_id = '', sipHash64(calls.trace_id, calls.agent_run_id, calls.agent_name), sipHash64(calls.conversation_id, calls.agent_name)) AS conversation,
            CAST((calls.started_at, calls.span_id, calls.input_tokens, arraySum((cause, tokens) -> if(cause = 're_read_from_cache', tokens, 0), calls.causes, calls.tokens), arraySum((cause, tokens) -> if(cause = 'expired_cache_rewrite', tokens, 0), calls.causes, calls.tokens), arraySum((cause, tokens) -> if(cause = 're_read_in_full', tokens, 0), calls.causes, calls.tokens), arraySum((cause, tokens) -> if(cause = 'unexplained', tokens, 0), calls.causes, calls.tokens), arraySum((component, tokens, unknown) -> if(unknown AND (component NOT IN (['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input)), tokens, 0), calls.components, calls.tokens, calls.is_unknown), arraySum((component, cost) -> if((component NOT IN (['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input)), cost, toDecimal128(0, 15)), calls.components, calls.known_costs_usd), arraySum((cause, cost) -> if(cause = 're_read_from_cache', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd), arraySum((cause, cost) -> if(cause = 'expired_cache_rewrite', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd), arraySum((cause, cost) -> if(cause = 're_read_in_full', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd)), 'Tuple(started_at DateTime64(9, \'UTC\'), span_id UInt64, input_tokens Nullable(UInt64), from_cache_tokens UInt64, rewritten_tokens UInt64, in_full_tokens UInt64, unexplained_tokens UInt64, unpriced UInt64, input_cost_usd Decimal(38, 15), from_cache_cost_usd Decimal(38, 15), rewritten_cost_usd Decimal(38, 15), in_full_cost_usd Decimal(38, 15))') AS call
        FROM `tokenledger.call_cause_parts`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
        WHERE NOT hasAny(calls.causes, ['failed_attempt', 'exact_duplicate'])
    ),
    conversations AS
    (
        SELECT
            any(calls.agent_name) AS agent_name,
            arraySort(groupArray(calls.call)) AS in_order
        FROM calls
        GROUP BY calls.conversation
    )
SELECT
    conversations.agent_name AS agent_name,
    turn,
    count() AS calls,
    countIf(call.input_tokens IS NULL) AS calls_without_usage,
    sum(call.input_tokens) AS input_tokens,
    sum(call.from_cache_tokens) AS re_read_from_cache_tokens,
    sum(call.rewritten_tokens) AS rewritten_tokens,
    sum(call.in_full_tokens) AS re_read_in_full_tokens,
    sum(call.unexplained_tokens) AS unexplained_tokens,
    round(((sum(call.from_cache_tokens) + sum(call.rewritten_tokens)) + sum(call.in_full_tokens)) / nullIf(sum(call.input_tokens), 0), 4) AS re_read_share,
    sum(call.unpriced) AS unpriced,
    sum(call.input_cost_usd) AS input_known_cost_usd,
    sum(call.from_cache_cost_usd) AS re_read_from_cache_known_cost_usd,
    sum(call.rewritten_cost_usd) AS rewritten_known_cost_usd,
    sum(call.in_full_cost_usd) AS re_read_in_full_known_cost_usd
FROM conversations
ARRAY JOIN
    conversations.in_order AS call,
    arrayEnumerate(conversations.in_order) AS turn
GROUP BY
    conversations.agent_name,
    turn
ORDER BY
    agent_name ASC,
    turn ASC;

CREATE VIEW tokenledger.conversation_cost
AS SELECT
    calls.customer_id AS customer_id,
    calls.conversation_id AS conversation_id,
    min(calls.started_at) AS first_call_at,
    max(calls.started_at) AS last_call_at,
    uniqExact(calls.trace_id) AS traces,
    arraySort(groupUniqArrayIf(calls.agent_name, calls.agent_name != '')) AS agents,
    count() AS calls,
    max(calls.input_tokens) AS largest_input_tokens,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
GROUP BY
    calls.customer_id,
    calls.conversation_id
ORDER BY
    sum(calls.known_cost_usd) DESC,
    calls.customer_id ASC,
    calls.conversation_id ASC;

CREATE VIEW tokenledger.conversation_turns
AS WITH
    ['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input,
    chosen AS
    (
        SELECT
            calls.started_at AS started_at,
            calls.trace_id AS trace_id,
            calls.span_id AS span_id,
            calls.conversation_id AS conversation_id,
            calls.agent_name AS agent_name,
            calls.model AS model,
            calls.outcome AS outcome,
            calls.input_tokens AS input_tokens,
            calls.output_tokens AS output_tokens,
            calls.counts AS counts,
            calls.cost_usd AS cost_usd,
            calls.known_cost_usd AS known_cost_usd,
            calls.price_card_id AS price_card_id,
            calls.price_band AS price_band,
            if(calls.conversation_id = '', sipHash64(calls.trace_id, calls.agent_run_id), sipHash64(calls.conversation_id, calls.agent_name)) AS context,
            (calls.counts[2]) + (calls.counts[9]) AS read_tokens,
            arraySlice(calls.counts, 3, 5) AS written,
            arraySum(written) AS written_tokens,
            if(written_tokens = 0, '', ['', '5m', '30m', '1h', '12h'][indexOf(written, arrayMax(written))]) AS written_for
        FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
    ),
    placed AS
    (
        SELECT
            chosen.*,
            row_number() OVER so_far AS turn,
            any(toNullable(chosen.started_at)) OVER before AS previous_at,
            argMaxIf(chosen.written_for, (chosen.started_at, chosen.span_id), chosen.written_for != '') OVER so_far AS kept_for
        FROM chosen
        WINDOW
            so_far AS (PARTITION BY chosen.context ORDER BY chosen.started_at ASC, chosen.span_id ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
            before AS (PARTITION BY chosen.context ORDER BY chosen.started_at ASC, chosen.span_id ASC ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)
    ),
    pieces AS
    (
        SELECT
            pieces.trace_id AS trace_id,
            pieces.span_id AS span_id,
            pieces.started_at AS started_at,
            arrayMap(letters -> arraySum((kind, tokens) -> if(position(letters, kind) > 0, tokens, 0), pieces.kinds, pieces.tokens), ['s', 'd', 'u', 'a', 'r', 'c', 'm', 'h', 'x']) AS by_kind
        FROM `tokenledger.call_pieces`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS pieces
        WHERE (pieces.trace_id, pieces.span_id) IN (
            SELECT
                chosen.trace_id,
                chosen.span_id
            FROM chosen
        )
    ),
    causes AS
    (
        SELECT
            causes.trace_id AS trace_id,
            causes.span_id AS span_id,
            causes.started_at AS started_at,
            arrayMap(cause -> arraySum((given, component, tokens) -> if((given = cause) AND (component NOT IN (['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input)), tokens, 0), causes.causes, causes.components, causes.tokens), ['re_read_from_cache', 'expired_cache_rewrite', 're_read_in_full', 'failed_attempt', 'exact_duplicate']) AS tokens,
            arrayMap(cause -> arraySum((given, component, cost) -> if((given = cause) AND (component NOT IN (['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input)), cost, toDecimal128(0, 15)), causes.causes, causes.components, causes.known_costs_usd), ['re_read_from_cache', 'expired_cache_rewrite', 're_read_in_full']) AS costs,
            arraySum((component, cost) -> if((component NOT IN (['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input)), cost, toDecimal128(0, 15)), causes.components, causes.known_costs_usd) AS input_cost,
            arraySum((cause, component, tokens) -> if((cause = 'unexplained') AND (component NOT IN (['', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS no_input)), tokens, 0), causes.causes, causes.components, causes.tokens) AS unexplained_tokens,
            has(causes.components, '') AND (causes.causes = ['unexplained']) AS is_unexplained
        FROM `tokenledger.call_cause_parts`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {in_trace:String}) AS causes
        WHERE (causes.trace_id, causes.span_id) IN (
            SELECT
                chosen.trace_id,
                chosen.span_id
            FROM chosen
        )
    ),
    cards AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            cards.band AS band,
            cards.prices[2] AS read_price
        FROM tokenledger.band_prices AS cards
    )
SELECT
    placed.started_at AS started_at,
    replaceAll(toString(placed.trace_id), '-', '') AS trace_id,
    lower(leftPad(hex(placed.span_id), 16, '0')) AS span_id,
    placed.conversation_id AS conversation_id,
    placed.agent_name AS agent_name,
    placed.turn AS turn,
    placed.model AS model,
    placed.outcome AS outcome,
    if(placed.previous_at IS NULL, NULL, (toUnixTimestamp64Nano(placed.started_at) - toUnixTimestamp64Nano(assumeNotNull(placed.previous_at))) / 1000000) AS idle_ms,
    placed.kept_for AS kept_for,
    placed.input_tokens AS input_tokens,
    placed.output_tokens AS output_tokens,
    if(placed.input_tokens IS NULL, NULL, placed.read_tokens) AS cache_read_tokens,
    if(placed.input_tokens IS NULL, NULL, placed.written_tokens) AS cache_write_tokens,
    (toInt64(placed.input_tokens) - placed.read_tokens) - placed.written_tokens AS in_full_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[1]) AS system_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[2]) AS tool_definition_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[3]) AS user_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[4]) AS answer_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[5]) AS tool_result_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[6]) AS retrieved_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[7]) AS media_tokens,
    if(placed.input_tokens IS NULL, NULL, pieces.by_kind[8]) AS older_tokens,
    toInt64(placed.input_tokens) - arraySum(arraySlice(pieces.by_kind, 1, 8)) AS unrecorded_tokens,
    if(placed.input_tokens IS NULL, NULL, causes.tokens[1]) AS re_read_from_cache_tokens,
    if(placed.input_tokens IS NULL, NULL, causes.tokens[2]) AS rewritten_tokens,
    if(placed.input_tokens IS NULL, NULL, causes.tokens[3]) AS re_read_in_full_tokens,
    if(placed.input_tokens IS NULL, NULL, (causes.tokens[4]) + (causes.tokens[5])) AS failed_or_duplicate_tokens,
    if(causes.is_unexplained OR (placed.input_tokens IS NULL), toInt64(placed.input_tokens), causes.unexplained_tokens) AS unexplained_tokens,
    (toInt64(placed.input_tokens) - arraySum(causes.tokens)) - unexplained_tokens AS new_tokens,
    causes.input_cost AS input_known_cost_usd,
    causes.costs[1] AS re_read_from_cache_known_cost_usd,
    causes.costs[2] AS rewritten_known_cost_usd,
    causes.costs[3] AS re_read_in_full_known_cost_usd,
    (causes.costs[2]) - (toDecimal128(causes.tokens[2], 0) * ifNull(cards.read_price, 0)) AS rewrite_loss_usd,
    (causes.costs[3]) - (toDecimal128(causes.tokens[3], 0) * ifNull(cards.read_price, 0)) AS missed_discount_usd,
    placed.cost_usd AS cost_usd,
    placed.known_cost_usd AS known_cost_usd
FROM placed
LEFT JOIN pieces ON (pieces.trace_id = placed.trace_id) AND (pieces.span_id = placed.span_id) AND (pieces.started_at = placed.started_at)
LEFT JOIN causes ON (causes.trace_id = placed.trace_id) AND (causes.span_id = placed.span_id) AND (causes.started_at = placed.started_at)
ANY LEFT JOIN cards ON (cards.price_card_id = placed.price_card_id) AND (cards.band = placed.price_band)
ORDER BY
    started_at ASC,
    trace_id ASC,
    span_id ASC;

CREATE VIEW tokenledger.cost_change
AS WITH
    counted AS
    (
        SELECT
            arrayJoin(arrayConcat(if((calls.started_at >= {base_from:DateTime64(9, 'UTC')}) AND (calls.started_at < {base_to:DateTime64(9, 'UTC')}), [false], []), if((calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')}), [true], []))) AS is_later,
            multiIf({by:String} = 'agent', toString(calls.agent_name), {by:String} = 'customer', calls.customer_id, {by:String} = 'feature', toString(calls.feature_name), toString(calls.model)) AS name,
            calls.provider AS provider,
            calls.model AS model,
            calls.service_tier AS service_tier,
            calls.region AS region,
            calls.price_card_id AS price_card_id,
            calls.price_band AS price_band,
            calls.cost_usd IS NOT NULL AS is_priced,
            count() AS calls,
            sum(calls.known_cost_usd) AS known_cost_usd,
            arrayMap(count -> ifNull(count, 0), [sum(calls.input_text_tokens), sum(calls.cache_read_tokens), sum(calls.cache_write_tokens), sum(calls.cache_write_5m_tokens), sum(calls.cache_write_30m_tokens), sum(calls.cache_write_1h_tokens), sum(calls.cache_write_12h_tokens), sum(calls.input_audio_tokens), sum(calls.cache_read_audio_tokens), sum(calls.input_image_tokens), sum(calls.input_video_tokens), sum(calls.input_document_tokens), sum(calls.input_tool_use_tokens), sum(calls.output_text_tokens), sum(calls.reasoning_tokens), sum(calls.output_audio_tokens), sum(calls.output_image_tokens), sum(calls.prediction_accepted_tokens), sum(calls.prediction_rejected_tokens), sum(calls.web_search_requests), sum(calls.web_fetch_requests), sum(calls.file_search_requests), sum(calls.code_execution_sessions)]) AS counts
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE (calls.billed_by = 0) AND (((calls.started_at >= {base_from:DateTime64(9, 'UTC')}) AND (calls.started_at < {base_to:DateTime64(9, 'UTC')})) OR ((calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')}))) AND (NOT throwIf(({by:String} NOT IN ('model', 'agent', 'customer', 'feature')), 'by is model, agent, customer or feature'))
        GROUP BY
            is_later,
            name,
            calls.provider,
            calls.model,
            calls.service_tier,
            calls.region,
            calls.price_card_id,
            calls.price_band,
            is_priced
    ),
    charged AS
    (
        SELECT
            counted.is_later AS is_later,
            counted.name AS name,
            counted.provider AS provider,
            counted.model AS model,
            counted.service_tier AS service_tier,
            counted.region AS region,
            counted.price_card_id AS price_card_id,
            counted.is_priced AS is_priced,
            counted.calls AS calls,
            counted.known_cost_usd AS known_cost_usd,
            arrayMap(bands -> (bands[counted.price_band]), arrayResize(cards.prices, 23)) AS list_prices,
            arrayMap((count, price) -> ifNull(toDecimal128(count, 0) * price, toDecimal128(0, 15)), counted.counts, list_prices) AS class_costs,
            arrayPushBack(counted.counts, counted.calls) AS counts,
            arrayPushBack(class_costs, counted.known_cost_usd - arraySum(class_costs)) AS costs
        FROM counted
        ANY LEFT JOIN tokenledger.card_prices AS cards ON cards.price_card_id = counted.price_card_id
    ),
    compared AS
    (
        SELECT
            charged.name AS name,
            charged.provider AS provider,
            charged.model AS model,
            charged.service_tier AS service_tier,
            charged.region AS region,
            sumIf(charged.calls, charged.is_priced AND (NOT charged.is_later)) AS base_calls,
            sumIf(charged.calls, charged.is_priced AND charged.is_later) AS later_calls,
            sumIf(charged.calls, (NOT charged.is_priced) AND (NOT charged.is_later)) AS base_unpriced_calls,
            sumIf(charged.calls, (NOT charged.is_priced) AND charged.is_later) AS later_unpriced_calls,
            sumIf(charged.known_cost_usd, (NOT charged.is_priced) AND (NOT charged.is_later)) AS base_unpriced_usd,
            sumIf(charged.known_cost_usd, (NOT charged.is_priced) AND charged.is_later) AS later_unpriced_usd,
            sumIf(charged.known_cost_usd, charged.is_priced AND (NOT charged.is_later)) AS base_usd,
            sumIf(charged.known_cost_usd, charged.is_priced AND charged.is_later) AS later_usd,
            arrayResize(sumForEachIf(charged.counts, charged.is_priced AND (NOT charged.is_later)), 24) AS base_counts,
            arrayResize(sumForEachIf(charged.counts, charged.is_priced AND charged.is_later), 24) AS later_counts,
            arrayMap(cost -> toDecimal256(cost, 15), arrayResize(sumForEachIf(charged.costs, charged.is_priced AND (NOT charged.is_later)), 24)) AS base_costs,
            arrayMap(cost -> toDecimal256(cost, 15), arrayResize(sumForEachIf(charged.costs, charged.is_priced AND charged.is_later), 24)) AS later_costs,
            arrayResize(argMaxIf(charged.list_prices, (charged.calls, charged.price_card_id), charged.is_priced AND (NOT charged.is_later)), 24) AS base_prices
        FROM charged
        GROUP BY
            charged.name,
            charged.provider,
            charged.model,
            charged.service_tier,
            charged.region
    ),
    staged AS
    (
        SELECT
            compared.*,
            sum(compared.base_calls) OVER () AS all_base_calls,
            sum(compared.later_calls) OVER () AS all_later_calls,
            arrayConcat([arraySum(arraySlice(compared.base_counts, 1, 7)), arraySum(arraySlice(compared.base_counts, 8, 2))], arraySlice(compared.base_counts, 10)) AS base_lengths,
            arrayConcat([arraySum(arraySlice(compared.later_counts, 1, 7)), arraySum(arraySlice(compared.later_counts, 8, 2))], arraySlice(compared.later_counts, 10)) AS later_lengths,
            arrayConcat([arraySum(arraySlice(compared.base_costs, 1, 7)), arraySum(arraySlice(compared.base_costs, 8, 2))], arraySlice(compared.base_costs, 10)) AS base_length_costs,
            arrayConcat([arraySum(arraySlice(compared.later_costs, 1, 7)), arraySum(arraySlice(compared.later_costs, 8, 2))], arraySlice(compared.later_costs, 10)) AS later_length_costs,
            arrayConcat(arrayWithConstant(7, base_lengths[1]), arrayWithConstant(2, base_lengths[2]), arraySlice(base_lengths, 3)) AS base_length_of_class,
            multiIf(all_base_calls = 0, compared.later_usd, CAST((toDecimal256(compared.base_usd, 15) * all_later_calls) / all_base_calls, 'Decimal(38, 15)')) AS by_volume,
            multiIf(compared.base_calls = 0, compared.later_usd, CAST((toDecimal256(compared.base_usd, 15) * compared.later_calls) / compared.base_calls, 'Decimal(38, 15)')) AS by_mix,
            multiIf(compared.base_calls = 0, compared.later_usd, CAST(arraySum(arrayMap((base, later, base_cost, later_cost) -> if(base = 0, later_cost, (base_cost * later) / greatest(base, 1)), base_lengths, later_lengths, base_length_costs, later_length_costs)), 'Decimal(38, 15)')) AS by_length,
            multiIf(compared.base_calls = 0, compared.later_usd, CAST(arraySum(arrayMap((base_length, base, later, base_cost, later_cost, base_price) -> multiIf(base_length = 0, later_cost, base > 0, (base_cost * later) / greatest(base, 1), ifNull(base_price * toDecimal256(later, 0), later_cost)), base_length_of_class, compared.base_counts, compared.later_counts, compared.base_costs, compared.later_costs, compared.base_prices)), 'Decimal(38, 15)')) AS by_cache
        FROM compared
    )
SELECT
    staged.name AS name,
    staged.provider AS provider,
    staged.model AS model,
    staged.service_tier AS service_tier,
    staged.region AS region,
    staged.base_calls + staged.base_unpriced_calls AS base_calls,
    staged.later_calls + staged.later_unpriced_calls AS calls,
    staged.base_unpriced_calls AS base_unpriced_calls,
    staged.later_unpriced_calls AS unpriced_calls,
    staged.base_usd + staged.base_unpriced_usd AS base_known_cost_usd,
    staged.later_usd + staged.later_unpriced_usd AS known_cost_usd,
    known_cost_usd - base_known_cost_usd AS difference_usd,
    staged.by_volume - staged.base_usd AS volume_usd,
    staged.by_mix - staged.by_volume AS mix_usd,
    staged.by_length - staged.by_mix AS length_usd,
    staged.by_cache - staged.by_length AS cache_usd,
    staged.later_usd - staged.by_cache AS price_usd,
    staged.later_unpriced_usd - staged.base_unpriced_usd AS unpriced_usd
FROM staged
ORDER BY
    abs(difference_usd) DESC,
    name ASC,
    provider ASC,
    model ASC,
    service_tier ASC,
    region ASC;

CREATE VIEW tokenledger.cost_over_time
AS SELECT
    multiIf({every:String} = 'hour', toStartOfHour(toDateTime(calls.started_at, 'UTC')), {every:String} = 'day', toStartOfDay(toDateTime(calls.started_at, 'UTC')), {every:String} = 'week', toDateTime(toMonday(calls.started_at), 'UTC'), toDateTime(toStartOfMonth(calls.started_at), 'UTC')) AS starts_at,
    multiIf({by:String} = 'model', toString(calls.model), {by:String} = 'agent', toString(calls.agent_name), {by:String} = 'customer', calls.customer_id, {by:String} = 'feature', toString(calls.feature_name), {by:String} = 'service', toString(calls.service_name), toString(calls.provider)) AS name,
    count() AS calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')}) AND (NOT throwIf(({every:String} NOT IN ('hour', 'day', 'week', 'month')), 'every is hour, day, week or month')) AND (NOT throwIf(({by:String} NOT IN ('model', 'agent', 'customer', 'feature', 'service', 'provider')), 'by is model, agent, customer, feature, service or provider'))
GROUP BY
    starts_at,
    name
ORDER BY
    starts_at ASC,
    sum(calls.known_cost_usd) DESC,
    name ASC;

CREATE VIEW tokenledger.customer_cost
AS SELECT
    calls.customer_id AS customer_id,
    calls.feature_name AS feature_name,
    uniqExactIf(calls.task_id, calls.task_id != '') AS tasks,
    uniqExact(calls.trace_id) AS traces,
    count() AS calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
GROUP BY
    calls.customer_id,
    calls.feature_name
ORDER BY
    sum(calls.known_cost_usd) DESC,
    calls.customer_id ASC,
    calls.feature_name ASC;

CREATE VIEW tokenledger.definition_trims
AS WITH
    calls AS
    (
        SELECT
            calls.started_at AS started_at,
            calls.trace_id AS trace_id,
            calls.span_id AS span_id,
            calls.service_name AS service_name,
            calls.agent_name AS agent_name,
            assumeNotNull(toInt64(calls.input_tokens)) AS input_tokens,
            prompts.segment_kinds AS kinds,
            prompts.segment_tokens AS sizes,
            prompts.tool_names AS tool_names,
            prompts.asked_tools AS asked_tools
        FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        INNER JOIN
        (
            SELECT
                prompts.started_at AS started_at,
                prompts.trace_id AS trace_id,
                prompts.span_id AS span_id,
                prompts.segment_kinds AS segment_kinds,
                prompts.segment_tokens AS segment_tokens,
                CAST(prompts.tool_names, 'Array(String)') AS tool_names,
                CAST(prompts.asked_tools, 'Array(String)') AS asked_tools
            FROM tokenledger.call_prompts AS prompts
            FINAL
            WHERE (prompts.started_at >= {from:DateTime64(9, 'UTC')}) AND (prompts.started_at < {to:DateTime64(9, 'UTC')})
        ) AS prompts ON (toDate(prompts.started_at) = toDate(calls.started_at)) AND (prompts.trace_id = calls.trace_id) AND (prompts.span_id = calls.span_id) AND (prompts.started_at = calls.started_at)
        WHERE calls.input_tokens > 0
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    asked AS
    (
        SELECT
            calls.service_name AS service_name,
            calls.agent_name AS agent_name,
            groupUniqArrayArray(calls.asked_tools) AS tools
        FROM calls
        GROUP BY
            calls.service_name,
            calls.agent_name
    ),
    placed AS
    (
        SELECT
            calls.started_at AS started_at,
            calls.trace_id AS trace_id,
            calls.span_id AS span_id,
            splitByString('', calls.kinds) AS letters,
            arrayCumSum(size -> toInt64(size), calls.sizes) AS reached,
            arrayMap(size -> intDiv(calls.input_tokens * size, greatest(reached[-1], 1)), reached) AS boundaries,
            arrayFilter(piece -> (piece.letter IN ('d', 'r')), CAST(arrayMap((letter, start, end) -> (letter, start, end), letters, arrayPopBack(arrayPushFront(boundaries, 0)), boundaries), 'Array(Tuple(letter String, start Int64, end Int64))')) AS named,
            arrayFilter(piece -> ((piece.tool != '') AND (NOT has(asked.tools, piece.tool))), CAST(arrayMap((piece, tool) -> (if(piece.letter = 'd', tool, ''), piece.start, piece.end), named, arrayResize(calls.tool_names, length(named))), 'Array(Tuple(tool String, start Int64, end Int64))')) AS unused
        FROM calls
        INNER JOIN asked ON (asked.service_name = calls.service_name) AND (asked.agent_name = calls.agent_name)
        WHERE (calls.kinds != '') AND (NOT startsWith(calls.kinds, 'h'))
    )
SELECT
    placed.started_at AS started_at,
    placed.trace_id AS trace_id,
    placed.span_id AS span_id,
    arrayMap(piece -> piece.tool, placed.unused) AS tools,
    CAST(arrayMap(piece -> (piece.start, piece.end), placed.unused), 'Array(Tuple(start Int64, end Int64))') AS places
FROM placed
SETTINGS join_algorithm = 'direct,parallel_hash,hash';

CREATE VIEW tokenledger.delivery_health
AS SELECT
    deliveries.process_id AS process_id,
    any(deliveries.ServiceName) AS service_name,
    min(deliveries.Timestamp) AS first_span_at,
    max(deliveries.Timestamp) AS last_span_at,
    count() AS deliveries,
    uniqExact(deliveries.TraceId, deliveries.SpanId) AS spans,
    deliveries - spans AS repeated,
    countIf(deliveries.has_invalid_id) AS refused,
    max(deliveries.sequence) AS last_sequence,
    if(process_id = '', NULL, last_sequence - uniqExactIf(deliveries.sequence, deliveries.sequence > 0)) AS missing
FROM
(
    SELECT
        landed.SpanAttributes['tokenledger.process.id'] AS process_id,
        toUInt64OrZero(landed.SpanAttributes['tokenledger.sequence']) AS sequence,
        (NOT match(landed.SpanId, '^[0-9a-fA-F]{16}$')) OR (landed.SpanId = '0000000000000000') OR (NOT match(landed.TraceId, '^[0-9a-fA-F]{32}$')) OR (landed.TraceId = '00000000000000000000000000000000') AS has_invalid_id,
        landed.ServiceName AS ServiceName,
        landed.Timestamp AS Timestamp,
        landed.TraceId AS TraceId,
        landed.SpanId AS SpanId
    FROM tokenledger.otel_traces AS landed
    WHERE (landed.Timestamp >= {from:DateTime64(9, 'UTC')}) AND (landed.Timestamp < {to:DateTime64(9, 'UTC')})
) AS deliveries
GROUP BY deliveries.process_id
ORDER BY
    missing DESC NULLS LAST,
    process_id ASC;

CREATE VIEW tokenledger.duplicate_calls
AS WITH
    prices AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            any(cards.output) AS output
        FROM tokenledger.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    exact AS
    (
        SELECT
            why.trace_id AS trace_id,
            why.span_id AS span_id
        FROM tokenledger.call_causes AS why
        FINAL
        WHERE (why.started_at >= {from:DateTime64(9, 'UTC')}) AND (why.started_at < {to:DateTime64(9, 'UTC')}) AND has(why.causes, 'exact_duplicate')
    ),
    requests AS
    (
        SELECT
            prompts.started_at AS started_at,
            prompts.trace_id AS trace_id,
            prompts.span_id AS span_id,
            arraySum(prompts.answer_tokens) AS size,
            CAST(arrayZip(arrayResize(arraySlice(CAST(prompts.asked_tools, 'Array(String)'), -least(length(prompts.asked_tools), length(prompts.answer_fingerprints))), least(length(prompts.asked_tools), length(prompts.answer_fingerprints))), arraySlice(prompts.answer_fingerprints, -least(length(prompts.asked_tools), length(prompts.answer_fingerprints))), arraySlice(arrayResize(prompts.answer_tokens, length(prompts.answer_fingerprints)), -least(length(prompts.asked_tools), length(prompts.answer_fingerprints)))), 'Array(Tuple(name String, fingerprint UInt64, size UInt32))') AS asked
        FROM tokenledger.call_prompts AS prompts
        FINAL
        WHERE (prompts.started_at >= {from:DateTime64(9, 'UTC')}) AND (prompts.started_at < {to:DateTime64(9, 'UTC')}) AND notEmpty(prompts.asked_tools) AND notEmpty(prompts.answer_fingerprints)
    ),
    answered AS
    (
        SELECT
            billed.started_at AS started_at,
            billed.trace_id AS trace_id,
            billed.span_id AS span_id,
            billed.agent_name AS agent_name,
            billed.output_text_tokens AS output_text_tokens,
            billed.price_card_id AS price_card_id,
            billed.price_band AS price_band,
            requests.size AS size,
            requests.asked AS asked
        FROM
        (
            SELECT
                billed.started_at AS started_at,
                billed.trace_id AS trace_id,
                billed.span_id AS span_id,
                billed.agent_name AS agent_name,
                billed.output_text_tokens AS output_text_tokens,
                billed.price_card_id AS price_card_id,
                billed.price_band AS price_band
            FROM tokenledger.llm_calls AS billed
            FINAL
            WHERE (billed.billed_by = 0) AND (billed.outcome NOT IN ('failed', 'abandoned')) AND ((billed.trace_id, billed.span_id) NOT IN (
                SELECT
                    exact.trace_id,
                    exact.span_id
                FROM exact
            )) AND (billed.started_at >= {from:DateTime64(9, 'UTC')}) AND (billed.started_at < {to:DateTime64(9, 'UTC')})
        ) AS billed
        INNER JOIN requests ON (toDate(requests.started_at) = toDate(billed.started_at)) AND (requests.trace_id = billed.trace_id) AND (requests.span_id = billed.span_id) AND (requests.started_at = billed.started_at)
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    asked AS
    (
        SELECT
            answered.trace_id AS trace_id,
            arraySort(groupArrayArray(arrayMap(request -> CAST((request.name, request.fingerprint, answered.started_at, answered.span_id, answered.agent_name, intDiv(ifNull(answered.output_text_tokens, 0) * request.size, greatest(answered.size, 1)), prices.output[answered.price_band]), 'Tuple(name String, fingerprint UInt64, started_at DateTime64(9, \'UTC\'), span_id UInt64, agent_name String, tokens UInt64, price Nullable(Decimal(18, 15)))'), answered.asked))) AS requests,
            arrayEnumerateUniq(requests.name, requests.fingerprint) AS nths,
            arrayFill((request, nth) -> (nth = 1), requests, nths) AS firsts
        FROM answered
        ANY LEFT JOIN prices ON prices.price_card_id = answered.price_card_id
        GROUP BY answered.trace_id
    ),
    asked_again AS
    (
        SELECT
            asked.trace_id AS trace_id,
            request.name AS name,
            first.agent_name AS agent_name,
            countIf(nth = 2) AS repeated,
            count() AS calls,
            sum(request.tokens) AS tokens,
            sumIf(request.tokens, request.price IS NULL) AS unpriced,
            sum(toDecimal128(request.tokens, 0) * ifNull(request.price, 0)) AS known_cost_usd
        FROM asked
        ARRAY JOIN
            asked.requests AS request,
            asked.nths AS nth,
            asked.firsts AS first
        WHERE nth > 1
        GROUP BY
            asked.trace_id,
            request.name,
            first.agent_name
    )
SELECT found.*
FROM
(
    SELECT
        'model call' AS kind,
        CAST(calls.model, 'String') AS name,
        CAST(calls.agent_name, 'String') AS agent_name,
        uniqExact(calls.prompt_end) AS repeated,
        count() AS calls,
        sum(arraySum(calls.tokens)) AS tokens,
        sum(arraySum((tokens, fees, is_unknown) -> if(is_unknown, tokens + fees, 0), calls.tokens, calls.fees, calls.is_unknown)) AS unpriced,
        if(countIf(calls.cost_usd IS NULL) = 0, known_cost_usd, NULL) AS cost_usd,
        sum(calls.known_cost_usd) AS known_cost_usd,
        replaceAll(toString(argMax(calls.trace_id, calls.known_cost_usd)), '-', '') AS dearest_trace_id
    FROM `tokenledger.call_cause_parts`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
    WHERE has(calls.causes, 'exact_duplicate')
    GROUP BY
        calls.model,
        calls.agent_name
    UNION ALL
    SELECT
        'tool call',
        asked_again.name,
        asked_again.agent_name,
        sum(asked_again.repeated),
        sum(asked_again.calls),
        sum(asked_again.tokens),
        sum(asked_again.unpriced) AS unpriced,
        if(unpriced = 0, sum(asked_again.known_cost_usd), NULL),
        sum(asked_again.known_cost_usd),
        replaceAll(toString(argMax(asked_again.trace_id, asked_again.known_cost_usd)), '-', '')
    FROM asked_again
    GROUP BY
        asked_again.name,
        asked_again.agent_name
) AS found
ORDER BY
    found.known_cost_usd DESC,
    found.kind ASC,
    found.name ASC,
    found.agent_name ASC;

CREATE MATERIALIZED VIEW tokenledger.elect_bills
REFRESH EVERY 5 SECOND APPEND TO tokenledger.llm_calls_unpriced
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `version` UInt64,
    `call_key` UInt64,
    `request_key` UInt64,
    `billed_by` UInt64,
    `duration_ns` UInt64,
    `source` LowCardinality(String),
    `scope_name` LowCardinality(String),
    `scope_version` LowCardinality(String),
    `emitter` LowCardinality(String),
    `report_rank` UInt8,
    `service_name` LowCardinality(String),
    `environment` LowCardinality(String),
    `process_id` LowCardinality(String),
    `sequence` UInt64,
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `agent_step` UInt32,
    `handoff_from` LowCardinality(String),
    `customer_id` String,
    `feature_name` LowCardinality(String),
    `task_id` String,
    `conversation_id` String,
    `operation` LowCardinality(String),
    `provider` LowCardinality(String),
    `request_model` LowCardinality(String),
    `response_model` LowCardinality(String),
    `model` LowCardinality(String),
    `response_id` String,
    `billed_line` LowCardinality(String),
    `service_tier` LowCardinality(String),
    `region` LowCardinality(String),
    `streamed` Bool,
    `outcome` LowCardinality(String),
    `error_type` LowCardinality(String),
    `http_status` UInt16,
    `attempts` UInt16,
    `finish_reasons` Array(LowCardinality(String)),
    `time_to_first_chunk_ns` UInt64,
    `usage_source` LowCardinality(String),
    `usage_split` LowCardinality(String),
    `usage_inconsistent` LowCardinality(String),
    `input_basis` LowCardinality(String),
    `usage_reported` Map(LowCardinality(String), String),
    `input_tokens` Nullable(UInt64),
    `output_tokens` Nullable(UInt64),
    `input_text_tokens` Nullable(UInt64),
    `cache_read_tokens` Nullable(UInt64),
    `cache_write_tokens` Nullable(UInt64),
    `cache_write_5m_tokens` Nullable(UInt64),
    `cache_write_30m_tokens` Nullable(UInt64),
    `cache_write_1h_tokens` Nullable(UInt64),
    `cache_write_12h_tokens` Nullable(UInt64),
    `input_audio_tokens` Nullable(UInt64),
    `cache_read_audio_tokens` Nullable(UInt64),
    `input_image_tokens` Nullable(UInt64),
    `input_video_tokens` Nullable(UInt64),
    `input_document_tokens` Nullable(UInt64),
    `input_tool_use_tokens` Nullable(UInt64),
    `output_text_tokens` Nullable(UInt64),
    `reasoning_tokens` Nullable(UInt64),
    `output_audio_tokens` Nullable(UInt64),
    `output_image_tokens` Nullable(UInt64),
    `prediction_accepted_tokens` Nullable(UInt64),
    `prediction_rejected_tokens` Nullable(UInt64),
    `web_search_requests` Nullable(UInt64),
    `web_fetch_requests` Nullable(UInt64),
    `file_search_requests` Nullable(UInt64),
    `code_execution_sessions` Nullable(UInt64),
    `price_version` UInt32,
    `price_card_id` UInt64,
    `price_band` UInt8,
    `cost_usd` Nullable(Decimal(38, 15)),
    `known_cost_usd` Decimal(38, 15),
    `unpriced` LowCardinality(String)
)
AS WITH
    (
        SELECT max(views.last_success_time - toIntervalMillisecond(views.last_success_duration_ms))
        FROM system.view_refreshes AS views
        WHERE (views.database = 'ledger') AND (views.view = 'elect_bills')
    ) AS last_election,
    ifNull(last_election - toIntervalMinute(5), (
        SELECT max(reports.received_at) - toIntervalDay(1)
        FROM tokenledger.call_reports AS reports
    )) AS since,
    contested AS
    (
        SELECT reports.call_key AS call_key
        FROM tokenledger.call_reports AS reports
        WHERE reports.call_key GLOBAL IN (
            SELECT recent.call_key
            FROM tokenledger.call_reports AS recent
            WHERE recent.received_at >= since
        )
        GROUP BY reports.call_key
        HAVING uniqExact(reports.started_on, reports.trace_id, reports.span_id) > 1
    ),
    keys AS
    (
        SELECT DISTINCT arrayJoin(if(calls.request_key = 0, [calls.call_key], [calls.call_key, calls.request_key])) AS call_key
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE (toDate(calls.started_at), calls.trace_id, calls.span_id) GLOBAL IN (
            SELECT
                reports.started_on,
                reports.trace_id,
                reports.span_id
            FROM tokenledger.call_reports AS reports
            WHERE reports.call_key GLOBAL IN (contested)
        )
    ),
    named AS
    (
        SELECT
            calls.*,
            arrayJoin(if(calls.request_key = 0, [calls.call_key], [calls.call_key, calls.request_key])) AS name
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE ((toDate(calls.started_at), calls.trace_id, calls.span_id) GLOBAL IN (
            SELECT
                reports.started_on,
                reports.trace_id,
                reports.span_id
            FROM tokenledger.call_reports AS reports
            WHERE reports.call_key GLOBAL IN (keys)
        )) AND ((calls.call_key GLOBAL IN (keys)) OR (calls.request_key GLOBAL IN (keys)))
    ),
    near AS
    (
        SELECT
            named.*,
            min(named.call_key) OVER (PARTITION BY named.name) AS near_key
        FROM named
    ),
    joined AS
    (
        SELECT
            near.*,
            min(near.near_key) OVER (PARTITION BY near.started_at, near.trace_id, near.span_id) AS own_key
        FROM near
    ),
    far AS
    (
        SELECT
            joined.*,
            min(joined.own_key) OVER (PARTITION BY joined.name) AS far_key
        FROM joined
    ),
    grouped AS
    (
        SELECT
            far.*,
            min(far.far_key) OVER (PARTITION BY far.started_at, far.trace_id, far.span_id) AS group_key
        FROM far
    ),
    ranked AS
    (
        SELECT
            grouped.*,
            row_number() OVER candidates AS place,
            any(grouped.span_id) OVER candidates AS billed_span_id
        FROM grouped
        WHERE grouped.name = grouped.call_key
        WINDOW candidates AS (PARTITION BY grouped.group_key ORDER BY grouped.usage_source = 'none' ASC, grouped.report_rank ASC, indexOf(['reported', 'partial', 'estimated'], grouped.usage_source) ASC, coalesce(grouped.cache_write_5m_tokens, grouped.cache_write_1h_tokens) IS NULL ASC, grouped.output_tokens DESC, grouped.span_id ASC, grouped.trace_id ASC, grouped.started_at ASC)
    )
SELECT ranked.* EXCEPT (name, near_key, own_key, far_key, group_key, place, billed_span_id) REPLACE (if(ranked.place = 1, 0, ranked.billed_span_id) AS billed_by, bitOr(bitAnd(ranked.version, 18446742974197923840), toUInt64(toUnixTimestamp64Milli(now64(3)) - 1577836800000)) AS version)
FROM ranked
WHERE ranked.billed_by != if(ranked.place = 1, 0, ranked.billed_span_id);

CREATE VIEW tokenledger.emitter_coverage
AS SELECT
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
        spans.emitter AS emitter,
        spans.scope_name AS scope_name,
        countIf(spans.kind = 'llm_call') AS calls,
        countIf(spans.kind = 'agent_run') AS agent_runs,
        countIf(spans.kind = 'tool_call') AS tool_calls,
        countIf(spans.kind = 'unrecognized') AS unrecognized,
        0 AS assumed_basis,
        0 AS found_basis
    FROM tokenledger.spans AS spans
    FINAL
    WHERE (spans.kind != 'other') AND (spans.started_at >= {from:DateTime64(9, 'UTC')}) AND (spans.started_at < {to:DateTime64(9, 'UTC')})
    GROUP BY
        spans.emitter,
        spans.scope_name
    UNION ALL
    SELECT
        calls.emitter AS emitter,
        calls.scope_name AS scope_name,
        0 AS calls,
        0 AS agent_runs,
        0 AS tool_calls,
        0 AS unrecognized,
        countIf(calls.input_basis = 'assumed') AS assumed_basis,
        countIf(calls.input_basis = 'found') AS found_basis
    FROM tokenledger.llm_calls AS calls
    FINAL
    WHERE (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
    GROUP BY
        calls.emitter,
        calls.scope_name
) AS counted
GROUP BY
    counted.emitter,
    counted.scope_name
ORDER BY
    counted.emitter ASC,
    counted.scope_name ASC;

CREATE MATERIALIZED VIEW tokenledger.explain_calls
REFRESH EVERY 1 MINUTE APPEND TO tokenledger.call_causes
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `version` UInt64,
    `prompt_end` UInt64,
    `provider` LowCardinality(String),
    `model` LowCardinality(String),
    `agent_run_id` String,
    `input_tokens` UInt64,
    `cached_tokens` UInt64,
    `re_read_tokens` UInt64,
    `causes` Array(String),
    `components` Array(String),
    `counts` Array(UInt64)
)
AS WITH
    (
        SELECT max(views.last_success_time - toIntervalMillisecond(views.last_success_duration_ms))
        FROM system.view_refreshes AS views
        WHERE (views.database = 'ledger') AND (views.view = 'explain_calls')
    ) AS last_time,
    ifNull(last_time - toIntervalSecond(180), (
        SELECT max(days.received_at) - toIntervalDay(1)
        FROM tokenledger.trace_days AS days
    )) AS since,
    (toDateTime64('2262-01-01 00:00:00', 9, 'UTC'), toUInt64(0)) AS never,
    dirty AS
    (
        SELECT
            days.trace_id AS trace_id,
            arrayJoin(groupUniqArray(days.started_on)) AS started_on
        FROM tokenledger.trace_days AS days
        WHERE days.trace_id GLOBAL IN (
            SELECT recent.trace_id
            FROM tokenledger.trace_days AS recent
            WHERE recent.received_at >= since
        )
        GROUP BY days.trace_id
        HAVING 1
    ),
    recorded AS
    (
        SELECT
            prompts.trace_id AS trace_id,
            prompts.span_id AS span_id,
            prompts.segment_kinds AS segment_kinds,
            arrayMap(size -> toInt64(size), prompts.segment_tokens) AS sizes,
            prompts.segment_fingerprints AS segments,
            prompts.prefix_fingerprints AS prefixes,
            prompts.tool_names AS tool_names,
            prompts.new_chunks AS new_chunks,
            prompts.answer_fingerprints AS answers,
            prompts.answer_chunks AS answer_chunks,
            prompts.asked_tools AS asked_tools
        FROM tokenledger.call_prompts AS prompts
        FINAL
        WHERE (toDate(prompts.started_at), prompts.trace_id) GLOBAL IN (
            SELECT
                dirty.started_on,
                dirty.trace_id
            FROM dirty
        )
    ),
    calls AS
    (
        SELECT
            billed.started_at AS started_at,
            billed.trace_id AS trace_id,
            billed.span_id AS span_id,
            toString(billed.provider) AS provider,
            toString(billed.model) AS model,
            billed.agent_run_id AS run,
            billed.outcome IN ('failed', 'abandoned') AS is_failed,
            CAST([('cache_read', billed.cache_read_tokens), ('cache_read_audio', billed.cache_read_audio_tokens), ('cache_write_5m', billed.cache_write_5m_tokens), ('cache_write_30m', billed.cache_write_30m_tokens), ('cache_write_1h', billed.cache_write_1h_tokens), ('cache_write_12h', billed.cache_write_12h_tokens), ('cache_write', billed.cache_write_tokens), ('input', billed.input_text_tokens), ('input_tool_use', billed.input_tool_use_tokens), ('input_document', billed.input_document_tokens), ('input_image', billed.input_image_tokens), ('input_video', billed.input_video_tokens), ('input_audio', billed.input_audio_tokens)], 'Array(Tuple(component String, count Nullable(Int64)))') AS input_classes,
            CAST([('reasoning', 'reasoning', billed.reasoning_tokens), ('visible_output', 'output', billed.output_text_tokens), ('visible_output', 'output_audio', billed.output_audio_tokens), ('visible_output', 'output_image', billed.output_image_tokens), ('visible_output', 'prediction_accepted', billed.prediction_accepted_tokens), ('visible_output', 'prediction_rejected', billed.prediction_rejected_tokens), ('tool_fee', 'web_search', billed.web_search_requests), ('tool_fee', 'web_fetch', billed.web_fetch_requests), ('tool_fee', 'file_search', billed.file_search_requests), ('tool_fee', 'code_execution', billed.code_execution_sessions), ('tool_fee', 'request', toUInt64(billed.billed_line = ''))], 'Array(Tuple(cause String, component String, count Nullable(Int64)))') AS other_parts,
            arrayMap(class -> ifNull(class.count, 0), input_classes) AS class_counts,
            arraySum(class_counts) AS total,
            arraySum(arraySlice(class_counts, 1, 2)) AS cache_read,
            arraySum(arraySlice(class_counts, 3, 5)) AS cache_write,
            recorded.segment_kinds AS kinds,
            recorded.sizes AS sizes,
            recorded.segments AS segments,
            recorded.prefixes AS prefixes,
            recorded.tool_names AS tool_names,
            recorded.new_chunks AS new_chunks,
            recorded.answers AS answers,
            recorded.answer_chunks AS answer_chunks,
            groupUniqArrayArray(recorded.asked_tools) OVER (PARTITION BY billed.trace_id, billed.agent_run_id) AS asked_tools
        FROM
        (
            SELECT found.*
            FROM tokenledger.llm_calls AS found
            FINAL
            WHERE (found.billed_by = 0) AND ((toDate(found.started_at), found.trace_id) GLOBAL IN (
                SELECT
                    dirty.started_on,
                    dirty.trace_id
                FROM dirty
            ))
        ) AS billed
        LEFT JOIN recorded ON (recorded.trace_id = billed.trace_id) AND (recorded.span_id = billed.span_id)
    ),
    continued AS
    (
        SELECT
            place.trace_id AS trace_id,
            place.span_id AS span_id,
            argMax((place.number, toInt64(place.earlier.2), toInt64(place.earlier.3)), place.number) AS earlier,
            max(place.is_whole AND ((place.earlier.1) > (place.started_at - toIntervalHour(1)))) AS is_duplicate
        FROM
        (
            SELECT
                known.trace_id,
                known.span_id,
                known.started_at,
                known.number,
                known.is_whole,
                max(if(known.number = 0, (known.started_at, known.input_tokens, known.cached_tokens), (toDateTime64(0, 9, 'UTC'), toUInt64(0), toUInt64(0)))) OVER (PARTITION BY known.prefix, known.provider, known.model ORDER BY known.started_at ASC, known.number = 0 ASC) AS earlier
            FROM
            (
                SELECT
                    calls.trace_id AS trace_id,
                    calls.span_id AS span_id,
                    calls.started_at AS started_at,
                    calls.provider AS provider,
                    calls.model AS model,
                    place.1 AS number,
                    place.2 AS prefix,
                    (place.1) = length(calls.prefixes) AS is_whole,
                    toUInt64(calls.total) AS input_tokens,
                    toUInt64(calls.cache_read + calls.cache_write) AS cached_tokens
                FROM calls
                ARRAY JOIN arrayConcat(arrayZip(arrayEnumerate(calls.prefixes), calls.prefixes), if(calls.is_failed OR empty(calls.prefixes), [], [(toUInt32(0), calls.prefixes[-1])])) AS place
                UNION ALL
                SELECT
                    indexed.trace_id,
                    indexed.span_id,
                    indexed.started_at,
                    toString(indexed.provider),
                    toString(indexed.model),
                    0,
                    indexed.prompt_end,
                    0,
                    indexed.input_tokens,
                    indexed.cached_tokens
                FROM tokenledger.prompt_ends AS indexed
                WHERE indexed.prompt_end GLOBAL IN (
                    SELECT arrayJoin(recorded.prefixes)
                    FROM recorded
                )
            ) AS known
        ) AS place
        WHERE (place.number != 0) AND ((place.earlier.1) >= (place.started_at - toIntervalDay(7)))
        GROUP BY
            place.trace_id,
            place.span_id
    ),
    begun AS
    (
        SELECT
            calls.trace_id AS trace_id,
            calls.span_id AS span_id,
            calls.* EXCEPT (trace_id, span_id),
            continued.is_duplicate AS is_duplicate,
            arrayCumSum(calls.sizes) AS reached,
            length(reached) AS pieces_count,
            CAST(if((continued.earlier.2) <= calls.total, continued.earlier, (0, 0, 0)), 'Tuple(number UInt64, tokens Int64, cached Int64)') AS earlier,
            reached[earlier.number] AS reached_before,
            greatest(reached_before, 1) AS size_before,
            greatest((reached[-1]) - reached_before, 1) AS size_since
        FROM calls
        LEFT JOIN continued ON (continued.trace_id = calls.trace_id) AND (continued.span_id = calls.span_id)
    ),
    bounded AS
    (
        SELECT
            begun.*,
            arrayMap((size, number) -> multiIf(number = begun.pieces_count, begun.total, number <= begun.earlier.number, intDiv(begun.earlier.tokens * size, begun.size_before), begun.earlier.tokens + intDiv((begun.total - begun.earlier.tokens) * (size - begun.reached_before), begun.size_since)), begun.reached, arrayEnumerate(begun.reached)) AS boundaries
        FROM begun
    ),
    pieces AS
    (
        SELECT
            piece.trace_id AS trace_id,
            piece.span_id AS span_id,
            maxIf(piece.boundary, ((piece.first_read.2) != 0) AND (piece.first_read < (piece.started_at, piece.span_id))) AS read_to,
            maxIf(piece.boundary, ((piece.first_cached.2) != 0) AND (piece.first_cached < (piece.started_at, piece.span_id))) AS cached_to,
            groupUniqArrayIf(piece.fingerprint, (piece.use = 'segment') AND (piece.first_run != piece.run)) AS handed_segments,
            countIf((piece.use = 'chunk') AND (piece.first_run != piece.run)) AS handed_chunks
        FROM
        (
            SELECT
                uses.*,
                min(if((uses.use = 'prefix') AND (NOT uses.is_failed), (uses.started_at, uses.span_id), never)) OVER (PARTITION BY uses.trace_id, uses.space, uses.fingerprint) AS first_read,
                min(if((uses.use = 'prefix') AND (uses.boundary <= uses.cached), (uses.started_at, uses.span_id), never)) OVER (PARTITION BY uses.trace_id, uses.space, uses.fingerprint, uses.model) AS first_cached,
                any(uses.run) OVER (PARTITION BY uses.trace_id, uses.space, uses.fingerprint ORDER BY uses.started_at ASC, uses.span_id ASC) AS first_run
            FROM
            (
                SELECT
                    bounded.trace_id AS trace_id,
                    bounded.span_id AS span_id,
                    bounded.started_at AS started_at,
                    bounded.run AS run,
                    bounded.model AS model,
                    bounded.is_failed AS is_failed,
                    bounded.cache_read + bounded.cache_write AS cached,
                    part.1 AS use,
                    part.2 AS space,
                    part.3 AS fingerprint,
                    part.4 AS boundary
                FROM bounded
                ARRAY JOIN arrayConcat(arrayMap((one, boundary) -> ('prefix', 'prefix', one, boundary), bounded.prefixes, bounded.boundaries), arrayMap(one -> ('segment', 'text', one, toInt64(0)), bounded.segments), arrayMap(one -> ('answer', 'text', one, toInt64(0)), bounded.answers), arrayMap(one -> ('chunk', 'chunk', one, toInt64(0)), bounded.new_chunks), arrayMap(one -> ('answer', 'chunk', one, toInt64(0)), bounded.answer_chunks)) AS part
            ) AS uses
        ) AS piece
        GROUP BY
            piece.trace_id,
            piece.span_id
    ),
    read AS
    (
        SELECT
            bounded.trace_id AS trace_id,
            bounded.span_id AS span_id,
            bounded.* EXCEPT (trace_id, span_id),
            toInt64(greatest(pieces.read_to, bounded.earlier.tokens)) AS read_to,
            toInt64(greatest(pieces.cached_to, least(bounded.earlier.cached, bounded.earlier.tokens))) AS cached_to,
            pieces.handed_segments AS handed_segments,
            toInt64(pieces.handed_chunks) AS handed_chunks,
            splitByString('', bounded.kinds) AS kind_letters,
            arrayFilter((place, letter) -> (letter IN ('d', 'r')), arrayEnumerate(kind_letters), kind_letters) AS named,
            arrayFilter((place, letter) -> (letter NOT IN ('d', 'r')), arrayEnumerate(kind_letters), kind_letters) AS nameless,
            arrayMap(name -> ((name != '') AND (NOT has(bounded.asked_tools, name))), arrayResize(CAST(bounded.tool_names, 'Array(String)'), length(named))) AS is_unasked,
            arrayMap(piece -> (piece.2), arraySort(piece -> (piece.1), arrayConcat(arrayZip(named, is_unasked), arrayMap(place -> (place, toUInt8(0)), nameless)))) AS is_unused
        FROM bounded
        LEFT JOIN pieces ON (pieces.trace_id = bounded.trace_id) AND (pieces.span_id = bounded.span_id)
    ),
    caused AS
    (
        SELECT
            read.*,
            greatest(read.cache_read + read.cache_write, read.read_to) AS fresh_from,
            if((read.cache_read * 10) >= (read.cached_to * 9), 0, least(read.cache_write, read.cached_to - read.cache_read)) AS rewritten,
            arrayMap((letter, segment, unused) -> multiIf(letter = 'x', 'unexplained', (letter = 'd') AND unused, 'unused_tool_definitions', letter = 'd', 'tool_definitions', has(read.handed_segments, segment), 'handed_over_context', letter = 'c', 'retrieved_context', letter = 'r', 'tool_results', 'new_input'), read.kind_letters, read.segments, read.is_unused) AS piece_causes
        FROM read
    ),
    freshened AS
    (
        SELECT
            caused.*,
            arrayMap((to, `from`) -> greatest(0, to - greatest(`from`, caused.fresh_from)), caused.boundaries, arrayPopBack(arrayPushFront(caused.boundaries, 0))) AS fresh_tokens,
            ['unexplained', 'handed_over_context', 'unused_tool_definitions', 'tool_definitions', 'retrieved_context', 'tool_results', 'new_input'] AS fresh_causes,
            [arraySum((cause, fresh) -> if(cause = 'unexplained', fresh, 0), caused.piece_causes, fresh_tokens), arraySum((cause, fresh) -> if(cause = 'handed_over_context', fresh, 0), caused.piece_causes, fresh_tokens), arraySum((cause, fresh) -> if(cause = 'unused_tool_definitions', fresh, 0), caused.piece_causes, fresh_tokens), arraySum((cause, fresh) -> if(cause = 'tool_definitions', fresh, 0), caused.piece_causes, fresh_tokens), arraySum((cause, fresh) -> if(cause = 'retrieved_context', fresh, 0), caused.piece_causes, fresh_tokens), arraySum((cause, fresh) -> if(cause = 'tool_results', fresh, 0), caused.piece_causes, fresh_tokens), arraySum((cause, fresh) -> if(cause = 'new_input', fresh, 0), caused.piece_causes, fresh_tokens)] AS fresh_sums
        FROM caused
    ),
    stretched AS
    (
        SELECT
            freshened.*,
            if(empty(freshened.new_chunks) OR ((freshened.fresh_sums[2]) > 0), 0, intDiv((freshened.fresh_sums[7]) * freshened.handed_chunks, toInt64(length(freshened.new_chunks)))) AS handed_in_part,
            CAST(arrayFilter(stretch -> ((stretch.2) > 0), arrayConcat([('re_read_from_cache', freshened.cache_read), ('expired_cache_rewrite', freshened.rewritten), ('cache_write', freshened.cache_write - freshened.rewritten), if(empty(freshened.boundaries), ('unexplained', (freshened.total - freshened.cache_read) - freshened.cache_write), ('re_read_in_full', (freshened.fresh_from - freshened.cache_read) - freshened.cache_write))], arrayMap((cause, fresh) -> (cause, fresh + multiIf(cause = 'handed_over_context', handed_in_part, cause = 'new_input', -handed_in_part, 0)), freshened.fresh_causes, freshened.fresh_sums))), 'Array(Tuple(cause String, tokens Int64))') AS stretches
        FROM freshened
    ),
    ended AS
    (
        SELECT
            stretched.*,
            arrayCumSum(stretch -> stretch.tokens, stretched.stretches) AS stretch_ends,
            arrayFilter(class -> (class.count > 0), CAST(arrayMap((class, count, end) -> (class.component, count, end), stretched.input_classes, stretched.class_counts, arrayCumSum(stretched.class_counts)), 'Array(Tuple(component String, count Int64, end Int64))')) AS classes,
            multiIf(stretched.is_failed, 'failed_attempt', stretched.is_duplicate, 'exact_duplicate', '') AS cause_of_all
        FROM stretched
    ),
    divided AS
    (
        SELECT
            ended.*,
            arrayFilter(part -> (part.count > 0), CAST(arrayConcat(arrayFlatten(arrayMap((stretch, stretch_end) -> arrayMap(class -> (stretch.cause, class.component, least(stretch_end, class.end) - greatest(stretch_end - stretch.tokens, class.end - class.count)), ended.classes), ended.stretches, ended.stretch_ends)), arrayMap(part -> (part.cause, part.component, ifNull(part.count, 0)), ended.other_parts)), 'Array(Tuple(cause String, component String, count Int64))')) AS paid
        FROM ended
    )
SELECT
    explained.started_at AS started_at,
    explained.trace_id AS trace_id,
    explained.span_id AS span_id,
    toUInt64(toUnixTimestamp64Milli(now64(3))) AS version,
    explained.prefixes[-1] AS prompt_end,
    explained.provider AS provider,
    explained.model AS model,
    explained.run AS agent_run_id,
    toUInt64(explained.total) AS input_tokens,
    toUInt64(explained.cache_read + explained.cache_write) AS cached_tokens,
    toUInt64(least(explained.total, greatest(explained.cache_read, explained.read_to))) AS re_read_tokens,
    arrayMap(part -> firstNonDefault(explained.cause_of_all, part.cause), explained.paid) AS causes,
    arrayMap(part -> part.component, explained.paid) AS components,
    arrayMap(part -> toUInt64(part.count), explained.paid) AS counts
FROM divided AS explained;

CREATE VIEW tokenledger.feature_cost
AS SELECT
    calls.feature_name AS feature_name,
    uniqExactIf(calls.customer_id, calls.customer_id != '') AS customers,
    uniqExactIf(calls.task_id, calls.task_id != '') AS tasks,
    uniqExact(calls.trace_id) AS traces,
    count() AS calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
GROUP BY calls.feature_name
ORDER BY
    sum(calls.known_cost_usd) DESC,
    calls.feature_name ASC;

CREATE VIEW tokenledger.handoff_cost
AS WITH
    read AS
    (
        SELECT
            calls.trace_id AS trace_id,
            calls.started_at AS started_at,
            calls.span_id AS span_id,
            calls.agent_name AS agent_name,
            calls.run AS run,
            prompts.new_pieces AS new_pieces,
            prompts.answers AS answers,
            prompts.new_chunks AS new_chunks,
            prompts.answer_chunks AS answer_chunks
        FROM
        (
            SELECT
                billed.started_at AS started_at,
                billed.trace_id AS trace_id,
                billed.span_id AS span_id,
                billed.agent_name AS agent_name,
                sipHash64(billed.agent_run_id) AS run
            FROM tokenledger.llm_calls AS billed
            FINAL
            WHERE (billed.billed_by = 0) AND (billed.started_at >= {from:DateTime64(9, 'UTC')}) AND (billed.started_at < {to:DateTime64(9, 'UTC')})
        ) AS calls
        INNER JOIN
        (
            SELECT
                prompts.started_at AS started_at,
                prompts.trace_id AS trace_id,
                prompts.span_id AS span_id,
                prompts.answer_fingerprints AS answers,
                prompts.answer_chunks AS answer_chunks,
                prompts.new_chunks AS new_chunks,
                arraySlice(prompts.segment_fingerprints, arrayLastIndex(letter -> (letter IN ('a', 'd', 'x')), splitByString('', prompts.segment_kinds)) + 1) AS new_pieces
            FROM tokenledger.call_prompts AS prompts
            FINAL
            WHERE (prompts.started_at >= {from:DateTime64(9, 'UTC')}) AND (prompts.started_at < {to:DateTime64(9, 'UTC')}) AND (prompts.trace_id IN (
                SELECT why.trace_id
                FROM tokenledger.call_causes AS why
                WHERE (why.started_at >= {from:DateTime64(9, 'UTC')}) AND (why.started_at < {to:DateTime64(9, 'UTC')}) AND has(why.causes, 'handed_over_context')
            ))
        ) AS prompts ON (toDate(prompts.started_at) = toDate(calls.started_at)) AND (prompts.trace_id = calls.trace_id) AND (prompts.span_id = calls.span_id) AND (prompts.started_at = calls.started_at)
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    traces AS
    (
        SELECT
            read.trace_id AS trace_id,
            groupArray((read.started_at, read.span_id, read.run, CAST(read.agent_name, 'String'), read.new_pieces, read.answers, read.new_chunks, read.answer_chunks)) AS calls
        FROM read
        GROUP BY read.trace_id
    ),
    pieces AS
    (
        SELECT
            traces.trace_id AS trace_id,
            CAST(arraySort(arrayFlatten(arrayMap((started_at, span_id, run, agent_name, new_pieces, answers, new_chunks, answer_chunks) -> arrayConcat(arrayMap(one -> (false, one, started_at, span_id, false, run, agent_name), new_pieces), arrayMap(one -> (false, one, started_at, span_id, true, run, agent_name), answers), arrayMap(one -> (true, one, started_at, span_id, false, run, agent_name), new_chunks), arrayMap(one -> (true, one, started_at, span_id, true, run, agent_name), answer_chunks)), traces.calls.1, traces.calls.2, traces.calls.3, traces.calls.4, traces.calls.5, traces.calls.6, traces.calls.7, traces.calls.8))), 'Array(Tuple(is_chunk Bool, fingerprint UInt64, started_at DateTime64(9, \'UTC\'), span_id UInt64, is_answer Bool, run UInt64, agent_name String))') AS uses,
            arrayFill((use, nth) -> (nth = 1), uses, arrayEnumerateUniq(uses.is_chunk, uses.fingerprint)) AS first_uses
        FROM traces
    ),
    givers AS
    (
        SELECT
            given.trace_id AS trace_id,
            given.span_id AS span_id,
            (max((given.weight, given.giver))).2 AS giver
        FROM
        (
            SELECT
                pieces.trace_id AS trace_id,
                use.span_id AS span_id,
                first_use.agent_name AS giver,
                count() AS weight
            FROM pieces
            ARRAY JOIN
                pieces.uses AS use,
                pieces.first_uses AS first_use
            WHERE (first_use.run != use.run) AND (NOT use.is_answer)
            GROUP BY
                pieces.trace_id,
                use.span_id,
                giver
        ) AS given
        GROUP BY
            given.trace_id,
            given.span_id
    ),
    handed AS
    (
        SELECT
            if(givers.giver = '', CAST(calls.handoff_from, 'String'), givers.giver) AS giver,
            calls.agent_name AS agent_name,
            arraySum((cause, tokens) -> if(cause = 'handed_over_context', tokens, 0), calls.causes, calls.tokens) AS tokens,
            arraySum((cause, tokens, unknown) -> if((cause = 'handed_over_context') AND unknown, tokens, 0), calls.causes, calls.tokens, calls.is_unknown) AS unpriced,
            arraySum((cause, cost) -> if(cause = 'handed_over_context', cost, toDecimal128(0, 15)), calls.causes, calls.known_costs_usd) AS known_cost_usd
        FROM `tokenledger.call_cause_parts`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = '') AS calls
        ANY LEFT JOIN givers ON (givers.trace_id = calls.trace_id) AND (givers.span_id = calls.span_id)
        WHERE has(calls.causes, 'handed_over_context')
    )
SELECT
    handed.giver AS from_agent,
    handed.agent_name AS to_agent,
    count() AS calls,
    sum(handed.tokens) AS tokens,
    sum(handed.unpriced) AS unpriced,
    if(sum(handed.unpriced) = 0, sum(handed.known_cost_usd), NULL) AS cost_usd,
    sum(handed.known_cost_usd) AS known_cost_usd
FROM handed
GROUP BY
    from_agent,
    handed.agent_name
ORDER BY
    sum(handed.known_cost_usd) DESC,
    from_agent ASC,
    to_agent ASC;

CREATE VIEW tokenledger.handoffs
AS SELECT
    multiIf(work.handoff_from != '', 'handoff', length(work.agent_path) > 1, 'delegation', 'start') AS kind,
    if((work.handoff_from = '') AND (length(work.agent_path) > 1), work.agent_path[-2], work.handoff_from) AS from_agent,
    work.agent_name AS to_agent,
    uniqExactIf((work.trace_id, work.agent_run_id), work.agent_run_id != '') AS runs,
    uniqExact(work.trace_id) AS traces,
    sum(work.is_call) AS calls,
    sum(work.input_tokens) AS input_tokens,
    sum(work.output_tokens) AS output_tokens,
    countIf(work.is_call AND (work.cost_usd IS NULL)) AS unpriced_calls,
    if(unpriced_calls = 0, sum(work.known_cost_usd), NULL) AS cost_usd,
    sum(work.known_cost_usd) AS known_cost_usd
FROM
(
    SELECT
        true AS is_call,
        calls.trace_id AS trace_id,
        calls.agent_run_id AS agent_run_id,
        calls.agent_name AS agent_name,
        calls.agent_path AS agent_path,
        calls.handoff_from AS handoff_from,
        calls.input_tokens AS input_tokens,
        calls.output_tokens AS output_tokens,
        calls.cost_usd AS cost_usd,
        calls.known_cost_usd AS known_cost_usd
    FROM tokenledger.llm_calls AS calls
    FINAL
    WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
    UNION ALL
    SELECT
        false AS is_call,
        runs.trace_id AS trace_id,
        runs.agent_run_id AS agent_run_id,
        runs.agent_name AS agent_name,
        runs.agent_path AS agent_path,
        runs.handoff_from AS handoff_from,
        NULL AS input_tokens,
        NULL AS output_tokens,
        NULL AS cost_usd,
        toDecimal128(0, 15) AS known_cost_usd
    FROM tokenledger.agent_runs AS runs
    FINAL
    WHERE (runs.started_at >= {from:DateTime64(9, 'UTC')}) AND (runs.started_at < {to:DateTime64(9, 'UTC')})
) AS work
GROUP BY
    kind,
    from_agent,
    to_agent
ORDER BY
    sum(work.known_cost_usd) DESC,
    kind ASC,
    from_agent ASC,
    to_agent ASC;

CREATE VIEW tokenledger.history_cuts
AS WITH
    calls AS
    (
        SELECT
            calls.started_at AS started_at,
            calls.trace_id AS trace_id,
            calls.span_id AS span_id,
            calls.conversation_id AS conversation_id,
            calls.agent_name AS agent_name,
            calls.agent_run_id AS agent_run_id,
            calls.model AS model,
            assumeNotNull(toInt64(calls.input_tokens)) AS input_tokens
        FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        WHERE calls.input_tokens > 0
    ),
    long_conversations AS
    (
        SELECT calls.conversation_id
        FROM calls
        WHERE calls.conversation_id != ''
        GROUP BY calls.conversation_id
        HAVING uniq(calls.trace_id) > 1
    ),
    followed AS
    (
        SELECT
            calls.started_at AS started_at,
            calls.trace_id AS trace_id,
            calls.span_id AS span_id,
            calls.input_tokens AS input_tokens,
            if((calls.conversation_id GLOBAL IN (long_conversations)), sipHash64(calls.conversation_id, calls.agent_name, calls.model), sipHash64(calls.trace_id, calls.agent_run_id, calls.agent_name, calls.model)) AS thread,
            lagInFrame(calls.input_tokens) OVER in_order AS before,
            (before = 0) OR (calls.input_tokens < before) OR ((toInt64(why.re_read_tokens) * 10) < (before * 9)) AS is_new
        FROM calls
        LEFT JOIN
        (
            SELECT
                why.started_at,
                why.trace_id,
                why.span_id,
                why.re_read_tokens
            FROM tokenledger.call_causes AS why
            FINAL
            WHERE (why.started_at >= {from:DateTime64(9, 'UTC')}) AND (why.started_at < {to:DateTime64(9, 'UTC')})
        ) AS why ON (toDate(why.started_at) = toDate(calls.started_at)) AND (why.trace_id = calls.trace_id) AND (why.span_id = calls.span_id) AND (why.started_at = calls.started_at)
        WINDOW in_order AS (PARTITION BY thread ORDER BY calls.started_at ASC, calls.span_id ASC)
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    parted AS
    (
        SELECT
            followed.*,
            sum(followed.is_new) OVER (PARTITION BY followed.thread ORDER BY followed.started_at ASC, followed.span_id ASC) AS part
        FROM followed
    ),
    numbered AS
    (
        SELECT
            parted.*,
            row_number() OVER in_part - 1 AS turns_before,
            any(parted.input_tokens) OVER in_part AS first_tokens,
            if({turns:UInt32} = 0, 0, intDiv(turns_before, {turns:UInt32})) AS step
        FROM parted
        WINDOW in_part AS (PARTITION BY parted.thread, parted.part ORDER BY parted.started_at ASC, parted.span_id ASC)
    )
SELECT
    numbered.started_at AS started_at,
    numbered.trace_id AS trace_id,
    numbered.span_id AS span_id,
    numbered.turns_before AS turns_before,
    if({turns:UInt32} = 0, 0, numbered.first_tokens) AS cut_from,
    if({turns:UInt32} = 0, 0, min(numbered.input_tokens) OVER (PARTITION BY numbered.thread, numbered.part ORDER BY numbered.step ASC RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)) AS cut_to,
    (cut_to > cut_from) AND ((numbered.turns_before % greatest({turns:UInt32}, 1)) = 0) AS is_first
FROM numbered;

CREATE MATERIALIZED VIEW tokenledger.index_calls TO tokenledger.call_reports
(
    `call_key` UInt64,
    `started_on` Date,
    `trace_id` UUID,
    `span_id` UInt64,
    `received_at` DateTime('UTC')
)
AS SELECT
    arrayJoin(if(calls.request_key = 0, [calls.call_key], [calls.call_key, calls.request_key])) AS call_key,
    toDate(calls.started_at) AS started_on,
    calls.trace_id,
    calls.span_id,
    now('UTC') AS received_at
FROM tokenledger.llm_calls_unpriced AS calls;

CREATE MATERIALIZED VIEW tokenledger.index_prompts TO tokenledger.prompt_ends
(
    `prompt_end` UInt64,
    `provider` LowCardinality(String),
    `model` LowCardinality(String),
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `input_tokens` UInt64,
    `cached_tokens` UInt64
)
AS SELECT
    explained.prompt_end,
    explained.provider,
    explained.model,
    explained.started_at,
    explained.trace_id,
    explained.span_id,
    explained.input_tokens,
    explained.cached_tokens
FROM tokenledger.call_causes AS explained
WHERE (explained.prompt_end != 0) AND (NOT has(explained.causes, 'failed_attempt'));

CREATE MATERIALIZED VIEW tokenledger.index_traces TO tokenledger.trace_days
(
    `trace_id` UUID,
    `started_on` Date,
    `received_at` DateTime('UTC'),
    `has_foreign` UInt8
)
AS SELECT
    received.trace_id AS trace_id,
    toDate(received.started_at) AS started_on,
    now('UTC') AS received_at,
    max((NOT startsWith(received.scope_name, '@tokenledger/')) AND (NOT startsWith(received.scope_name, 'tokenledger.import.')) AND ((received.kind IN ('llm_call', 'agent_run', 'tool_call')) OR (received.conversation_id != '') OR (received.customer_id != ''))) AS has_foreign
FROM tokenledger.spans_received AS received
GROUP BY
    trace_id,
    started_on;

CREATE VIEW tokenledger.inference_whales
AS SELECT
    whales.customer_id AS customer_id,
    whales.calls AS calls,
    whales.unpriced_calls AS unpriced_calls,
    whales.cost_usd AS cost_usd,
    whales.known_cost_usd AS known_cost_usd,
    whales.rank AS rank,
    whales.times_median AS times_median,
    whales.share AS share,
    whales.cumulative_share AS cumulative_share,
    whales.revenue_usd AS revenue_usd,
    whales.margin_usd AS margin_usd
FROM
(
    SELECT
        units.*,
        row_number() OVER dearest AS rank,
        round(toFloat64(units.known_cost_usd) / nullIf(toFloat64(quantileExact(0.5)(units.known_cost_usd) OVER ()), 0), 6) AS times_median,
        round(toFloat64(units.known_cost_usd) / nullIf(toFloat64(units.whole), 0), 6) AS share,
        round(toFloat64(sum(units.known_cost_usd) OVER dearest) / nullIf(toFloat64(units.whole), 0), 6) AS cumulative_share
    FROM
    (
        SELECT
            levels.*,
            maxIf(levels.known_cost_usd, levels.level = 'whole') OVER () AS whole
        FROM `tokenledger.unit_economics`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS levels
        WHERE levels.level IN ('customer', 'whole')
    ) AS units
    WHERE (units.level = 'customer') AND (units.customer_id != '') AND (units.calls > 0)
    WINDOW dearest AS (ORDER BY units.known_cost_usd DESC, units.customer_id ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
) AS whales
WHERE whales.times_median >= {times:Float64}
ORDER BY rank ASC;

CREATE VIEW tokenledger.ledger_total
AS SELECT
    uniqExactIf(calls.trace_id, calls.billed_by = 0) AS traces,
    countIf(calls.billed_by = 0) AS calls,
    countIf((calls.billed_by = 0) AND (calls.outcome NOT IN ('completed', ''))) AS unfinished_calls,
    countIf(calls.billed_by != 0) AS repeated_reports,
    sumIf(greatest(calls.attempts, 1) - 1, calls.billed_by = 0) AS retries,
    sumIf(calls.input_tokens, calls.billed_by = 0) AS input_tokens,
    sumIf(calls.cache_read_tokens, calls.billed_by = 0) AS cache_read_tokens,
    sumIf(calls.output_tokens, calls.billed_by = 0) AS output_tokens,
    sumIf(calls.reasoning_tokens, calls.billed_by = 0) AS reasoning_tokens,
    countIf((calls.billed_by = 0) AND (calls.unpriced != '')) AS unpriced_calls,
    if(unpriced_calls = 0, sumIf(calls.known_cost_usd, calls.billed_by = 0), NULL) AS cost_usd,
    sumIf(calls.known_cost_usd, calls.billed_by = 0) AS known_cost_usd,
    sumIf(calls.known_cost_usd, (calls.billed_by = 0) AND (calls.agent_name != '')) AS agent_cost_usd,
    sumIf(calls.known_cost_usd, (calls.billed_by = 0) AND (calls.agent_name = '')) AS agentless_cost_usd
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')});

CREATE VIEW tokenledger.model_cost
AS SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.service_tier AS service_tier,
    count() AS calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum((((ifNull(calls.cache_write_tokens, 0) + ifNull(calls.cache_write_5m_tokens, 0)) + ifNull(calls.cache_write_30m_tokens, 0)) + ifNull(calls.cache_write_1h_tokens, 0)) + ifNull(calls.cache_write_12h_tokens, 0)) AS cache_write_tokens,
    sum(calls.output_tokens) AS output_tokens,
    sum(calls.reasoning_tokens) AS reasoning_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
GROUP BY
    calls.provider,
    calls.model,
    calls.service_tier
ORDER BY
    sum(calls.known_cost_usd) DESC,
    calls.provider ASC,
    calls.model ASC,
    calls.service_tier ASC;

CREATE VIEW tokenledger.multimodal_cost
AS WITH
    prices AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            any([cards.input_image, cards.input_audio, cards.cache_read_audio, cards.input_video, cards.input_document, cards.output_image, cards.output_audio]) AS bands
        FROM tokenledger.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    parts AS
    (
        SELECT
            billed.provider AS provider,
            billed.model AS model,
            billed.agent_name AS agent_name,
            billed.trace_id AS trace_id,
            billed.span_id AS span_id,
            part.direction AS direction,
            part.medium AS medium,
            CAST(toInt64(part.tokens), 'Nullable(Int64)') AS tokens,
            CAST(NULL, 'Nullable(Int64)') AS tokens_estimated,
            toInt64(if(part.price IS NULL, part.tokens, 0)) AS unpriced,
            toDecimal128(part.tokens, 0) * ifNull(part.price, 0) AS known_cost_usd,
            CAST(NULL, 'Nullable(Decimal(38, 15))') AS known_cost_usd_estimated
        FROM
        (
            SELECT billed.*
            FROM tokenledger.llm_calls AS billed
            FINAL
            WHERE (billed.billed_by = 0) AND (billed.started_at >= {from:DateTime64(9, 'UTC')}) AND (billed.started_at < {to:DateTime64(9, 'UTC')}) AND (((((((ifNull(billed.input_image_tokens, 0) + ifNull(billed.input_audio_tokens, 0)) + ifNull(billed.cache_read_audio_tokens, 0)) + ifNull(billed.input_video_tokens, 0)) + ifNull(billed.input_document_tokens, 0)) + ifNull(billed.output_image_tokens, 0)) + ifNull(billed.output_audio_tokens, 0)) > 0)
        ) AS billed
        LEFT JOIN prices ON prices.price_card_id = billed.price_card_id
        ARRAY JOIN arrayFilter(part -> (part.tokens > 0), CAST(arrayMap((direction, medium, tokens, bands) -> (direction, medium, ifNull(tokens, 0), bands[billed.price_band]), ['input', 'input', 'input', 'input', 'input', 'output', 'output'], ['image', 'audio', 'audio', 'video', 'document', 'image', 'audio'], [billed.input_image_tokens, billed.input_audio_tokens, billed.cache_read_audio_tokens, billed.input_video_tokens, billed.input_document_tokens, billed.output_image_tokens, billed.output_audio_tokens], arrayResize(prices.bands, 7)), 'Array(Tuple(direction String, medium String, tokens UInt64, price Nullable(Decimal(18, 15))))')) AS part
        UNION ALL
        SELECT
            calls.provider,
            calls.model,
            calls.agent_name,
            calls.trace_id,
            calls.span_id,
            'input',
            'any',
            NULL,
            if(calls.input_tokens IS NULL, NULL, arraySum((kind, tokens) -> if(kind = 'm', tokens, 0), calls.kinds, calls.tokens)),
            arraySum((kind, unpriced) -> if(kind = 'm', unpriced, 0), calls.kinds, calls.unpriced),
            toDecimal128(0, 15),
            if(calls.input_tokens IS NULL, NULL, arraySum((kind, cost) -> if(kind = 'm', cost, toDecimal128(0, 15)), calls.kinds, calls.known_costs_usd))
        FROM `tokenledger.call_pieces`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
        WHERE (calls.media_tokens = 0) AND has(calls.kinds, 'm')
    )
SELECT
    parts.provider AS provider,
    parts.model AS model,
    parts.agent_name AS agent_name,
    parts.direction AS direction,
    parts.medium AS medium,
    uniqExact((parts.trace_id, parts.span_id)) AS calls,
    countIf((parts.tokens IS NULL) AND (parts.tokens_estimated IS NULL)) AS calls_without_usage,
    sum(parts.tokens) AS tokens,
    sum(parts.tokens_estimated) AS tokens_estimated,
    sum(parts.unpriced) AS unpriced,
    if((sum(parts.unpriced) = 0) AND (parts.medium != 'any'), sum(parts.known_cost_usd), NULL) AS cost_usd,
    sum(parts.known_cost_usd) AS known_cost_usd,
    sum(parts.known_cost_usd_estimated) AS known_cost_usd_estimated
FROM parts
GROUP BY
    parts.provider,
    parts.model,
    parts.agent_name,
    parts.direction,
    parts.medium
ORDER BY
    sum(parts.known_cost_usd) + ifNull(sum(parts.known_cost_usd_estimated), 0) DESC,
    provider ASC,
    model ASC,
    agent_name ASC,
    direction ASC,
    medium ASC;

CREATE VIEW tokenledger.near_duplicate_calls
AS WITH
    asked AS
    (
        SELECT
            prompts.trace_id AS trace_id,
            prompts.span_id AS span_id,
            prompts.started_at AS started_at,
            prompts.new_simhash AS simhash,
            prompts.prefix_fingerprints[-1] AS prompt_end,
            arrayLastIndex(letter -> (letter = 'a'), splitByString('', prompts.segment_kinds)) AS known,
            if(known = 0, 0, prompts.prefix_fingerprints[known]) AS context
        FROM tokenledger.call_prompts AS prompts
        FINAL
        WHERE (prompts.started_at >= ({from:DateTime64(9, 'UTC')} - toIntervalHour(1))) AND (prompts.started_at < {to:DateTime64(9, 'UTC')}) AND (prompts.new_simhash != 0)
    ),
    prompts AS
    (
        SELECT asked.*
        FROM asked
        WHERE asked.context IN (
            SELECT asked.context
            FROM asked
            GROUP BY asked.context
            HAVING count() > 1
        )
    ),
    candidates AS
    (
        SELECT
            billed.trace_id AS trace_id,
            billed.span_id AS span_id,
            billed.started_at AS started_at,
            billed.model AS model,
            billed.agent_name AS agent_name,
            billed.input_tokens AS input_tokens,
            billed.output_tokens AS output_tokens,
            billed.cost_usd AS cost_usd,
            billed.known_cost_usd AS known_cost_usd,
            prompts.simhash AS simhash,
            prompts.prompt_end AS prompt_end,
            intDiv(toUnixTimestamp(billed.started_at), 3600) AS hour,
            arrayMap(part -> sipHash64(billed.provider, billed.model, prompts.context, part, bitAnd(bitShiftRight(prompts.simhash, 16 * part), 65535)), range(4)) AS parts
        FROM
        (
            SELECT billed.*
            FROM tokenledger.llm_calls AS billed
            FINAL
            WHERE (billed.billed_by = 0) AND (billed.outcome NOT IN ('failed', 'abandoned')) AND (billed.started_at >= ({from:DateTime64(9, 'UTC')} - toIntervalHour(1))) AND (billed.started_at < {to:DateTime64(9, 'UTC')})
        ) AS billed
        INNER JOIN prompts ON (toDate(prompts.started_at) = toDate(billed.started_at)) AND (prompts.trace_id = billed.trace_id) AND (prompts.span_id = billed.span_id) AND (prompts.started_at = billed.started_at)
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    earlier AS
    (
        SELECT
            part,
            candidates.hour AS hour,
            candidates.simhash AS simhash,
            min((candidates.started_at, candidates.prompt_end)) AS first,
            max((candidates.started_at, candidates.prompt_end)) AS last
        FROM candidates
        ARRAY JOIN candidates.parts AS part
        GROUP BY
            part,
            candidates.hour,
            candidates.simhash
        ORDER BY first ASC
        LIMIT 64 BY
            part,
            hour
    ),
    exact AS
    (
        SELECT
            why.trace_id AS trace_id,
            why.span_id AS span_id
        FROM tokenledger.call_causes AS why
        FINAL
        WHERE (why.started_at >= {from:DateTime64(9, 'UTC')}) AND (why.started_at < {to:DateTime64(9, 'UTC')}) AND has(why.causes, 'exact_duplicate')
    ),
    alike AS
    (
        SELECT
            later.trace_id AS trace_id,
            later.span_id AS span_id,
            any(later.model) AS model,
            any(later.agent_name) AS agent_name,
            any(later.input_tokens) AS input_tokens,
            any(later.output_tokens) AS output_tokens,
            any(later.cost_usd) AS cost_usd,
            any(later.known_cost_usd) AS known_cost_usd
        FROM
        (
            SELECT
                candidates.*,
                part,
                heard
            FROM candidates
            ARRAY JOIN candidates.parts AS part
            ARRAY JOIN [candidates.hour, candidates.hour - 1] AS heard
            WHERE (candidates.started_at >= {from:DateTime64(9, 'UTC')}) AND ((candidates.trace_id, candidates.span_id) NOT IN (
                SELECT
                    exact.trace_id,
                    exact.span_id
                FROM exact
            ))
        ) AS later
        INNER JOIN earlier ON (earlier.part = later.part) AND (earlier.hour = later.heard)
        WHERE (bitCount(bitXor(earlier.simhash, later.simhash)) <= 3) AND ((((earlier.first.1) < later.started_at) AND ((earlier.first.1) >= (later.started_at - toIntervalHour(1))) AND ((earlier.first.2) != later.prompt_end)) OR (((earlier.last.1) < later.started_at) AND ((earlier.last.1) >= (later.started_at - toIntervalHour(1))) AND ((earlier.last.2) != later.prompt_end)))
        GROUP BY
            later.trace_id,
            later.span_id
    ),
    again AS
    (
        SELECT one.result AS result
        FROM
        (
            SELECT
                sipHash64(prompts.trace_id, fingerprint) AS result,
                prefix
            FROM tokenledger.call_prompts AS prompts
            ARRAY JOIN
                splitByString('', prompts.segment_kinds) AS kind,
                prompts.segment_fingerprints AS fingerprint,
                prompts.prefix_fingerprints AS prefix
            WHERE (prompts.started_at >= {from:DateTime64(9, 'UTC')}) AND (prompts.started_at < {to:DateTime64(9, 'UTC')}) AND (kind = 'r')
        ) AS one
        GROUP BY one.result
        HAVING groupBitAnd(one.prefix) != groupBitOr(one.prefix)
    ),
    results AS
    (
        SELECT
            calls.trace_id AS trace_id,
            piece.name AS name,
            piece.fingerprint AS fingerprint,
            piece.prefix AS prefix,
            any(calls.agent_name) AS agent_name,
            min(calls.started_at) AS started_at,
            any(piece.tokens) AS tokens,
            any(piece.unpriced) AS unpriced,
            any(piece.known_cost_usd) AS known_cost_usd
        FROM `tokenledger.call_pieces`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
        ARRAY JOIN arrayFilter(piece -> ((piece.kind = 'r') AND (NOT piece.carried)), CAST(arrayZip(calls.kinds, calls.names, calls.carried, calls.fingerprints, calls.prefixes, calls.tokens, calls.unpriced, calls.known_costs_usd), 'Array(Tuple(kind String, name String, carried Bool, fingerprint UInt64, prefix UInt64, tokens Int64, unpriced Int64, known_cost_usd Decimal(38, 15)))')) AS piece
        WHERE (calls.outcome NOT IN ('failed', 'abandoned')) AND (sipHash64(calls.trace_id, piece.fingerprint) GLOBAL IN (again))
        GROUP BY
            calls.trace_id,
            piece.name,
            piece.fingerprint,
            piece.prefix
    ),
    repeated AS
    (
        SELECT
            results.trace_id AS trace_id,
            results.name AS name,
            any(results.agent_name) AS agent_name,
            count() - 1 AS calls,
            sum(results.tokens) - argMin(results.tokens, (results.started_at, results.prefix)) AS tokens,
            sum(results.unpriced) - argMin(results.unpriced, (results.started_at, results.prefix)) AS unpriced,
            sum(results.known_cost_usd) - argMin(results.known_cost_usd, (results.started_at, results.prefix)) AS known_cost_usd
        FROM results
        GROUP BY
            results.trace_id,
            results.name,
            results.fingerprint
        HAVING calls > 0
    )
SELECT found.*
FROM
(
    SELECT
        'model call' AS kind,
        CAST(alike.model, 'String') AS name,
        CAST(alike.agent_name, 'String') AS agent_name,
        count() AS calls,
        toInt64(ifNull(sum(alike.input_tokens), 0) + ifNull(sum(alike.output_tokens), 0)) AS tokens,
        toInt64(countIf(alike.cost_usd IS NULL)) AS unpriced,
        if(unpriced = 0, known_cost_usd, NULL) AS cost_usd,
        sum(alike.known_cost_usd) AS known_cost_usd,
        replaceAll(toString(argMax(alike.trace_id, alike.known_cost_usd)), '-', '') AS dearest_trace_id
    FROM alike
    GROUP BY
        alike.model,
        alike.agent_name
    UNION ALL
    SELECT
        'tool call',
        repeated.name,
        repeated.agent_name,
        sum(repeated.calls),
        sum(repeated.tokens),
        sum(repeated.unpriced) AS unpriced,
        if(unpriced = 0, sum(repeated.known_cost_usd), NULL),
        sum(repeated.known_cost_usd),
        replaceAll(toString(argMax(repeated.trace_id, repeated.known_cost_usd)), '-', '')
    FROM repeated
    GROUP BY
        repeated.name,
        repeated.agent_name
) AS found
ORDER BY
    found.known_cost_usd DESC,
    found.kind ASC,
    found.name ASC,
    found.agent_name ASC;

CREATE MATERIALIZED VIEW tokenledger.place_agent_runs TO tokenledger.agent_runs
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `version` UInt64,
    `duration_ns` UInt64,
    `scope_name` LowCardinality(String),
    `service_name` LowCardinality(String),
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `handoff_from` LowCardinality(String),
    `customer_id` String,
    `feature_name` String,
    `task_id` String,
    `task_outcome` LowCardinality(String),
    `status` LowCardinality(String),
    `error_type` LowCardinality(String)
)
AS SELECT runs.* REPLACE (found_agent_path AS agent_path, found_agent_run_id AS agent_run_id, found_agent_parent_run_id AS agent_parent_run_id, found_customer_id AS customer_id, found_feature_name AS feature_name, found_task_id AS task_id, bitOr(bitAnd(runs.version, 18446742974197923840), toUInt64(toUnixTimestamp64Milli(now64(3)) - 1577836800000)) AS version)
FROM
(
    SELECT
        (found.started_at, found.trace_id, found.span_id) AS found_row,
        found.agent_path AS found_agent_path,
        found.agent_run_id AS found_agent_run_id,
        found.agent_parent_run_id AS found_agent_parent_run_id,
        found.customer_id AS found_customer_id,
        found.feature_name AS found_feature_name,
        found.task_id AS found_task_id
    FROM tokenledger.structure_found AS found
    WHERE found.kind = 'agent_run'
) AS found
INNER JOIN
(
    SELECT rows.*
    FROM tokenledger.agent_runs AS rows
    FINAL
    WHERE (toDate(rows.started_at), rows.trace_id, rows.span_id) IN (
        SELECT
            toDate(ids.started_at),
            ids.trace_id,
            ids.span_id
        FROM tokenledger.structure_found AS ids
        WHERE ids.kind = 'agent_run'
    )
) AS runs ON (runs.started_at, runs.trace_id, runs.span_id) = found.found_row
WHERE (found_agent_path, found_agent_run_id, found_agent_parent_run_id, found_customer_id, found_feature_name, found_task_id) != (runs.agent_path, runs.agent_run_id, runs.agent_parent_run_id, runs.customer_id, runs.feature_name, runs.task_id);

CREATE MATERIALIZED VIEW tokenledger.place_calls TO tokenledger.llm_calls_unpriced
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `version` UInt64,
    `call_key` UInt64,
    `request_key` UInt64,
    `billed_by` UInt64,
    `duration_ns` UInt64,
    `source` LowCardinality(String),
    `scope_name` LowCardinality(String),
    `scope_version` LowCardinality(String),
    `emitter` LowCardinality(String),
    `report_rank` UInt8,
    `service_name` LowCardinality(String),
    `environment` LowCardinality(String),
    `process_id` LowCardinality(String),
    `sequence` UInt64,
    `agent_name` String,
    `agent_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `agent_step` UInt32,
    `handoff_from` LowCardinality(String),
    `customer_id` String,
    `feature_name` String,
    `task_id` String,
    `conversation_id` String,
    `operation` LowCardinality(String),
    `provider` LowCardinality(String),
    `request_model` LowCardinality(String),
    `response_model` LowCardinality(String),
    `model` LowCardinality(String),
    `response_id` String,
    `billed_line` LowCardinality(String),
    `service_tier` LowCardinality(String),
    `region` LowCardinality(String),
    `streamed` Bool,
    `outcome` LowCardinality(String),
    `error_type` LowCardinality(String),
    `http_status` UInt16,
    `attempts` UInt16,
    `finish_reasons` Array(LowCardinality(String)),
    `time_to_first_chunk_ns` UInt64,
    `usage_source` LowCardinality(String),
    `usage_split` LowCardinality(String),
    `usage_inconsistent` LowCardinality(String),
    `input_basis` LowCardinality(String),
    `usage_reported` Map(LowCardinality(String), String),
    `input_tokens` Nullable(UInt64),
    `output_tokens` Nullable(UInt64),
    `input_text_tokens` Nullable(UInt64),
    `cache_read_tokens` Nullable(UInt64),
    `cache_write_tokens` Nullable(UInt64),
    `cache_write_5m_tokens` Nullable(UInt64),
    `cache_write_30m_tokens` Nullable(UInt64),
    `cache_write_1h_tokens` Nullable(UInt64),
    `cache_write_12h_tokens` Nullable(UInt64),
    `input_audio_tokens` Nullable(UInt64),
    `cache_read_audio_tokens` Nullable(UInt64),
    `input_image_tokens` Nullable(UInt64),
    `input_video_tokens` Nullable(UInt64),
    `input_document_tokens` Nullable(UInt64),
    `input_tool_use_tokens` Nullable(UInt64),
    `output_text_tokens` Nullable(UInt64),
    `reasoning_tokens` Nullable(UInt64),
    `output_audio_tokens` Nullable(UInt64),
    `output_image_tokens` Nullable(UInt64),
    `prediction_accepted_tokens` Nullable(UInt64),
    `prediction_rejected_tokens` Nullable(UInt64),
    `web_search_requests` Nullable(UInt64),
    `web_fetch_requests` Nullable(UInt64),
    `file_search_requests` Nullable(UInt64),
    `code_execution_sessions` Nullable(UInt64),
    `price_version` UInt32,
    `price_card_id` UInt64,
    `price_band` UInt8,
    `cost_usd` Nullable(Decimal(38, 15)),
    `known_cost_usd` Decimal(38, 15),
    `unpriced` LowCardinality(String)
)
AS WITH
    days AS
    (
        SELECT
            days.started_on,
            days.trace_id
        FROM tokenledger.trace_days AS days
        WHERE days.trace_id IN (
            SELECT layered.trace_id
            FROM tokenledger.structure_found AS layered
            WHERE layered.is_layered
        )
    ),
    reported AS
    (
        SELECT
            calls.trace_id AS trace_id,
            calls.parent_span_id AS parent_span_id,
            CAST((calls.span_id, toString(calls.scope_name), toString(names.name), calls.started_at, calls.started_at + toIntervalNanosecond(calls.duration_ns), calls.duration_ns, arrayMap(name -> replaceRegexpOne(lower(name), '^.*/', ''), arrayFilter(name -> (name != ''), [toString(calls.request_model), toString(calls.response_model)])), if(length(calls.response_id) >= 16, calls.call_key, 0), if(calls.usage_source = 'reported', calls.input_tokens, NULL), (((((ifNull(calls.cache_read_tokens, 0) + ifNull(calls.cache_read_audio_tokens, 0)) + ifNull(calls.cache_write_tokens, 0)) + ifNull(calls.cache_write_5m_tokens, 0)) + ifNull(calls.cache_write_30m_tokens, 0)) + ifNull(calls.cache_write_1h_tokens, 0)) + ifNull(calls.cache_write_12h_tokens, 0), if(calls.usage_source = 'reported', calls.output_tokens, NULL), calls.operation = 'embeddings'), 'Tuple(id UInt64, scope String, name String, started_at DateTime64(9, \'UTC\'), ended_at DateTime64(9, \'UTC\'), took UInt64, models Array(String), response_key UInt64, input Nullable(UInt64), cached UInt64, output Nullable(UInt64), has_no_output UInt8)') AS report,
            groupArray(report) OVER (PARTITION BY calls.trace_id, report.output ORDER BY calls.started_at ASC, calls.span_id ASC ROWS BETWEEN 8 PRECEDING AND 32 FOLLOWING) AS near
        FROM tokenledger.llm_calls AS calls
        FINAL
        LEFT JOIN
        (
            SELECT
                spans.trace_id AS trace_id,
                spans.span_id AS span_id,
                any(spans.name) AS name
            FROM tokenledger.spans AS spans
            WHERE (spans.kind = 'llm_call') AND ((toDate(spans.started_at), spans.trace_id) IN (days))
            GROUP BY
                spans.trace_id,
                spans.span_id
        ) AS names ON (names.trace_id = calls.trace_id) AND (names.span_id = calls.span_id)
        WHERE (calls.billed_line = '') AND ((toDate(calls.started_at), calls.trace_id) IN (days))
    ),
    reports AS
    (
        SELECT
            reported.trace_id AS trace_id,
            reported.report AS report,
            arrayFirst(inner -> ((inner.scope != report.scope) AND (inner.started_at >= (report.started_at - toIntervalMillisecond(1))) AND (inner.ended_at <= (report.ended_at + toIntervalMillisecond(1))) AND ((inner.took, inner.id) < (report.took, report.id)) AND hasAny(inner.models, report.models) AND ((inner.response_key = report.response_key) OR (inner.response_key = 0) OR (report.response_key = 0)) AND ifNull(inner.output > 0, 0) AND ifNull((inner.input = report.input) OR ((inner.input + report.cached) = report.input) OR ((report.input + inner.cached) = inner.input), 0)), reported.near) AS beside,
            arrayJoin([(1, report.id), (0, reported.parent_span_id)]) AS place
        FROM reported
    ),
    enclosed AS
    (
        SELECT
            reports.trace_id AS trace_id,
            anyIf(reports.report, (reports.place.1) = 1) AS outer,
            arraySort(inner -> (inner.started_at, inner.id), groupArrayIf(reports.report, (reports.place.1) = 0)) AS inners,
            anyIf(reports.beside, (reports.place.1) = 1) AS beside,
            arrayFirst(inner -> (((inner.scope != outer.scope) OR (inner.name != outer.name)) AND ((inner.started_at >= (outer.started_at - toIntervalMillisecond(1))) AND (inner.started_at <= (outer.ended_at + toIntervalMillisecond(1)))) AND hasAny(inner.models, outer.models) AND ((inner.response_key = outer.response_key) OR (inner.response_key = 0) OR (outer.response_key = 0)) AND ifNull(inner.output = outer.output, 1) AND ifNull((inner.input = outer.input) OR ((inner.input + outer.cached) = outer.input) OR ((outer.input + inner.cached) = inner.input), 1) AND (ifNull(((inner.output + outer.output) > 0) OR (inner.has_no_output AND ((inner.input + outer.input) > 0)), 0) OR (length(inners) = 1))), inners) AS beneath,
            if(beneath.id = 0, beside, beneath) AS same
        FROM reports
        GROUP BY
            reports.trace_id,
            reports.place.2
        HAVING countIf((reports.place.1) = 1) > 0
    ),
    layers AS
    (
        SELECT
            middles.trace_id AS trace_id,
            arrayConcat(groupArrayIf(middles.outer, (middles.place.1) = 0), anyIf([middles.outer], (middles.place.1) = 1), anyIf(if(middles.same.id = 0, [], [middles.same]), (middles.place.1) = 1)) AS reports,
            tupleElement(arrayFirst(report -> (report.response_key != 0), reports), 'response_key') AS response_key,
            if(response_key != 0, response_key, sipHash64('span', trace_id, tupleElement(reports[-1], 'id'))) AS key
        FROM
        (
            SELECT
                enclosed.*,
                arrayJoin(if(enclosed.same.id = 0, [(1, enclosed.outer.id)], [(1, enclosed.outer.id), (0, enclosed.same.id)])) AS place
            FROM enclosed
        ) AS middles
        GROUP BY
            middles.trace_id,
            middles.place.2
    ),
    keys AS
    (
        SELECT
            layers.trace_id AS layer_trace_id,
            id AS layer_span_id,
            argMax(layers.key, (layers.response_key != 0, length(layers.reports))) AS layer_key
        FROM layers
        ARRAY JOIN layers.reports.id AS id
        GROUP BY
            layers.trace_id,
            id
    )
SELECT calls.* REPLACE (found_agent_path[-1] AS agent_name, found_agent_path AS agent_path, found_agent_run_id AS agent_run_id, found_agent_parent_run_id AS agent_parent_run_id, found_agent_step AS agent_step, found_customer_id AS customer_id, found_feature_name AS feature_name, found_task_id AS task_id, found_conversation_id AS conversation_id, if(own.layer_key = 0, calls.call_key, own.layer_key) AS call_key, if((biller.layer_key NOT IN (0, own.layer_key)), 0, calls.billed_by) AS billed_by, bitOr(bitAnd(calls.version, 18446742974197923840), toUInt64(toUnixTimestamp64Milli(now64(3)) - 1577836800000)) AS version)
FROM
(
    SELECT
        (found.started_at, found.trace_id, found.span_id) AS found_row,
        found.agent_path AS found_agent_path,
        found.agent_run_id AS found_agent_run_id,
        found.agent_parent_run_id AS found_agent_parent_run_id,
        found.agent_step AS found_agent_step,
        found.customer_id AS found_customer_id,
        found.feature_name AS found_feature_name,
        found.task_id AS found_task_id,
        found.conversation_id AS found_conversation_id
    FROM tokenledger.structure_found AS found
    WHERE found.kind = 'llm_call'
) AS found
INNER JOIN
(
    SELECT rows.*
    FROM tokenledger.llm_calls AS rows
    FINAL
    WHERE (toDate(rows.started_at), rows.trace_id, rows.span_id) IN (
        SELECT
            toDate(ids.started_at),
            ids.trace_id,
            ids.span_id
        FROM tokenledger.structure_found AS ids
        WHERE ids.kind = 'llm_call'
    )
) AS calls ON (calls.started_at, calls.trace_id, calls.span_id) = found.found_row
LEFT JOIN keys AS own ON (own.layer_trace_id = calls.trace_id) AND (own.layer_span_id = calls.span_id)
LEFT JOIN keys AS biller ON (biller.layer_trace_id = calls.trace_id) AND (biller.layer_span_id = calls.billed_by)
WHERE ((found_agent_path, found_agent_run_id, found_agent_parent_run_id, found_agent_step, found_customer_id, found_feature_name, found_task_id, found_conversation_id) != (calls.agent_path, calls.agent_run_id, calls.agent_parent_run_id, calls.agent_step, calls.customer_id, calls.feature_name, calls.task_id, calls.conversation_id)) OR (own.layer_key NOT IN (0, calls.call_key)) OR (biller.layer_key NOT IN (0, own.layer_key));

CREATE MATERIALIZED VIEW tokenledger.place_tool_calls TO tokenledger.tool_calls
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `version` UInt64,
    `duration_ns` UInt64,
    `scope_name` LowCardinality(String),
    `service_name` LowCardinality(String),
    `tool_name` LowCardinality(String),
    `tool_call_id` String,
    `origin_span_id` UInt64,
    `agent_name` String,
    `agent_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_step` UInt32,
    `customer_id` String,
    `feature_name` String,
    `task_id` String,
    `status` LowCardinality(String),
    `error_type` LowCardinality(String)
)
AS SELECT tools.* REPLACE (found_agent_path[-1] AS agent_name, found_agent_path AS agent_path, found_agent_run_id AS agent_run_id, found_agent_step AS agent_step, found_customer_id AS customer_id, found_feature_name AS feature_name, found_task_id AS task_id, bitOr(bitAnd(tools.version, 18446742974197923840), toUInt64(toUnixTimestamp64Milli(now64(3)) - 1577836800000)) AS version)
FROM
(
    SELECT
        (found.started_at, found.trace_id, found.span_id) AS found_row,
        found.agent_path AS found_agent_path,
        found.agent_run_id AS found_agent_run_id,
        found.agent_step AS found_agent_step,
        found.customer_id AS found_customer_id,
        found.feature_name AS found_feature_name,
        found.task_id AS found_task_id
    FROM tokenledger.structure_found AS found
    WHERE found.kind = 'tool_call'
) AS found
INNER JOIN
(
    SELECT rows.*
    FROM tokenledger.tool_calls AS rows
    FINAL
    WHERE (toDate(rows.started_at), rows.trace_id, rows.span_id) IN (
        SELECT
            toDate(ids.started_at),
            ids.trace_id,
            ids.span_id
        FROM tokenledger.structure_found AS ids
        WHERE ids.kind = 'tool_call'
    )
) AS tools ON (tools.started_at, tools.trace_id, tools.span_id) = found.found_row
WHERE (found_agent_path, found_agent_run_id, found_agent_step, found_customer_id, found_feature_name, found_task_id) != (tools.agent_path, tools.agent_run_id, tools.agent_step, tools.customer_id, tools.feature_name, tools.task_id);

CREATE VIEW tokenledger.price_age
AS WITH
    (
        SELECT max(catalogues.price_version)
        FROM tokenledger.price_catalogues AS catalogues
    ) AS newest,
    used AS
    (
        SELECT
            calls.price_version AS price_version,
            calls.price_card_id AS price_card_id,
            count() AS calls,
            sum(calls.known_cost_usd) AS known_cost_usd
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE (calls.billed_by = 0) AND (calls.price_card_id != 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
        GROUP BY
            calls.price_version,
            calls.price_card_id
    ),
    cards AS
    (
        SELECT
            all_cards.price_version AS price_version,
            all_cards.price_card_id AS price_card_id,
            any(all_cards.provider) AS provider,
            any(all_cards.model) AS model,
            any(all_cards.service_tier) AS service_tier,
            any(all_cards.region) AS region
        FROM tokenledger.price_cards AS all_cards
        WHERE (all_cards.price_version, all_cards.price_card_id) IN (
            SELECT
                used.price_version,
                used.price_card_id
            FROM used
        )
        GROUP BY
            all_cards.price_version,
            all_cards.price_card_id
    ),
    sources AS
    (
        SELECT
            points.price_version AS price_version,
            points.price_card_id AS price_card_id,
            toNullable(min(points.checked_on)) AS oldest_check,
            groupUniqArrayIf(toString(points.component), points.confidence = 'stale') AS stale_components
        FROM tokenledger.price_points AS points
        WHERE (points.price_version, points.price_card_id) IN (
            SELECT
                used.price_version,
                used.price_card_id
            FROM used
        )
        GROUP BY
            points.price_version,
            points.price_card_id
    )
SELECT
    cards.provider AS provider,
    cards.model AS model,
    cards.service_tier AS service_tier,
    cards.region AS region,
    CAST(used.price_version = newest, 'Bool') AS in_force,
    min(sources.oldest_check) AS oldest_check,
    arraySort(groupUniqArrayArray(sources.stale_components)) AS stale_components,
    sum(used.calls) AS calls,
    sum(used.known_cost_usd) AS known_cost_usd
FROM used
INNER JOIN cards ON (cards.price_version = used.price_version) AND (cards.price_card_id = used.price_card_id)
LEFT JOIN sources ON (sources.price_version = used.price_version) AND (sources.price_card_id = used.price_card_id)
GROUP BY
    cards.provider,
    cards.model,
    cards.service_tier,
    cards.region,
    in_force
ORDER BY
    in_force ASC,
    known_cost_usd DESC,
    provider ASC,
    model ASC,
    service_tier ASC,
    region ASC;

CREATE MATERIALIZED VIEW tokenledger.price_calls TO tokenledger.llm_calls
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `version` UInt64,
    `call_key` UInt64,
    `request_key` UInt64,
    `billed_by` UInt64,
    `duration_ns` UInt64,
    `source` LowCardinality(String),
    `scope_name` LowCardinality(String),
    `scope_version` LowCardinality(String),
    `emitter` LowCardinality(String),
    `report_rank` UInt8,
    `service_name` LowCardinality(String),
    `environment` LowCardinality(String),
    `process_id` LowCardinality(String),
    `sequence` UInt64,
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `agent_step` UInt32,
    `handoff_from` LowCardinality(String),
    `customer_id` String,
    `feature_name` LowCardinality(String),
    `task_id` String,
    `conversation_id` String,
    `operation` LowCardinality(String),
    `provider` LowCardinality(String),
    `request_model` LowCardinality(String),
    `response_model` LowCardinality(String),
    `model` LowCardinality(String),
    `response_id` String,
    `billed_line` LowCardinality(String),
    `service_tier` LowCardinality(String),
    `region` LowCardinality(String),
    `streamed` Bool,
    `outcome` LowCardinality(String),
    `error_type` LowCardinality(String),
    `http_status` UInt16,
    `attempts` UInt16,
    `finish_reasons` Array(LowCardinality(String)),
    `time_to_first_chunk_ns` UInt64,
    `usage_source` LowCardinality(String),
    `usage_split` LowCardinality(String),
    `usage_inconsistent` LowCardinality(String),
    `input_basis` LowCardinality(String),
    `usage_reported` Map(LowCardinality(String), String),
    `input_tokens` Nullable(UInt64),
    `output_tokens` Nullable(UInt64),
    `input_text_tokens` Nullable(UInt64),
    `cache_read_tokens` Nullable(UInt64),
    `cache_write_tokens` Nullable(UInt64),
    `cache_write_5m_tokens` Nullable(UInt64),
    `cache_write_30m_tokens` Nullable(UInt64),
    `cache_write_1h_tokens` Nullable(UInt64),
    `cache_write_12h_tokens` Nullable(UInt64),
    `input_audio_tokens` Nullable(UInt64),
    `cache_read_audio_tokens` Nullable(UInt64),
    `input_image_tokens` Nullable(UInt64),
    `input_video_tokens` Nullable(UInt64),
    `input_document_tokens` Nullable(UInt64),
    `input_tool_use_tokens` Nullable(UInt64),
    `output_text_tokens` Nullable(UInt64),
    `reasoning_tokens` Nullable(UInt64),
    `output_audio_tokens` Nullable(UInt64),
    `output_image_tokens` Nullable(UInt64),
    `prediction_accepted_tokens` Nullable(UInt64),
    `prediction_rejected_tokens` Nullable(UInt64),
    `web_search_requests` Nullable(UInt64),
    `web_fetch_requests` Nullable(UInt64),
    `file_search_requests` Nullable(UInt64),
    `code_execution_sessions` Nullable(UInt64),
    `price_version` Nullable(UInt32),
    `price_card_id` UInt64,
    `price_band` UInt8,
    `cost_usd` Nullable(Decimal(38, 15)),
    `known_cost_usd` Decimal(38, 15),
    `unpriced` String
)
AS WITH
    ['input', 'cache_read', 'cache_write', 'cache_write_5m', 'cache_write_30m', 'cache_write_1h', 'cache_write_12h', 'input_audio', 'cache_read_audio', 'input_image', 'input_video', 'input_document', 'input_tool_use', 'output', 'reasoning', 'output_audio', 'output_image', 'prediction_accepted', 'prediction_rejected', 'web_search', 'web_fetch', 'file_search', 'code_execution', 'request'] AS components,
    (
        SELECT max(catalogues.price_version)
        FROM tokenledger.price_catalogues AS catalogues
    ) AS catalogue,
    asked AS
    (
        SELECT DISTINCT
            calls.provider AS provider,
            calls.model AS model,
            calls.region AS region,
            calls.service_tier AS service_tier,
            lower(calls.model) AS name,
            replaceRegexpOne(name, '[-@](20\\d{6}|20\\d{2}-\\d{2}-\\d{2})$', '') AS undated_name
        FROM tokenledger.llm_calls_unpriced AS calls
    ),
    resolved AS
    (
        SELECT
            asked.provider AS provider,
            asked.model AS model,
            asked.region AS region,
            asked.service_tier AS service_tier,
            argMax(names.model, (length(names.name), names.kind = 'exact')) AS catalogue_model
        FROM asked
        INNER JOIN tokenledger.model_names AS names ON names.provider = asked.provider
        WHERE (names.price_version = catalogue) AND if(names.kind = 'prefix', startsWith(asked.name, names.name), (names.name IN (asked.name, asked.undated_name)))
        GROUP BY
            asked.provider,
            asked.model,
            asked.region,
            asked.service_tier
    ),
    fitting AS
    (
        SELECT
            resolved.provider AS provider,
            resolved.model AS model,
            resolved.region AS region,
            resolved.service_tier AS service_tier,
            cards.valid_from AS valid_from,
            cards.price_card_id AS price_card_id,
            cards.context_from AS context_from,
            [cards.input, cards.cache_read, cards.cache_write, cards.cache_write_5m, cards.cache_write_30m, cards.cache_write_1h, cards.cache_write_12h, cards.input_audio, cards.cache_read_audio, cards.input_image, cards.input_video, cards.input_document, cards.input_tool_use, cards.output, cards.reasoning, cards.output_audio, cards.output_image, cards.prediction_accepted, cards.prediction_rejected, cards.web_search, cards.web_fetch, cards.file_search, cards.code_execution, cards.request] AS prices,
            cards.region = max(cards.region) OVER (PARTITION BY resolved.provider, resolved.model, resolved.region, resolved.service_tier) AS is_nearest
        FROM resolved
        INNER JOIN tokenledger.price_cards AS cards ON (cards.provider = resolved.provider) AND (cards.model = resolved.catalogue_model) AND (cards.service_tier = resolved.service_tier)
        WHERE (cards.price_version = catalogue) AND (cards.region IN ('', resolved.region))
    ),
    (calls.usage_source = 'none') AND (calls.outcome IN ('failed', '')) AND (calls.time_to_first_chunk_ns = 0) AND ((calls.http_status >= 400) AND (calls.http_status <= 599)) AND (calls.http_status NOT IN (408, 499, 504, 524)) AS was_refused,
    arrayMap(count -> ifNull(count, 0), [calls.input_text_tokens, calls.cache_read_tokens, calls.cache_write_tokens, calls.cache_write_5m_tokens, calls.cache_write_30m_tokens, calls.cache_write_1h_tokens, calls.cache_write_12h_tokens, calls.input_audio_tokens, calls.cache_read_audio_tokens, calls.input_image_tokens, calls.input_video_tokens, calls.input_document_tokens, calls.input_tool_use_tokens, calls.output_text_tokens, calls.reasoning_tokens, calls.output_audio_tokens, calls.output_image_tokens, calls.prediction_accepted_tokens, calls.prediction_rejected_tokens, calls.web_search_requests, calls.web_fetch_requests, calls.file_search_requests, calls.code_execution_sessions, toUInt64((calls.billed_line = '') AND (NOT was_refused))]) AS counts,
    arrayResize(card.prices, length(components)) AS prices,
    arrayLastIndex(from_tokens -> (from_tokens <= ifNull(calls.input_tokens, 0)), card.context_from) AS band,
    arrayFirst((component, count, bands) -> ((count > 0) AND ((bands[band]) IS NULL) AND (component != 'request')), components, counts, prices) AS component_without_price
SELECT
    calls.started_at,
    calls.trace_id,
    calls.span_id,
    calls.parent_span_id,
    calls.version,
    calls.call_key,
    calls.request_key,
    calls.billed_by,
    calls.duration_ns,
    calls.source,
    calls.scope_name,
    calls.scope_version,
    calls.emitter,
    calls.report_rank,
    calls.service_name,
    calls.environment,
    calls.process_id,
    calls.sequence,
    calls.agent_name,
    calls.agent_path,
    calls.agent_run_id,
    calls.agent_parent_run_id,
    calls.agent_step,
    calls.handoff_from,
    calls.customer_id,
    calls.feature_name,
    calls.task_id,
    calls.conversation_id,
    calls.operation,
    calls.provider,
    calls.request_model,
    calls.response_model,
    calls.model,
    calls.response_id,
    calls.billed_line,
    calls.service_tier,
    calls.region,
    calls.streamed,
    calls.outcome,
    calls.error_type,
    calls.http_status,
    calls.attempts,
    calls.finish_reasons,
    calls.time_to_first_chunk_ns,
    calls.usage_source,
    calls.usage_split,
    calls.usage_inconsistent,
    calls.input_basis,
    calls.usage_reported,
    calls.input_tokens,
    calls.output_tokens,
    calls.input_text_tokens,
    calls.cache_read_tokens,
    calls.cache_write_tokens,
    calls.cache_write_5m_tokens,
    calls.cache_write_30m_tokens,
    calls.cache_write_1h_tokens,
    calls.cache_write_12h_tokens,
    calls.input_audio_tokens,
    calls.cache_read_audio_tokens,
    calls.input_image_tokens,
    calls.input_video_tokens,
    calls.input_document_tokens,
    calls.input_tool_use_tokens,
    calls.output_text_tokens,
    calls.reasoning_tokens,
    calls.output_audio_tokens,
    calls.output_image_tokens,
    calls.prediction_accepted_tokens,
    calls.prediction_rejected_tokens,
    calls.web_search_requests,
    calls.web_fetch_requests,
    calls.file_search_requests,
    calls.code_execution_sessions,
    if(card.price_card_id = 0, 0, catalogue) AS price_version,
    card.price_card_id AS price_card_id,
    toUInt8(band) AS price_band,
    if(unpriced = '', known_cost_usd, NULL) AS cost_usd,
    arraySum((count, bands) -> ifNull(toDecimal128(count, 0) * (bands[band]), 0), counts, prices) AS known_cost_usd,
    multiIf(was_refused, '', calls.usage_source = 'none', 'no usage', calls.input_tokens IS NULL, 'no input tokens', (calls.output_tokens IS NULL) AND (calls.operation != 'embeddings'), 'no output tokens', (calls.input_text_tokens IS NULL) OR ((calls.output_text_tokens IS NULL) AND (calls.output_tokens IS NOT NULL)), 'invalid usage', catalogue = 0, 'no catalogue', card.price_card_id = 0, if(((calls.provider, calls.model) IN (
        SELECT
            resolved.provider,
            resolved.model
        FROM resolved
    )), 'no price', 'no model'), component_without_price != '', concat('no price for ', component_without_price), '') AS unpriced
FROM tokenledger.llm_calls_unpriced AS calls
ASOF LEFT JOIN
(
    SELECT *
    FROM fitting
    WHERE fitting.is_nearest
) AS card ON (card.provider = calls.provider) AND (card.model = calls.model) AND (card.region = calls.region) AND (card.service_tier = calls.service_tier) AND (card.valid_from <= toDateTime(calls.started_at, 'UTC'));

CREATE VIEW tokenledger.price_coverage
AS SELECT
    calls.unpriced AS reason,
    calls.provider AS provider,
    calls.model AS model,
    calls.service_tier AS service_tier,
    calls.region AS region,
    count() AS calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.output_tokens) AS output_tokens,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
GROUP BY
    calls.unpriced,
    calls.provider,
    calls.model,
    calls.service_tier,
    calls.region
ORDER BY
    calls.unpriced = '' ASC,
    calls DESC,
    provider ASC,
    model ASC,
    service_tier ASC,
    region ASC,
    reason ASC;

CREATE VIEW tokenledger.price_explanation
AS WITH
    (
        SELECT max(catalogues.price_version)
        FROM tokenledger.price_catalogues AS catalogues
    ) AS newest,
    lower({model:String}) AS asked_name,
    named AS
    (
        SELECT
            names.provider AS provider,
            names.model AS model,
            names.name AS name,
            names.kind AS kind
        FROM tokenledger.model_names AS names
        WHERE (names.price_version = newest) AND (({provider:String} = '') OR (names.provider = {provider:String})) AND if(names.kind = 'prefix', startsWith(asked_name, names.name), (names.name IN (asked_name, replaceRegexpOne(asked_name, '[-@](20\\d{6}|20\\d{2}-\\d{2}-\\d{2})$', ''))))
        ORDER BY
            length(names.name) DESC,
            names.kind = 'exact' DESC
        LIMIT 1 BY names.provider
    ),
    cards AS
    (
        SELECT
            all_cards.provider AS provider,
            all_cards.model AS model,
            all_cards.region AS region,
            all_cards.valid_from AS valid_from,
            all_cards.price_card_id AS price_card_id,
            all_cards.region = max(all_cards.region) OVER (PARTITION BY all_cards.provider, all_cards.model) AS is_nearest
        FROM tokenledger.price_cards AS all_cards
        WHERE (all_cards.price_version = newest) AND (all_cards.service_tier = {service_tier:String}) AND (all_cards.region IN ('', {region:String})) AND ((all_cards.provider, all_cards.model) IN (
            SELECT
                named.provider,
                named.model
            FROM named
        ))
    ),
    card AS
    (
        SELECT
            cards.provider AS provider,
            cards.model AS model,
            cards.region AS region,
            cards.valid_from AS valid_from,
            cards.price_card_id AS price_card_id
        FROM cards
        WHERE cards.is_nearest AND (cards.valid_from <= {at:DateTime64(9, 'UTC')})
        ORDER BY cards.valid_from DESC
        LIMIT 1 BY
            cards.provider,
            cards.model
    ),
    prices AS
    (
        SELECT
            points.price_card_id AS price_card_id,
            priced AS component,
            points.component AS priced_as,
            points.context_from AS context_from,
            CAST(points.price_usd, 'Decimal(38, 15)') * 1000000 AS usd_per_million,
            points.valid_from AS valid_from,
            points.layer AS layer,
            points.source AS source,
            points.checked_on AS checked_on,
            points.confidence AS confidence
        FROM tokenledger.price_points AS points
        ARRAY JOIN arrayConcat([points.component], points.stands_in_for) AS priced
        WHERE (points.price_version = newest) AND (points.price_card_id IN (
            SELECT card.price_card_id
            FROM card
        ))
    )
SELECT
    named.provider AS provider,
    named.model AS model,
    named.name AS spelling,
    named.kind AS spelling_kind,
    card.price_card_id AS price_card_id,
    card.region AS region,
    {service_tier:String} AS service_tier,
    card.valid_from AS card_valid_from,
    prices.component AS component,
    prices.priced_as AS priced_as,
    prices.context_from AS context_from,
    prices.usd_per_million AS usd_per_million,
    prices.valid_from AS valid_from,
    prices.layer AS layer,
    prices.source AS source,
    prices.checked_on AS checked_on,
    prices.confidence AS confidence
FROM named
LEFT JOIN card ON (card.provider = named.provider) AND (card.model = named.model)
LEFT JOIN prices ON prices.price_card_id = card.price_card_id
ORDER BY
    named.provider ASC,
    prices.priced_as ASC,
    prices.component != prices.priced_as ASC,
    prices.component ASC,
    prices.context_from ASC;

CREATE VIEW tokenledger.price_list
AS WITH
    (
        SELECT max(catalogues.price_version)
        FROM tokenledger.price_catalogues AS catalogues
    ) AS newest,
    in_force AS
    (
        SELECT cards.price_card_id AS price_card_id
        FROM tokenledger.price_cards AS cards
        WHERE (cards.price_version = newest) AND (positionCaseInsensitive(cards.model, {model:String}) > 0) AND (cards.valid_from <= {at:DateTime64(9, 'UTC')})
        ORDER BY cards.valid_from DESC
        LIMIT 1 BY
            cards.provider,
            cards.model,
            cards.region,
            cards.service_tier
    )
SELECT
    points.provider AS provider,
    points.model AS model,
    points.region AS region,
    points.service_tier AS service_tier,
    points.component AS component,
    points.context_from AS context_from,
    CAST(points.price_usd, 'Decimal(38, 15)') * 1000000 AS usd_per_million,
    points.valid_from AS valid_from,
    points.layer AS layer,
    points.source AS source,
    points.checked_on AS checked_on,
    points.confidence AS confidence
FROM tokenledger.price_points AS points
WHERE (points.price_version = newest) AND (points.price_card_id IN (
    SELECT in_force.price_card_id
    FROM in_force
))
ORDER BY
    points.provider ASC,
    points.model ASC,
    points.region ASC,
    points.service_tier ASC,
    points.component ASC,
    points.context_from ASC;

CREATE VIEW tokenledger.prompt_scenarios
AS WITH
    planned AS
    (
        SELECT
            calls.started_at AS started_at,
            calls.trace_id AS trace_id,
            calls.span_id AS span_id,
            calls.provider AS provider,
            calls.model AS model,
            calls.agent_name AS agent_name,
            calls.input_tokens AS input_tokens,
            calls.can_wait AS can_wait,
            calls.counts AS counts,
            calls.cost_usd AS cost_usd,
            calls.known_cost_usd AS known_cost_usd,
            calls.price_card_id AS price_card_id,
            calls.context_from AS context_from,
            calls.tier_card_id AS tier_card_id,
            calls.tier_context_from AS tier_context_from,
            simulated.is_recorded AS is_recorded,
            arraySum(arraySlice(calls.counts, 1, 7)) AS text_tokens,
            toUnixTimestamp64Nano(definitions.started_at) != 0 AS has_definitions,
            definitions.places AS definition_places,
            definitions.tools AS unused_tools,
            (cuts.cut_from, cuts.cut_to) AS span,
            cuts.is_first AS is_first,
            notEmpty(definitions.places) AS has_unused,
            cuts.cut_to > cuts.cut_from AS has_old,
            plan.name AS plan,
            plan.reads AS plan_reads,
            plan.up_to AS plan_up_to
        FROM `tokenledger.tier_prices`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, tier = 'batch', in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        LEFT JOIN `tokenledger.definition_trims`(`from` = {from:DateTime64(9, 'UTC')}, to = if({trim:UInt8} = 0, {from:DateTime64(9, 'UTC')}, {to:DateTime64(9, 'UTC')}), in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS definitions ON (definitions.trace_id = calls.trace_id) AND (definitions.span_id = calls.span_id) AND (definitions.started_at = calls.started_at)
        LEFT JOIN `tokenledger.history_cuts`(`from` = {from:DateTime64(9, 'UTC')}, to = if({turns:UInt32} = 0, {from:DateTime64(9, 'UTC')}, {to:DateTime64(9, 'UTC')}), turns = {turns:UInt32}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS cuts ON (cuts.trace_id = calls.trace_id) AND (cuts.span_id = calls.span_id) AND (cuts.started_at = calls.started_at)
        LEFT JOIN `tokenledger.cache_simulation`(`from` = {from:DateTime64(9, 'UTC')}, to = if({simulate:UInt8} = 0, {from:DateTime64(9, 'UTC')}, {to:DateTime64(9, 'UTC')}), in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS simulated ON (simulated.trace_id = calls.trace_id) AND (simulated.span_id = calls.span_id) AND (simulated.started_at = calls.started_at)
        ARRAY JOIN arraySlice(CAST([('as billed', 0, 0), ('5m', simulated.read_5m, simulated.end), ('1h', simulated.read_1h, simulated.end)], 'Array(Tuple(name String, reads Int64, up_to Int64))'), 1, if({simulate:UInt8} = 0, 1, 3)) AS plan
    ),
    cached AS
    (
        SELECT
            planned.*,
            least(planned.plan_reads, planned.text_tokens) AS reads,
            greatest(planned.plan_reads, least(planned.plan_up_to, planned.text_tokens)) - planned.plan_reads AS writes
        FROM planned
    ),
    laid AS
    (
        SELECT
            cached.*,
            if((cached.plan = 'as billed') OR (NOT cached.is_recorded), [cached.counts[2], cached.counts[4], cached.counts[5], cached.counts[6], cached.counts[7], cached.counts[3], cached.counts[1]], [cached.reads, if(cached.plan = '5m', cached.writes, 0), 0, if(cached.plan = '1h', cached.writes, 0), 0, 0, (cached.text_tokens - cached.reads) - cached.writes]) AS layout
        FROM cached
    ),
    changed AS
    (
        SELECT
            laid.*,
            arrayCumSum(laid.layout) AS ends,
            prompt.changes AS changes,
            prompt.places AS places,
            prompt.is_cut AS is_cut,
            prompt.is_cut AND laid.is_first AS is_cutting,
            multiIf(arraySum(arraySlice(laid.layout, 2, 5)) > 0, arrayFirstIndex(count -> (count > 0), arraySlice(laid.layout, 2, 5)) + 1, (laid.layout[1]) > 0, 6, 7) AS fresh
        FROM laid
        ARRAY JOIN arrayFilter(prompt -> notEmpty(prompt.changes), CAST([(arrayConcat(['none'], if(laid.has_unused, [], ['tools']), if(laid.has_old, [], ['history']), if(laid.has_unused OR laid.has_old, [], ['tools and history'])), false, []), (if(laid.has_unused, arrayConcat(['tools'], if(laid.has_old, [], ['tools and history'])), []), false, laid.definition_places), (if(laid.has_old, arrayConcat(['history'], if(laid.has_unused, [], ['tools and history'])), []), true, [laid.span]), (if(laid.has_unused AND laid.has_old, ['tools and history'], []), true, arrayPushBack(laid.definition_places, laid.span))], 'Array(Tuple(changes Array(String), is_cut Bool, places Array(Tuple(Int64, Int64))))')) AS prompt
    ),
    trimmed AS
    (
        SELECT
            changed.*,
            if(changed.is_cut, toInt64({summary_tokens:UInt32}), 0) AS summary,
            if(changed.is_cutting, greatest((changed.layout[1]) - (changed.span.2), 0), 0) AS lost,
            multiIf(changed.is_cutting, changed.fresh, (changed.span.2) <= (changed.ends[1]), 1, (changed.span.2) <= (changed.ends[6]), changed.fresh, 7) AS summary_class,
            arrayMap((count, end) -> arraySum(place -> greatest(least(place.2, end) - greatest(place.1, end - count), 0), changed.places), changed.layout, changed.ends) AS removed,
            arrayMap((count, end) -> if(changed.is_cutting AND ({summary_tokens:UInt32} > 0), greatest(least(changed.span.2, end) - (end - count), 0), 0), changed.layout, changed.ends) AS summarized
        FROM changed
    ),
    billed AS
    (
        SELECT
            trimmed.*,
            arraySum(trimmed.removed) AS removed_tokens,
            arrayMap((count, gone, more, class) -> (((((count - gone) + more) - if(class = 1, trimmed.lost, 0)) + if(class = trimmed.fresh, trimmed.lost, 0)) + if(class = trimmed.summary_class, trimmed.summary, 0)), trimmed.layout, trimmed.removed, trimmed.summarized, [1, 2, 3, 4, 5, 6, 7]) AS text
        FROM trimmed
    ),
    counted AS
    (
        SELECT
            billed.* EXCEPT (counts, cost_usd, known_cost_usd),
            billed.cost_usd AS billed_cost_usd,
            billed.known_cost_usd AS billed_known_cost_usd,
            arrayConcat([billed.text[7], billed.text[1], billed.text[6], billed.text[2], billed.text[3], billed.text[4], billed.text[5]], arrayMap((count, class) -> (count + if((class = 14) AND billed.is_cutting, billed.summary, 0)), arraySlice(billed.counts, 8), [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24])) AS counts,
            (ifNull(billed.input_tokens, 0) - billed.removed_tokens) + billed.summary AS input_after
        FROM billed
    ),
    banded AS
    (
        SELECT
            counted.*,
            toUInt64(arrayLastIndex(from_tokens -> (from_tokens <= counted.input_after), counted.context_from)) AS band,
            toUInt64(arrayLastIndex(from_tokens -> (from_tokens <= counted.input_after), counted.tier_context_from)) AS tier_band
        FROM counted
    ),
    priced AS
    (
        SELECT
            banded.*,
            arrayResize(own.prices, length(banded.counts)) AS prices,
            arrayResize(tier.prices, length(banded.counts)) AS tier_prices
        FROM banded
        ANY LEFT JOIN tokenledger.band_prices AS own ON (own.price_card_id = banded.price_card_id) AND (own.band = banded.band)
        ANY LEFT JOIN tokenledger.band_prices AS tier ON (tier.price_card_id = banded.tier_card_id) AND (tier.band = banded.tier_band)
    )
SELECT
    priced.started_at AS started_at,
    priced.trace_id AS trace_id,
    priced.span_id AS span_id,
    priced.provider AS provider,
    priced.model AS model,
    priced.agent_name AS agent_name,
    priced.plan AS plan,
    priced.changes AS changes,
    priced.is_recorded AS is_recorded,
    priced.has_definitions AS has_definitions,
    priced.can_wait AS can_wait,
    priced.is_cutting AS is_cutting,
    priced.unused_tools AS unused_tools,
    priced.removed_tokens AS removed_tokens,
    priced.counts AS counts,
    priced.billed_cost_usd AS billed_cost_usd,
    priced.billed_known_cost_usd AS billed_known_cost_usd,
    if((priced.billed_cost_usd IS NULL) OR arrayExists((count, price) -> ((count > 0) AND (price IS NULL)), priced.counts, priced.prices), NULL, arraySum((count, price) -> (toDecimal128(count, 0) * ifNull(price, 0)), priced.counts, priced.prices)) AS cost_usd,
    if((NOT priced.can_wait) OR (priced.billed_cost_usd IS NULL) OR arrayExists((count, price) -> ((count > 0) AND (price IS NULL)), priced.counts, priced.tier_prices), NULL, arraySum((count, price) -> (toDecimal128(count, 0) * ifNull(price, 0)), priced.counts, priced.tier_prices)) AS tier_cost_usd
FROM priced;

CREATE MATERIALIZED VIEW tokenledger.read_calls TO tokenledger.llm_calls_unpriced
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `version` UInt64,
    `call_key` UInt64,
    `request_key` UInt64,
    `billed_by` UInt64,
    `duration_ns` UInt64,
    `source` String,
    `scope_name` LowCardinality(String),
    `scope_version` LowCardinality(String),
    `emitter` LowCardinality(String),
    `report_rank` UInt8,
    `service_name` LowCardinality(String),
    `environment` LowCardinality(String),
    `process_id` LowCardinality(String),
    `sequence` UInt64,
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `agent_step` UInt32,
    `handoff_from` LowCardinality(String),
    `customer_id` String,
    `feature_name` LowCardinality(String),
    `task_id` String,
    `conversation_id` String,
    `operation` LowCardinality(String),
    `model` String,
    `provider` String,
    `request_model` String,
    `response_model` String,
    `response_id` String,
    `billed_line` String,
    `service_tier` String,
    `region` String,
    `streamed` UInt8,
    `outcome` String,
    `error_type` LowCardinality(String),
    `http_status` UInt16,
    `attempts` UInt16,
    `finish_reasons` Array(String),
    `time_to_first_chunk_ns` UInt64,
    `usage_source` String,
    `usage_split` String,
    `usage_inconsistent` String,
    `input_basis` String,
    `usage_reported` Map(String, String),
    `input_tokens` Nullable(Int64),
    `output_tokens` Nullable(Int64),
    `input_text_tokens` Nullable(Int64),
    `cache_read_tokens` Nullable(Int64),
    `cache_write_tokens` Nullable(Int64),
    `cache_write_5m_tokens` Nullable(Int64),
    `cache_write_30m_tokens` Nullable(Int64),
    `cache_write_1h_tokens` Nullable(Int64),
    `cache_write_12h_tokens` Nullable(Int64),
    `input_audio_tokens` Nullable(Int64),
    `cache_read_audio_tokens` Nullable(Int64),
    `input_image_tokens` Nullable(Int64),
    `input_video_tokens` Nullable(Int64),
    `input_document_tokens` Nullable(Int64),
    `input_tool_use_tokens` Nullable(Int64),
    `output_text_tokens` Nullable(Int64),
    `reasoning_tokens` Nullable(Int64),
    `output_audio_tokens` Nullable(Int64),
    `output_image_tokens` Nullable(Int64),
    `prediction_accepted_tokens` Nullable(Int64),
    `prediction_rejected_tokens` Nullable(Int64),
    `web_search_requests` Nullable(UInt64),
    `web_fetch_requests` Nullable(UInt64),
    `file_search_requests` Nullable(UInt64),
    `code_execution_sessions` Nullable(UInt64)
)
AS WITH
    toInt64(1000000000000000) AS unlimited,
    (
        SELECT groupArray((concat('\n', longest.beginning), toString(longest.provider)))
        FROM
        (
            SELECT
                makers.beginning,
                makers.provider
            FROM tokenledger.model_makers AS makers
            ORDER BY length(makers.beginning) DESC
        ) AS longest
    ) AS makers,
    ['input_tokens', 'input_text_tokens', 'cache_read_tokens', 'cache_write_tokens', 'cache_write_5m_tokens', 'cache_write_30m_tokens', 'cache_write_1h_tokens', 'cache_write_12h_tokens', 'input_audio_tokens', 'cache_read_audio_tokens', 'input_image_tokens', 'input_video_tokens', 'input_document_tokens', 'input_tool_use_tokens', 'output_tokens', 'output_text_tokens', 'reasoning_tokens', 'output_audio_tokens', 'output_image_tokens', 'prediction_accepted_tokens', 'prediction_rejected_tokens', 'web_search_requests', 'web_fetch_requests', 'file_search_requests', 'code_execution_sessions'] AS count_names,
    counted AS
    (
        SELECT
            received.*,
            if((received.attributes['gen_ai.response.id']) = (received.attributes['tokenledger.request.id']), '', received.attributes['gen_ai.response.id']) AS said_response_id,
            [received.attributes['gen_ai.usage.input_tokens'], received.attributes['gen_ai.usage.text.input_tokens'], received.attributes['gen_ai.usage.cache_read.input_tokens'], received.attributes['gen_ai.usage.cache_write.input_tokens'], received.attributes['tokenledger.usage.cache_write.5m.input_tokens'], received.attributes['tokenledger.usage.cache_write.30m.input_tokens'], received.attributes['tokenledger.usage.cache_write.1h.input_tokens'], received.attributes['tokenledger.usage.cache_write.12h.input_tokens'], received.attributes['gen_ai.usage.audio.input_tokens'], received.attributes['gen_ai.usage.audio.cache_read.input_tokens'], received.attributes['gen_ai.usage.image.input_tokens'], received.attributes['tokenledger.usage.video.input_tokens'], received.attributes['tokenledger.usage.document.input_tokens'], received.attributes['tokenledger.usage.tool_use.input_tokens'], received.attributes['gen_ai.usage.output_tokens'], received.attributes['gen_ai.usage.text.output_tokens'], received.attributes['gen_ai.usage.reasoning.output_tokens'], received.attributes['gen_ai.usage.audio.output_tokens'], received.attributes['gen_ai.usage.image.output_tokens'], received.attributes['tokenledger.usage.prediction.accepted.output_tokens'], received.attributes['tokenledger.usage.prediction.rejected.output_tokens'], received.attributes['tokenledger.usage.web_search.requests'], received.attributes['tokenledger.usage.web_fetch.requests'], received.attributes['tokenledger.usage.file_search.requests'], received.attributes['tokenledger.usage.code_execution.sessions']] AS digits,
            arrayMap(said -> if(length(said) <= 12, toUInt64OrNull(said), NULL), digits) AS counts,
            arrayMap(count -> toInt64(ifNull(count, 0)), counts) AS known,
            arrayMap((said, count) -> ((said != '') AND (count IS NULL)), digits, counts) AS unreadable,
            toUInt64OrNull(received.attributes['uncached.input_tokens']) AS uncached,
            received.attributes['tokenledger.usage.source'] AS said_source
        FROM tokenledger.spans_received AS received
        WHERE received.kind = 'llm_call'
    ),
    totalled AS
    (
        SELECT
            calls.*,
            ((calls.counts[1]) IS NULL) AND ((calls.counts[15]) IS NULL) AS nothing_reported,
            arraySum(arraySlice(calls.known, 5, 4)) AS timed_writes,
            greatest(calls.known[4], timed_writes) AS all_writes,
            arraySum(arraySlice(calls.known, 11, 4)) AS other_media,
            (calls.known[3]) + all_writes AS cached,
            (cached + (calls.known[9])) + other_media AS sum_of_input,
            arraySlice(calls.known, 17, 5) AS output_parts,
            multiIf(calls.said_source != '', 'inclusive', (calls.uncached IS NOT NULL) AND (cached > 0), if((calls.counts[1]) = calls.uncached, 'exclusive', 'inclusive'), (calls.input_basis IN ('exclusive', 'disjoint')), calls.input_basis, (calls.counts[1]) < cached, 'found', calls.input_basis = '', 'assumed', calls.input_basis) AS basis,
            (calls.counts[1]) + multiIf(basis = 'disjoint', sum_of_input, (basis IN ('exclusive', 'found')), cached, 0) AS input_total,
            (calls.counts[15]) + multiIf(calls.said_source != '', 0, calls.output_basis = 'disjoint', arraySum(output_parts), calls.output_basis = 'exclusive', calls.known[17], 0) AS output_total,
            ifNull(input_total, unlimited) AS input_limit,
            ifNull(output_total, unlimited) AS output_limit,
            ((calls.known[3]) > 0) AND ((calls.known[9]) > 0) AND ((calls.counts[10]) IS NULL) AS cached_audio_unknown,
            least(calls.known[9], calls.known[3], if(cached_audio_unknown, greatest(sum_of_input - input_limit, 0), calls.known[10])) AS cached_audio
        FROM counted AS calls
    ),
    split AS
    (
        SELECT
            calls.*,
            arrayConcat(arraySlice(calls.known, 5, 4), [calls.all_writes - calls.timed_writes, (calls.known[3]) - calls.cached_audio, calls.cached_audio, (calls.known[9]) - calls.cached_audio], arraySlice(calls.known, 11, 4)) AS input_parts,
            arrayMap((part, up_to_part, limit, count) -> if(count IS NULL, NULL, greatest(0, least(part, (limit - up_to_part) + part))), arrayConcat(input_parts, calls.output_parts), arrayConcat(arrayCumSum(input_parts), arrayCumSum(calls.output_parts)), arrayConcat(arrayWithConstant(12, calls.input_limit), arrayWithConstant(5, calls.output_limit)), arrayConcat(arraySlice(calls.counts, 5, 4), [calls.counts[4], calls.counts[3], if(calls.cached_audio_unknown, 0, calls.counts[10]), calls.counts[9]], arraySlice(calls.counts, 11, 4), arraySlice(calls.counts, 17, 5))) AS classes,
            calls.cached_audio_unknown OR ((calls.sum_of_input - calls.cached_audio) > calls.input_limit) OR (arraySum(calls.output_parts) > calls.output_limit) AS split_is_assumed,
            arrayConcat(arrayFilter((name, is_unreadable, count, limit) -> (is_unreadable OR (count > limit)), count_names, calls.unreadable, calls.known, arrayConcat(arrayWithConstant(14, calls.input_limit), arrayWithConstant(7, calls.output_limit), arrayWithConstant(4, unlimited))), if(((calls.sum_of_input - calls.cached_audio) - least(calls.known[3], calls.other_media)) > calls.input_limit, ['input_tokens'], []), if(((calls.known[4]) >= 1) AND ((calls.known[4]) <= (calls.timed_writes - 1)), ['cache_write_tokens'], []), if((calls.known[10]) > least(calls.known[3], calls.known[9]), ['cache_read_audio_tokens'], [])) AS misfits
        FROM totalled AS calls
    )
SELECT
    calls.started_at,
    calls.trace_id,
    calls.span_id,
    calls.parent_span_id,
    bitShiftLeft(toUInt64(least(calls.known[15], 16777215)), 40) AS version,
    if(length(calls.said_response_id) >= 16, sipHash64('response', calls.said_response_id, calls.attributes['tokenledger.usage.line']), sipHash64('span', calls.trace_id, calls.span_id)) AS call_key,
    if((calls.attributes['tokenledger.request.id']) = '', 0, sipHash64('request', calls.attributes['tokenledger.request.id'], calls.attributes['tokenledger.usage.line'])) AS request_key,
    toUInt64(0) AS billed_by,
    calls.duration_ns,
    if(startsWith(calls.scope_name, 'tokenledger.import.'), substring(calls.scope_name, 20), 'otlp') AS source,
    calls.scope_name,
    calls.scope_version,
    calls.emitter,
    calls.report_rank,
    calls.service_name,
    calls.environment,
    calls.process_id,
    calls.sequence,
    calls.agent_name,
    calls.agent_path,
    calls.agent_run_id,
    calls.agent_parent_run_id,
    calls.agent_step,
    calls.handoff_from,
    calls.customer_id,
    calls.feature_name,
    calls.task_id,
    calls.conversation_id,
    calls.operation,
    firstNonDefault(calls.attributes['gen_ai.response.model'], calls.attributes['gen_ai.request.model']) AS model,
    firstNonDefault(replaceOne(lower(calls.attributes['gen_ai.provider.name']), '_other', ''), joinGet('tokenledger.attribute_values', 'means', 'gen_ai.provider.name', lower(calls.name)), (makers[multiSearchFirstIndex(concat('\n', lower(model)), makers.1)]).2) AS provider,
    calls.attributes['gen_ai.request.model'] AS request_model,
    calls.attributes['gen_ai.response.model'] AS response_model,
    calls.said_response_id AS response_id,
    calls.attributes['tokenledger.usage.line'] AS billed_line,
    multiIf(lower(calls.attributes['tokenledger.speed']) = 'fast', 'fast', (calls.attributes['tokenledger.service_tier']) = '', 'standard', lower(calls.attributes['tokenledger.service_tier'])) AS service_tier,
    if(((calls.attributes['tokenledger.inference_geo']) IN ('global', 'not_available')), '', lower(calls.attributes['tokenledger.inference_geo'])) AS region,
    ((calls.attributes['gen_ai.request.stream']) = 'true') OR ((calls.attributes['time_to_first_chunk.ms']) != '') AS streamed,
    multiIf(((calls.attributes['tokenledger.call.outcome']) IN ('completed', 'cancelled', 'failed', 'abandoned')), calls.attributes['tokenledger.call.outcome'], calls.status = 'Error', 'failed', '') AS outcome,
    calls.error_type,
    toUInt16OrZero(firstNonDefault(calls.attributes['http.response.status_code'], calls.error_type)) AS http_status,
    toUInt16OrZero(calls.attributes['tokenledger.request.attempts']) AS attempts,
    multiIf((calls.attributes['gen_ai.response.finish_reasons']) = '', [], startsWith(calls.attributes['gen_ai.response.finish_reasons'], '['), JSONExtract(calls.attributes['gen_ai.response.finish_reasons'], 'Array(String)'), [calls.attributes['gen_ai.response.finish_reasons']]) AS finish_reasons,
    toUInt64(least(greatest(ifNotFinite(firstNonDefault(toFloat64OrZero(calls.attributes['gen_ai.response.time_to_first_chunk']), toFloat64OrZero(calls.attributes['time_to_first_chunk.ms']) / 1000), 0), 0), 1000000) * 1000000000) AS time_to_first_chunk_ns,
    multiIf(calls.nothing_reported, 'none', (calls.said_source IN ('estimated', 'partial')), calls.said_source, calls.basis = 'uncached', 'partial', 'reported') AS usage_source,
    multiIf(calls.nothing_reported, '', calls.split_is_assumed OR (calls.basis = 'undivided'), 'assumed', 'exact') AS usage_split,
    firstNonDefault(arrayStringConcat(arraySort(arrayDistinct(calls.misfits)), ','), calls.attributes['tokenledger.usage.inconsistent']) AS usage_inconsistent,
    if(calls.nothing_reported, '', calls.basis) AS input_basis,
    if(notEmpty(calls.misfits) OR (calls.basis = 'found') OR calls.split_is_assumed, mapFilter((key, value) -> (position(key, 'usage') > 0), calls.attributes), map()) AS usage_reported,
    calls.input_total AS input_tokens,
    calls.output_total AS output_tokens,
    if(arrayMax(arraySlice(calls.unreadable, 1, 14)), NULL, calls.input_total - arraySum(class -> ifNull(class, 0), arraySlice(calls.classes, 1, 12))) AS input_text_tokens,
    calls.classes[6] AS cache_read_tokens,
    calls.classes[5] AS cache_write_tokens,
    calls.classes[1] AS cache_write_5m_tokens,
    calls.classes[2] AS cache_write_30m_tokens,
    calls.classes[3] AS cache_write_1h_tokens,
    calls.classes[4] AS cache_write_12h_tokens,
    calls.classes[8] AS input_audio_tokens,
    calls.classes[7] AS cache_read_audio_tokens,
    calls.classes[9] AS input_image_tokens,
    calls.classes[10] AS input_video_tokens,
    calls.classes[11] AS input_document_tokens,
    calls.classes[12] AS input_tool_use_tokens,
    if(arrayMax(arraySlice(calls.unreadable, 15, 7)), NULL, calls.output_total - arraySum(class -> ifNull(class, 0), arraySlice(calls.classes, 13, 5))) AS output_text_tokens,
    calls.classes[13] AS reasoning_tokens,
    calls.classes[14] AS output_audio_tokens,
    calls.classes[15] AS output_image_tokens,
    calls.classes[16] AS prediction_accepted_tokens,
    calls.classes[17] AS prediction_rejected_tokens,
    calls.counts[22] AS web_search_requests,
    calls.counts[23] AS web_fetch_requests,
    calls.counts[24] AS file_search_requests,
    calls.counts[25] AS code_execution_sessions
FROM split AS calls;

CREATE MATERIALIZED VIEW tokenledger.read_logs TO tokenledger.otel_traces
(
    `Timestamp` DateTime64(9),
    `TraceId` String,
    `SpanId` String,
    `ParentSpanId` String,
    `TraceState` String,
    `SpanName` String,
    `SpanKind` String,
    `ServiceName` LowCardinality(String),
    `ResourceAttributes` Map(LowCardinality(String), String),
    `ScopeName` String,
    `ScopeVersion` LowCardinality(String),
    `SpanAttributes` Map(String, String),
    `Duration` UInt64,
    `StatusCode` String,
    `StatusMessage` String
)
AS WITH
    records AS
    (
        SELECT
            logs.*,
            firstNonDefault(logs.LogAttributes['event.name'], logs.EventName) AS short_name,
            concat(if(startsWith(logs.Body, 'claude_code.') AND (logs.Body = concat('claude_code.', short_name)), logs.Body, short_name), if((logs.LogAttributes['event.kind']) = '', '', concat('/', logs.LogAttributes['event.kind']))) AS event,
            joinGet('tokenledger.attribute_values', 'means', 'span.name', lower(event)) AS means,
            mapFilter((name, value) -> (joinGet('tokenledger.attribute_names', 'reads_as', name) NOT IN ('', '{}')), logs.LogAttributes) AS known,
            arrayMap(name -> joinGet('tokenledger.attribute_names', 'reads_as', name), mapKeys(known)) AS reads,
            least(toUInt64(ifNotFinite(greatest(toFloat64OrZero(firstNonDefault(logs.LogAttributes['duration_ms'], logs.LogAttributes['duration'])), 0), 0) * 1000000), 604800000000000) AS duration,
            firstNonDefault(logs.LogAttributes['session.id'], logs.LogAttributes['conversation.id']) AS conversation,
            match(logs.TraceId, '^[0-9a-f]{32}$') AND (logs.TraceId != '00000000000000000000000000000000') AS is_traced
        FROM tokenledger.otel_logs AS logs
    )
SELECT
    records.Timestamp - toIntervalNanosecond(records.duration) AS Timestamp,
    if(records.is_traced, records.TraceId, lower(hex(substring(SHA256(concat('session\0', if(records.conversation = '', concat(records.ServiceName, records.event, toString(records.Timestamp)), records.conversation))), 1, 16)))) AS TraceId,
    lower(leftPad(hex(sipHash64(records.TraceId, records.SpanId, records.Timestamp, records.event, CAST(mapSort(records.LogAttributes), 'Map(String, String)'))), 16, '0')) AS SpanId,
    if(records.is_traced, records.SpanId, '') AS ParentSpanId,
    '' AS TraceState,
    records.event AS SpanName,
    'Internal' AS SpanKind,
    records.ServiceName AS ServiceName,
    records.ResourceAttributes AS ResourceAttributes,
    records.ScopeName AS ScopeName,
    records.ScopeVersion AS ScopeVersion,
    mapConcat(map('gen_ai.provider.name', transform(splitByChar('.', records.event)[1], ['codex', 'gemini_cli'], ['openai', 'gcp.gemini'], '')), records.known) AS SpanAttributes,
    records.duration AS Duration,
    if(endsWith(records.event, '_error') OR ((records.LogAttributes['success']) = 'false'), 'Error', 'Unset') AS StatusCode,
    '' AS StatusMessage
FROM records
WHERE ((records.means IN ('invoke_agent', 'execute_tool')) AND (NOT (records.is_traced AND (NOT startsWith(records.event, 'codex.'))))) OR ((records.means = 'chat') AND (endsWith(records.event, '_error') OR has(records.reads, 'gen_ai.usage.output_tokens')));

CREATE MATERIALIZED VIEW tokenledger.read_spans TO tokenledger.spans_received
(
    `started_at` DateTime64(9),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `duration_ns` UInt64,
    `operation` String,
    `kind` String,
    `name` LowCardinality(String),
    `scope_name` String,
    `scope_version` String,
    `emitter` String,
    `input_basis` String,
    `output_basis` String,
    `report_rank` UInt8,
    `service_name` LowCardinality(String),
    `environment` String,
    `process_id` String,
    `sequence` UInt64,
    `agent_name` String,
    `agent_path` Array(String),
    `stamped_path` Array(String),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `agent_step` UInt32,
    `handoff_from` String,
    `customer_id` String,
    `feature_name` String,
    `task_id` String,
    `conversation_id` String,
    `status` LowCardinality(String),
    `error_type` String,
    `attributes` Map(LowCardinality(String), String)
)
AS WITH
    (
        SELECT groupArray((patterns.needle, patterns.rows))
        FROM
        (
            SELECT
                concat('\n', if(endsWith(listed.scope, '*'), trimRight(listed.scope, '*'), concat(listed.scope, '\n'))) AS needle,
                arraySort(groupArray((listed.place, listed.provider, listed.version_before, listed.without_attribute, listed.emitter, listed.input_basis, listed.output_basis, listed.report_rank, listed.names_spans))) AS rows
            FROM tokenledger.emitters AS listed
            GROUP BY needle
            ORDER BY length(needle) DESC
        ) AS patterns
    ) AS emitters,
    identified AS
    (
        SELECT
            spans.Timestamp,
            spans.TraceId,
            spans.SpanId,
            spans.ParentSpanId,
            spans.Duration,
            spans.SpanName,
            spans.ScopeName,
            spans.ScopeVersion,
            spans.ServiceName,
            spans.ResourceAttributes,
            spans.SpanAttributes,
            spans.StatusCode,
            mapFilter((name, value) -> ((value != '') AND (joinGet('tokenledger.attribute_names', 'reads_as', name) != '')), spans.SpanAttributes) AS known
        FROM tokenledger.otel_traces AS spans
        WHERE match(spans.SpanId, '^[0-9a-fA-F]{16}$') AND (spans.SpanId != '0000000000000000') AND match(spans.TraceId, '^[0-9a-fA-F]{32}$') AND (spans.TraceId != '00000000000000000000000000000000')
    ),
    opened AS
    (
        SELECT
            spans.*,
            arrayFlatten(arrayMap((name, value) -> if(joinGet('tokenledger.attribute_names', 'reads_as', name) = '{}', arrayMap(member -> (concat(name, '#', member[1]), concat(member[2], member[3])), extractAllGroupsVertical(value, '"([\\w.-]+)" *: *(?:"([\\w.-]+)"|(\\d+)\\b)')), []), mapKeys(spans.known), mapValues(spans.known))) AS members
        FROM identified AS spans
    ),
    named AS
    (
        SELECT
            spans.*,
            CAST(arrayMap(reading -> (reading.2, firstNonDefault(joinGet('tokenledger.attribute_values', 'means', reading.2, lower(reading.3)), if(((reading.2) = 'gen_ai.provider.name') AND ((reading.3) = spans.ScopeName), '_OTHER', reading.3))), arraySort(reading -> (reading.1), arrayFilter(reading -> ((reading.2) NOT IN ('', '{}')), arrayMap((name, value) -> (joinGet('tokenledger.attribute_names', 'place', name), joinGet('tokenledger.attribute_names', 'reads_as', name), value), arrayConcat(mapKeys(spans.known), spans.members.1), arrayConcat(mapValues(spans.known), spans.members.2))))), 'Map(LowCardinality(String), String)') AS attributes
        FROM opened AS spans
    ),
    told AS
    (
        SELECT
            spans.*,
            firstNonDefault(spans.attributes['gen_ai.operation.name'], joinGet('tokenledger.attribute_values', 'means', 'span.name', lower(spans.SpanName))) AS operation,
            joinGet('tokenledger.request_marks', 'attribute', spans.ScopeName, operation) AS request_mark,
            JSONExtract(spans.attributes['tokenledger.agent.path'], 'Array(String)') AS stamped_path,
            arrayMap(part -> toUInt32OrZero(part), splitByChar('.', spans.ScopeVersion)) AS version,
            spans.attributes['gen_ai.provider.name'] AS provider,
            mapKeys(spans.known) AS names,
            arrayFirst(row -> (((row.2) IN ('', provider)) AND (empty(row.3) OR (version < (row.3))) AND (((row.4) = '') OR (NOT has(names, row.4)))), (emitters[multiSearchFirstIndex(concat('\n', if(provider = '_OTHER', '(itself)', spans.ScopeName), '\n'), emitters.1)]).2) AS emitter
        FROM named AS spans
    )
SELECT
    spans.Timestamp AS started_at,
    toUUIDOrZero(spans.TraceId) AS trace_id,
    reinterpretAsUInt64(reverse(unhex(spans.SpanId))) AS span_id,
    if(match(spans.ParentSpanId, '^[0-9a-fA-F]{16}$'), reinterpretAsUInt64(reverse(unhex(spans.ParentSpanId))), 0) AS parent_span_id,
    spans.Duration AS duration_ns,
    spans.operation AS operation,
    multiIf((spans.request_mark != '') AND mapContains(spans.SpanAttributes, spans.request_mark), 'llm_call', (spans.request_mark != '') AND (spans.operation != 'invoke_agent'), 'other', (spans.operation IN ('chat', 'text_completion', 'embeddings', 'generate_content')) AND ((spans.attributes['tokenledger.usage.scope']) NOT IN ('aggregate', 'remote_agent')), 'llm_call', spans.operation = 'invoke_agent', 'agent_run', spans.operation = 'execute_tool', 'tool_call', (spans.operation = '') AND ((spans.attributes['gen_ai.usage.output_tokens']) != '') AND ((spans.attributes['gen_ai.request.model']) != ''), 'unrecognized', 'other') AS kind,
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
    firstNonDefault(spans.attributes['gen_ai.agent.name'], if(kind = 'agent_run', firstNonDefault(spans.attributes['entity.name'], joinGet('tokenledger.attribute_values', 'means', 'span.agent', lower(spans.SpanName)), if(spans.emitter.9, toString(spans.SpanName), '')), ''), spans.stamped_path[-1]) AS agent_name,
    if((agent_name IN ('', spans.stamped_path[-1])), spans.stamped_path, arrayPushBack(spans.stamped_path, agent_name)) AS agent_path,
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
FROM told AS spans;

CREATE VIEW tokenledger.reasoning_share
AS WITH
    prices AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            any(cards.output) AS output,
            any(cards.reasoning) AS reasoning
        FROM tokenledger.price_cards AS cards
        GROUP BY cards.price_card_id
    )
SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.output_tokens IS NULL) AS calls_without_usage,
    countIf((calls.output_tokens IS NOT NULL) AND (calls.reasoning_tokens IS NULL)) AS calls_not_telling,
    sum(calls.output_tokens) AS output_tokens,
    sum(calls.reasoning_tokens) AS reasoning_tokens,
    round(sum(calls.reasoning_tokens) / nullIf(sumIf(calls.output_tokens, calls.reasoning_tokens IS NOT NULL), 0), 4) AS reasoning_share,
    sum(if((prices.output[calls.price_band]) IS NULL, ifNull(calls.output_text_tokens, 0), 0) + if((prices.reasoning[calls.price_band]) IS NULL, ifNull(calls.reasoning_tokens, 0), 0)) AS unpriced,
    sum(toDecimal128(ifNull(calls.output_text_tokens, 0), 0) * ifNull(prices.output[calls.price_band], 0)) AS visible_known_cost_usd,
    sum(toDecimal128(ifNull(calls.reasoning_tokens, 0), 0) * ifNull(prices.reasoning[calls.price_band], 0)) AS reasoning_known_cost_usd
FROM
(
    SELECT calls.*
    FROM tokenledger.llm_calls AS calls
    FINAL
    WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')}) AND (calls.operation != 'embeddings') AND ((calls.output_tokens IS NULL) OR (calls.output_tokens > 0))
) AS calls
LEFT JOIN prices ON prices.price_card_id = calls.price_card_id
GROUP BY
    calls.provider,
    calls.model,
    calls.agent_name
ORDER BY
    reasoning_known_cost_usd DESC,
    visible_known_cost_usd DESC,
    provider ASC,
    model ASC,
    agent_name ASC;

CREATE VIEW tokenledger.recent_traces
AS SELECT
    traces.trace_id AS trace_id,
    traces.first_call_at AS first_call_at,
    traces.service_name AS service_name,
    traces.agents AS agents,
    traces.models AS models,
    traces.calls AS calls,
    traces.unfinished_calls AS unfinished_calls,
    traces.unpriced_calls AS unpriced_calls,
    traces.cost_usd AS cost_usd,
    traces.known_cost_usd AS known_cost_usd
FROM `tokenledger.trace_list`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_conversation = '', in_service = '', sort = 'newest', max_rows = {max_rows:UInt64}) AS traces
ORDER BY
    traces.first_call_at DESC,
    traces.trace_id ASC;

CREATE MATERIALIZED VIEW tokenledger.recover_structure
REFRESH EVERY 10 SECOND APPEND TO tokenledger.structure_found
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `kind` LowCardinality(String),
    `agent_path` Array(String),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `agent_step` UInt64,
    `customer_id` String,
    `feature_name` String,
    `task_id` String,
    `conversation_id` String,
    `is_layered` UInt8
)
AS WITH RECURSIVE
    (
        SELECT max(views.last_success_time - toIntervalMillisecond(views.last_success_duration_ms))
        FROM system.view_refreshes AS views
        WHERE (views.database = 'ledger') AND (views.view = 'recover_structure')
    ) AS last_recovery,
    ifNull(last_recovery - if(toStartOfMinute(now()) > last_recovery, toIntervalSecond(180), toIntervalSecond(60)), (
        SELECT max(days.received_at) - toIntervalDay(1)
        FROM tokenledger.trace_days AS days
    )) AS since,
    dirty AS
    (
        SELECT
            days.trace_id AS trace_id,
            arrayJoin(groupUniqArray(days.started_on)) AS started_on
        FROM tokenledger.trace_days AS days
        WHERE days.trace_id GLOBAL IN (
            SELECT recent.trace_id
            FROM tokenledger.trace_days AS recent
            WHERE recent.received_at >= since
        )
        GROUP BY days.trace_id
        HAVING max(days.has_foreign) = 1
    ),
    tree AS
    (
        SELECT
            spans.*,
            count() OVER (PARTITION BY spans.trace_id) AS size,
            CAST(if(empty(spans.agent_path), [], [(1, spans.agent_path, spans.agent_run_id, spans.agent_parent_run_id)]), 'Array(Tuple(is_stamp UInt8, path Array(String), run String, parent_run String))') AS stamp,
            multiIf(empty(spans.agent_path) AND (spans.agent_run_id != ''), spans.agent_run_id, (spans.kind = 'agent_run') AND (empty(spans.agent_path) OR (spans.agent_name != (spans.agent_path[-1]))), lower(leftPad(hex(spans.span_id), 16, '0')), '') AS named_run,
            CAST(if((named_run = '') AND (spans.agent_name IN ('', spans.agent_path[-1])), [], [(0, [spans.agent_name], named_run, '')]), 'Array(Tuple(is_stamp UInt8, path Array(String), run String, parent_run String))') AS naming
        FROM
        (
            SELECT spans.*
            FROM tokenledger.spans AS spans
            FINAL
            WHERE (toDate(spans.started_at), spans.trace_id) GLOBAL IN (
                SELECT
                    dirty.started_on,
                    dirty.trace_id
                FROM dirty
            )
            ORDER BY spans.started_at ASC
            LIMIT 1 BY
                spans.trace_id,
                spans.span_id
        ) AS spans
        QUALIFY size <= 100000
    ),
    climbed AS
    (
        SELECT
            tree.trace_id AS trace_id,
            tree.span_id AS span_id,
            tree.started_at AS started_at,
            tree.size AS size,
            toString(tree.kind) AS kind,
            toString(tree.scope_name) AS scope_name,
            tree.agent_run_id AS said_run_id,
            tree.agent_step AS said_step,
            toUInt8(0) AS round,
            toUInt8(1) AS is_open,
            tree.parent_span_id AS ancestor,
            arrayConcat(tree.stamp, tree.naming) AS own_turns,
            own_turns AS turns,
            tree.kind = 'llm_call' AS only_calls,
            if(tree.kind = 'llm_call', (tree.started_at, tree.span_id), (toDateTime64(0, 9, 'UTC'), toUInt64(0))) AS top_call,
            tree.customer_id AS customer_id,
            toString(tree.feature_name) AS feature_name,
            tree.task_id AS task_id,
            tree.conversation_id AS conversation_id
        FROM tree
        UNION ALL
        SELECT
            below.trace_id,
            below.span_id,
            below.started_at,
            below.size,
            below.kind,
            below.scope_name,
            below.said_run_id,
            below.said_step,
            below.round + 1,
            max(above.ancestor != 0) OVER (PARTITION BY below.trace_id) AND (bitShiftLeft(toUInt64(1), below.round + 1) <= below.size),
            above.ancestor,
            below.own_turns,
            arraySlice(arrayConcat(above.turns, if(tupleElement(below.turns[1], 'is_stamp') AND ((below.turns[1]) = arrayLast(turn -> turn.is_stamp, above.turns)), arrayPopFront(below.turns), below.turns)), -250),
            below.only_calls AND above.only_calls,
            if(below.only_calls AND ((above.top_call.2) != 0), above.top_call, below.top_call),
            if(below.customer_id != '', below.customer_id, above.customer_id),
            if(below.feature_name != '', below.feature_name, above.feature_name),
            if(below.task_id != '', below.task_id, above.task_id),
            if(below.conversation_id != '', below.conversation_id, above.conversation_id)
        FROM climbed AS below
        LEFT JOIN climbed AS above ON (above.trace_id = below.trace_id) AND (above.span_id = below.ancestor)
        WHERE below.is_open
    ),
    chained AS
    (
        SELECT
            climbed.*,
            arrayFold((chain, turn) -> CAST(multiIf(NOT turn.is_stamp, (if(((turn.path[1]) IN ('', chain.path[-1])), chain.path, arrayConcat(chain.path, turn.path)), if(turn.run = '', chain.run, turn.run), if((turn.run IN ('', chain.run)), chain.parent_run, chain.run), chain.stamp, chain.stamp_run), (turn.path = chain.stamp) AND (turn.run = chain.stamp_run), chain, (if(startsWith(turn.path, chain.stamp), arrayConcat(chain.path, arraySlice(turn.path, length(chain.stamp) + 1)), turn.path), turn.run, if(turn.parent_run = '', chain.run, turn.parent_run), turn.path, turn.run)), 'Tuple(path Array(String), run String, parent_run String, stamp Array(String), stamp_run String)'), if(climbed.ancestor = 0, climbed.turns, climbed.own_turns), CAST('([], \'\', \'\', [], \'\')', 'Tuple(path Array(String), run String, parent_run String, stamp Array(String), stamp_run String)')) AS chain,
            if(chain.run = climbed.said_run_id, climbed.said_step, 0) AS given_step
        FROM climbed
        WHERE (NOT climbed.is_open) AND (climbed.kind IN ('llm_call', 'agent_run', 'tool_call'))
    ),
    stepped AS
    (
        SELECT
            chained.*,
            (chained.kind = 'llm_call') AND ((count() OVER (PARTITION BY chained.trace_id, chained.top_call) > 1) OR (uniqExactIf(chained.scope_name, chained.kind = 'llm_call') OVER (PARTITION BY chained.trace_id) > 1)) AS is_layered,
            multiIf((chained.kind != 'llm_call') OR (chained.chain.run = ''), 0, maxIf(chained.given_step, chained.kind = 'llm_call') OVER (PARTITION BY chained.trace_id, chained.chain.run) > 0, chained.given_step, denseRank() OVER (PARTITION BY chained.trace_id, chained.chain.run, chained.kind ORDER BY chained.top_call ASC)) AS call_step
        FROM chained
    )
SELECT
    stepped.started_at AS started_at,
    stepped.trace_id AS trace_id,
    stepped.span_id AS span_id,
    stepped.kind AS kind,
    stepped.chain.path AS agent_path,
    stepped.chain.run AS agent_run_id,
    stepped.chain.parent_run AS agent_parent_run_id,
    multiIf(stepped.kind = 'llm_call', stepped.call_step, (stepped.given_step != 0) OR (stepped.chain.run = ''), stepped.given_step, max(stepped.call_step) OVER (PARTITION BY stepped.trace_id, stepped.chain.run ORDER BY stepped.started_at ASC, stepped.span_id ASC)) AS agent_step,
    stepped.customer_id AS customer_id,
    stepped.feature_name AS feature_name,
    stepped.task_id AS task_id,
    stepped.conversation_id AS conversation_id,
    stepped.is_layered AS is_layered
FROM stepped;

CREATE VIEW tokenledger.retry_cost
AS SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.outcome = 'failed') AS failed_calls,
    countIf(calls.outcome = 'abandoned') AS abandoned_calls,
    countIf(calls.attempts > 1) AS retried_calls,
    sumIf(calls.attempts - 1, calls.attempts > 1) AS extra_attempts,
    countIf(calls.attempts = 0) AS attempts_unknown,
    sumIf(calls.input_tokens, (calls.outcome IN ('failed', 'abandoned'))) AS wasted_input_tokens,
    sumIf(calls.output_tokens, (calls.outcome IN ('failed', 'abandoned'))) AS wasted_output_tokens,
    countIf((calls.outcome IN ('failed', 'abandoned')) AND (calls.unpriced != '')) AS unpriced_calls,
    if(unpriced_calls = 0, sumIf(calls.known_cost_usd, (calls.outcome IN ('failed', 'abandoned'))), NULL) AS cost_usd,
    sumIf(calls.known_cost_usd, (calls.outcome IN ('failed', 'abandoned'))) AS known_cost_usd
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
GROUP BY
    calls.provider,
    calls.model,
    calls.agent_name
HAVING ((failed_calls + abandoned_calls) + retried_calls) > 0
ORDER BY
    sumIf(calls.known_cost_usd, (calls.outcome IN ('failed', 'abandoned'))) DESC,
    provider ASC,
    model ASC,
    agent_name ASC;

CREATE MATERIALIZED VIEW tokenledger.roll_up_agents
REFRESH EVERY 1 MINUTE APPEND TO tokenledger.agent_days
(
    `day` Date,
    `agent_path` Array(LowCardinality(String)),
    `agent_name` LowCardinality(String),
    `calls` UInt64,
    `unpriced_calls` UInt64,
    `input_tokens` Nullable(UInt64),
    `output_tokens` Nullable(UInt64),
    `known_cost_usd` Decimal(38, 15),
    `rolled_up_at` DateTime64(3),
    `stored_rows` UInt64,
    `stored_versions` UInt64,
    `is_settled` UInt8
)
AS WITH
    (
        SELECT groupArray((day, stored.looks, stored.looks = rolled_up.looks))
        FROM
        (
            SELECT
                toDate(calls.started_at) AS day,
                (count(), sum(calls.version)) AS looks
            FROM tokenledger.llm_calls AS calls
            GROUP BY day
        ) AS stored
        FULL OUTER JOIN
        (
            SELECT
                days.day AS day,
                argMax((days.stored_rows, days.stored_versions), days.rolled_up_at) AS looks,
                argMax(days.is_settled, days.rolled_up_at) AS is_settled
            FROM tokenledger.agent_days AS days
            FINAL
            GROUP BY day
        ) AS rolled_up USING (day)
        WHERE (stored.looks != rolled_up.looks) OR (NOT rolled_up.is_settled)
    ) AS changed,
    arrayMap(one -> (one.1), changed) AS changed_days
SELECT
    parts.day AS day,
    parts.agent_path AS agent_path,
    parts.agent_name AS agent_name,
    sum(parts.calls) AS calls,
    sum(parts.unpriced_calls) AS unpriced_calls,
    sum(parts.input_tokens) AS input_tokens,
    sum(parts.output_tokens) AS output_tokens,
    sum(parts.known_cost_usd) AS known_cost_usd,
    now64(3) AS rolled_up_at,
    ((any(changed[indexOf(changed_days, parts.day)] AS found)).2).1 AS stored_rows,
    ((any(found)).2).2 AS stored_versions,
    (any(found)).3 AS is_settled
FROM
(
    SELECT
        toDate(calls.started_at) AS day,
        calls.agent_path AS agent_path,
        calls.agent_name AS agent_name,
        countIf(calls.billed_by = 0) AS calls,
        countIf((calls.billed_by = 0) AND (calls.unpriced != '')) AS unpriced_calls,
        sumIf(calls.input_tokens, calls.billed_by = 0) AS input_tokens,
        sumIf(calls.output_tokens, calls.billed_by = 0) AS output_tokens,
        sumIf(calls.known_cost_usd, calls.billed_by = 0) AS known_cost_usd
    FROM tokenledger.llm_calls AS calls
    FINAL
    WHERE toDate(calls.started_at) IN (arrayMap(one -> (one.1), changed) AS changed_days)
    GROUP BY
        day,
        agent_path,
        agent_name
    UNION ALL
    SELECT
        days.day,
        days.agent_path,
        days.agent_name,
        0,
        0,
        NULL,
        NULL,
        0
    FROM tokenledger.agent_days AS days
    FINAL
    WHERE days.day IN (arrayMap(one -> (one.1), changed) AS changed_days)
) AS parts
GROUP BY
    parts.day,
    parts.agent_path,
    parts.agent_name;

CREATE VIEW tokenledger.run_difference
AS WITH
    parts AS
    (
        SELECT
            false AS is_other,
            total.*
        FROM
        (
            SELECT
                '' AS cause,
                total.calls AS calls,
                ifNull(total.input_tokens, 0) + ifNull(total.output_tokens, 0) AS tokens,
                total.unpriced_calls AS unpriced_calls,
                total.known_cost_usd AS known_cost_usd
            FROM `tokenledger.selection_total`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS total
        ) AS total
        UNION ALL
        SELECT
            true,
            total.*
        FROM
        (
            SELECT
                '' AS cause,
                total.calls AS calls,
                ifNull(total.input_tokens, 0) + ifNull(total.output_tokens, 0) AS tokens,
                total.unpriced_calls AS unpriced_calls,
                total.known_cost_usd AS known_cost_usd
            FROM `tokenledger.selection_total`(`from` = {other_from:DateTime64(9, 'UTC')}, to = {other_to:DateTime64(9, 'UTC')}, in_trace = {other_trace:String}, in_conversation = {other_conversation:String}, in_service = {other_service:String}) AS total
        ) AS total
        UNION ALL
        SELECT
            false,
            spent.cause,
            spent.calls,
            spent.tokens,
            spent.unpriced_calls,
            spent.known_cost_usd
        FROM `tokenledger.spend_by_cause`(by = '', `from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS spent
        UNION ALL
        SELECT
            true,
            spent.cause,
            spent.calls,
            spent.tokens,
            spent.unpriced_calls,
            spent.known_cost_usd
        FROM `tokenledger.spend_by_cause`(by = '', `from` = {other_from:DateTime64(9, 'UTC')}, to = {other_to:DateTime64(9, 'UTC')}, in_trace = {other_trace:String}, in_conversation = {other_conversation:String}, in_service = {other_service:String}) AS spent
    )
SELECT
    parts.cause AS cause,
    sumIf(parts.calls, NOT parts.is_other) AS calls,
    sumIf(parts.calls, parts.is_other) AS other_calls,
    sumIf(parts.tokens, NOT parts.is_other) AS tokens,
    sumIf(parts.tokens, parts.is_other) AS other_tokens,
    sumIf(parts.unpriced_calls, NOT parts.is_other) AS unpriced_calls,
    sumIf(parts.unpriced_calls, parts.is_other) AS other_unpriced_calls,
    sumIf(parts.known_cost_usd, NOT parts.is_other) AS known_cost_usd,
    sumIf(parts.known_cost_usd, parts.is_other) AS other_known_cost_usd,
    sumIf(parts.known_cost_usd, parts.is_other) - sumIf(parts.known_cost_usd, NOT parts.is_other) AS change_usd,
    if(sumIf(parts.known_cost_usd, NOT parts.is_other) = 0, NULL, round((100 * toFloat64(sumIf(parts.known_cost_usd, parts.is_other) - sumIf(parts.known_cost_usd, NOT parts.is_other))) / toFloat64(sumIf(parts.known_cost_usd, NOT parts.is_other)), 2)) AS change_percent
FROM parts
GROUP BY parts.cause
ORDER BY
    parts.cause != '' ASC,
    abs(change_usd) DESC,
    cause ASC;

CREATE VIEW tokenledger.runaway_loops
AS WITH
    runs AS
    (
        SELECT
            calls.trace_id AS trace_id,
            calls.agent_run_id AS agent_run_id,
            calls.agent_name AS agent_name,
            calls.feature_name AS feature_name,
            any(calls.customer_id) AS customer_id,
            any(calls.task_id) AS task_id,
            min(calls.started_at) AS first_call_at,
            max(calls.started_at) AS last_call_at,
            count() AS calls,
            countIf(calls.unpriced != '') AS unpriced_calls,
            sum(calls.known_cost_usd) AS known_cost_usd
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
        GROUP BY
            calls.trace_id,
            calls.agent_run_id,
            calls.agent_name,
            calls.feature_name
    ),
    usual AS
    (
        SELECT
            runs.agent_name AS agent_name,
            runs.feature_name AS feature_name,
            quantilesExact(0.25, 0.5, 0.75)(runs.calls) AS steps,
            quantilesExact(0.25, 0.5, 0.75)(runs.known_cost_usd) AS spend,
            greatest(2 * (steps[2]), (4 * (steps[3])) - (3 * (steps[1]))) AS most_steps,
            greatest(2 * (spend[2]), (4 * (spend[3])) - (3 * (spend[1]))) AS most_spend
        FROM runs
        GROUP BY
            runs.agent_name,
            runs.feature_name
        HAVING count() >= 5
    )
SELECT
    replaceAll(toString(runs.trace_id), '-', '') AS trace_id,
    runs.agent_name AS agent_name,
    runs.agent_run_id AS agent_run_id,
    runs.feature_name AS feature_name,
    runs.customer_id AS customer_id,
    runs.task_id AS task_id,
    runs.first_call_at AS first_call_at,
    runs.last_call_at AS last_call_at,
    multiIf((runs.calls > usual.most_steps) AND (runs.known_cost_usd > usual.most_spend), 'steps and spend', runs.calls > usual.most_steps, 'steps', 'spend') AS reason,
    runs.calls AS calls,
    usual.steps[2] AS median_calls,
    usual.most_steps AS most_usual_calls,
    runs.unpriced_calls AS unpriced_calls,
    if(runs.unpriced_calls = 0, runs.known_cost_usd, NULL) AS cost_usd,
    runs.known_cost_usd AS known_cost_usd,
    usual.spend[2] AS median_known_cost_usd,
    usual.most_spend AS most_usual_known_cost_usd,
    runs.known_cost_usd - (usual.spend[2]) AS excess_known_cost_usd
FROM runs
INNER JOIN usual ON (usual.agent_name = runs.agent_name) AND (usual.feature_name = runs.feature_name)
WHERE (runs.calls > usual.most_steps) OR (runs.known_cost_usd > usual.most_spend)
ORDER BY
    runs.known_cost_usd DESC,
    trace_id ASC,
    agent_run_id ASC;

CREATE VIEW tokenledger.savings
AS WITH
    duplicates AS
    (
        SELECT
            why.started_at,
            why.trace_id,
            why.span_id
        FROM tokenledger.call_causes AS why
        FINAL
        WHERE (why.started_at >= {from:DateTime64(9, 'UTC')}) AND (why.started_at < {to:DateTime64(9, 'UTC')}) AND has(why.causes, 'exact_duplicate')
    ),
    scenarios AS
    (
        SELECT
            calls.provider AS provider,
            calls.model AS model,
            calls.agent_name AS agent_name,
            calls.can_wait AS can_wait,
            calls.billed_known_cost_usd AS billed_usd,
            ifNull(calls.cost_usd, calls.billed_known_cost_usd) AS usd,
            ifNull(calls.tier_cost_usd, usd) AS batch_usd,
            calls.plan AS plan,
            calls.changes AS changes,
            calls.unused_tools AS unused_tools,
            calls.counts AS counts,
            (calls.cost_usd IS NOT NULL) AND ((calls.started_at, calls.trace_id, calls.span_id) GLOBAL IN (duplicates)) AS is_duplicate
        FROM `tokenledger.prompt_scenarios`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, turns = {turns:UInt32}, summary_tokens = {summary_tokens:UInt32}, trim = 1, simulate = 1, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
    ),
    planned AS
    (
        SELECT
            scenarios.provider AS provider,
            scenarios.model AS model,
            scenarios.agent_name AS agent_name,
            scenarios.plan AS plan,
            sumIf(scenarios.billed_usd, has(scenarios.changes, 'none')) AS billed_usd,
            sumIf(scenarios.usd, has(scenarios.changes, 'none') AND scenarios.is_duplicate) AS duplicates_usd,
            countIf(has(scenarios.changes, 'none') AND scenarios.is_duplicate) AS duplicates,
            sumIf(scenarios.usd, has(scenarios.changes, 'none') AND (NOT scenarios.is_duplicate)) AS cached_usd,
            sumIf(scenarios.usd, has(scenarios.changes, 'tools') AND (NOT scenarios.is_duplicate)) AS trimmed_usd,
            sumIf(scenarios.usd, has(scenarios.changes, if(scenarios.can_wait, 'tools', 'tools and history')) AND (NOT scenarios.is_duplicate)) AS cut_usd,
            sumIf(scenarios.usd - scenarios.batch_usd, has(scenarios.changes, 'tools') AND scenarios.can_wait AND (NOT scenarios.is_duplicate)) AS batch_saved_usd,
            countIf(has(scenarios.changes, 'none') AND (scenarios.usd != scenarios.billed_usd)) AS cached_calls,
            countIf(has(scenarios.changes, 'tools') AND notEmpty(scenarios.unused_tools)) AS trimmed_calls,
            countIf(has(scenarios.changes, 'history') AND (scenarios.usd != scenarios.billed_usd)) AS cut_calls,
            countIf(has(scenarios.changes, 'none') AND scenarios.can_wait AND (scenarios.batch_usd != scenarios.usd)) AS batch_calls,
            sumIf(scenarios.usd, has(scenarios.changes, 'none')) AS cached_alone_usd,
            sumIf(scenarios.usd, has(scenarios.changes, 'tools')) AS trimmed_alone_usd,
            sumIf(scenarios.usd, has(scenarios.changes, 'history')) AS cut_alone_usd,
            sumIf(scenarios.usd - scenarios.batch_usd, has(scenarios.changes, 'none') AND scenarios.can_wait) AS batch_alone_usd,
            arraySort(groupUniqArrayArray(scenarios.unused_tools)) AS unused_tools,
            sumForEachIf(arraySlice(scenarios.counts, 2, 6), has(scenarios.changes, 'none')) AS cache_counts
        FROM scenarios
        GROUP BY
            scenarios.provider,
            scenarios.model,
            scenarios.agent_name,
            scenarios.plan
    ),
    chosen AS
    (
        SELECT
            planned.provider AS provider,
            planned.model AS model,
            planned.agent_name AS agent_name,
            argMin(planned.plan, planned.place) AS plan,
            anyIf(planned.billed_usd, planned.is_now) AS billed_usd,
            anyIf(planned.duplicates_usd, planned.is_now) AS dedupe_usd,
            anyIf(planned.duplicates, planned.is_now) AS dedupe_calls,
            anyIf(planned.cached_usd, planned.is_now) - argMin(planned.cached_usd, planned.place) AS cache_usd,
            anyIf(planned.billed_usd, planned.is_now) - argMin(planned.cached_alone_usd, planned.place) AS cache_alone_usd,
            argMin(planned.cached_calls, planned.place) AS cache_calls,
            argMin(planned.cached_usd - planned.trimmed_usd, planned.place) AS tools_usd,
            anyIf(planned.billed_usd - planned.trimmed_alone_usd, planned.is_now) AS tools_alone_usd,
            anyIf(planned.cache_counts, planned.is_now) AS cache_counts,
            any(planned.trimmed_calls) AS tools_calls,
            any(planned.unused_tools) AS unused_tools,
            argMin(planned.trimmed_usd - planned.cut_usd, planned.place) AS history_usd,
            anyIf(planned.billed_usd - planned.cut_alone_usd, planned.is_now) AS history_alone_usd,
            anyIf(planned.cut_calls, planned.is_now) AS history_calls,
            argMin(planned.batch_saved_usd, planned.place) AS batch_usd,
            anyIf(planned.batch_alone_usd, planned.is_now) AS batch_alone_usd,
            anyIf(planned.batch_calls, planned.is_now) AS batch_calls
        FROM
        (
            SELECT
                planned.*,
                planned.plan = 'as billed' AS is_now,
                (planned.cached_usd, planned.plan != 'as billed', planned.plan) AS place
            FROM planned
        ) AS planned
        GROUP BY
            planned.provider,
            planned.model,
            planned.agent_name
    ),
    proven AS
    (
        SELECT
            chosen.*,
            multiIf(arraySum(chosen.cache_counts) = 0, 'nothing was cached', arraySum(arraySlice(chosen.cache_counts, 2)) = 0, 'nothing was paid for writing', concat('most was written ', ['without a time', 'for 5m', 'for 30m', 'for 1h', 'for 12h'][indexOf(arraySlice(chosen.cache_counts, 2), arrayMax(arraySlice(chosen.cache_counts, 2)))])) AS cached_so_far,
            concat('from = \'', toString({from:DateTime64(9, 'UTC')}), '\', to = \'', toString({to:DateTime64(9, 'UTC')}), '\', in_trace = ', toString(tuple({in_trace:String})), ', in_conversation = ', toString(tuple({in_conversation:String})), ', in_service = ', toString(tuple({in_service:String}))) AS bounds,
            concat(' WHERE (provider, model, agent_name) = ', toString((chosen.provider, chosen.model, chosen.agent_name))) AS one
        FROM chosen
    )
SELECT
    saving.measure AS measure,
    proven.provider AS provider,
    proven.model AS model,
    proven.agent_name AS agent_name,
    saving.calls AS calls,
    proven.billed_usd AS known_cost_usd,
    saving.usd AS saved_usd,
    if(saving.measure = 'tools', toDecimal128((saving.usd * 3) / 4, 15), saving.usd) AS least_usd,
    if(saving.measure = 'tools', toDecimal128((saving.usd * 5) / 4, 15), saving.usd) AS most_usd,
    saving.alone_usd AS alone_usd,
    sum(saving.usd) OVER () AS together_usd,
    saving.assumes AS assumes,
    concat('SELECT * FROM ', saving.asked, proven.one, saving.rest) AS query
FROM proven
ARRAY JOIN CAST([('dedupe', proven.dedupe_calls, proven.dedupe_usd, proven.dedupe_usd, 'the answer of an hour before serves again', concat('what_if_dedupe(', proven.bounds, ')'), ''), (concat('cache ', proven.plan), proven.cache_calls, proven.cache_usd, proven.cache_alone_usd, concat('breakpoints stand behind tools and system prompt and at the end of every prompt; so far ', proven.cached_so_far), concat('what_if_cache(', proven.bounds, ')'), concat(' AND plan = \'', proven.plan, '\'')), ('tools', proven.tools_calls, proven.tools_usd, proven.tools_alone_usd, concat('never asked for, and not needed: ', arrayStringConcat(arraySlice(proven.unused_tools, 1, 20), ', '), if(length(proven.unused_tools) > 20, ', …', '')), concat('what_if_tools(', proven.bounds, ')'), ''), ('history', proven.history_calls, proven.history_usd, proven.history_alone_usd, concat('nothing is needed that lies more than ', toString({turns:UInt32}), ' to ', toString(2 * {turns:UInt32}), ' calls back', if({summary_tokens:UInt32} = 0, '', concat(', beyond a summary of ', toString({summary_tokens:UInt32}), ' tokens'))), concat('what_if_history(', proven.bounds, ', turns = ', toString({turns:UInt32}), ', summary_tokens = ', toString({summary_tokens:UInt32}), ')'), ''), ('batch', proven.batch_calls, proven.batch_usd, proven.batch_alone_usd, 'calls that nobody seems to wait for can take up to a day', concat('what_if_batch(', proven.bounds, ')'), '')], 'Array(Tuple(measure String, calls UInt64, usd Decimal(38, 15), alone_usd Decimal(38, 15), assumes String, asked String, rest String))') AS saving
WHERE saving.usd > 0
ORDER BY
    saved_usd DESC,
    measure ASC,
    provider ASC,
    model ASC,
    agent_name ASC;

CREATE VIEW tokenledger.selection_total
AS SELECT
    count() AS calls,
    uniqExact(calls.trace_id) AS traces,
    uniqExactIf(calls.conversation_id, calls.conversation_id != '') AS conversations,
    minOrNull(calls.started_at) AS first_call_at,
    maxOrNull(calls.started_at) AS last_call_at,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.cost_usd IS NULL) AS unpriced_calls,
    if(unpriced_calls = 0, ifNull(sum(calls.cost_usd), 0), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls;

CREATE VIEW tokenledger.similar_models
AS SELECT
    names.provider AS provider,
    names.model AS model,
    min(editDistanceUTF8(left(names.name, 200), left(lower({model:String}), 200))) AS distance
FROM tokenledger.model_names AS names
WHERE (names.price_version = (
    SELECT max(catalogues.price_version)
    FROM tokenledger.price_catalogues AS catalogues
)) AND (({provider:String} = '') OR (names.provider = {provider:String}))
GROUP BY
    names.provider,
    names.model
ORDER BY
    distance ASC,
    provider ASC,
    model ASC
LIMIT 10;

CREATE VIEW tokenledger.spend_by_cause
AS SELECT
    paid.name AS name,
    part.cause AS cause,
    countIf(part.nth_of_cause = 1) AS calls,
    sum(part.tokens) AS tokens,
    countIf(part.is_unknown AND (part.nth_alike = 1)) AS unpriced_calls,
    if(unpriced_calls = 0, sum(part.known_cost_usd), NULL) AS cost_usd,
    sum(part.known_cost_usd) AS known_cost_usd,
    sum(sum(part.known_cost_usd)) OVER (PARTITION BY paid.name) AS name_known_cost_usd,
    cause IN ('failed_attempt', 'exact_duplicate', 'expired_cache_rewrite', 're_read_in_full', 'unused_tool_definitions') AS is_waste
FROM
(
    SELECT
        multiIf({by:String} = 'agent', toString(calls.agent_name), {by:String} = 'customer', calls.customer_id, {by:String} = 'session', if(calls.conversation_id = '', replaceAll(toString(calls.trace_id), '-', ''), calls.conversation_id), {by:String} = 'model', toString(calls.model), {by:String} = 'service', toString(calls.service_name), '') AS name,
        calls.causes AS causes,
        calls.tokens AS tokens,
        calls.is_unknown AS is_unknown,
        calls.known_costs_usd AS known_costs_usd
    FROM `tokenledger.call_cause_parts`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, trace_id = {in_trace:String}) AS calls
    WHERE (({in_conversation:String} = '') OR (calls.conversation_id = {in_conversation:String})) AND (({in_service:String} = '') OR (calls.service_name = {in_service:String}))
) AS paid
ARRAY JOIN CAST(arrayZip(paid.causes, paid.tokens, paid.is_unknown, paid.known_costs_usd, arrayEnumerateUniq(paid.causes), arrayEnumerateUniq(paid.causes, paid.is_unknown)), 'Array(Tuple(cause String, tokens UInt64, is_unknown Bool, known_cost_usd Decimal(38, 15), nth_of_cause UInt32, nth_alike UInt32))') AS part
GROUP BY
    paid.name,
    part.cause
ORDER BY
    sum(part.known_cost_usd) DESC,
    name ASC,
    cause ASC;

CREATE VIEW tokenledger.step_cost
AS SELECT
    calls.agent_name AS agent_name,
    calls.agent_step AS agent_step,
    count() AS calls,
    round(avg(calls.input_tokens)) AS mean_input_tokens,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
GROUP BY
    calls.agent_name,
    calls.agent_step
ORDER BY
    calls.agent_name ASC,
    calls.agent_step ASC;

CREATE VIEW tokenledger.structure_share
AS WITH
    prices AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            any(cards.output) AS output
        FROM tokenledger.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    answers AS
    (
        SELECT
            billed.agent_name AS agent_name,
            billed.output_text_tokens AS output_text_tokens,
            billed.price_card_id AS price_card_id,
            billed.price_band AS price_band,
            answers.size AS size,
            answers.structure_size AS structure_size
        FROM
        (
            SELECT
                billed.started_at AS started_at,
                billed.trace_id AS trace_id,
                billed.span_id AS span_id,
                billed.agent_name AS agent_name,
                billed.output_text_tokens AS output_text_tokens,
                billed.price_card_id AS price_card_id,
                billed.price_band AS price_band
            FROM tokenledger.llm_calls AS billed
            FINAL
            WHERE (billed.billed_by = 0) AND (billed.started_at >= {from:DateTime64(9, 'UTC')}) AND (billed.started_at < {to:DateTime64(9, 'UTC')})
        ) AS billed
        INNER JOIN
        (
            SELECT
                prompts.started_at AS started_at,
                prompts.trace_id AS trace_id,
                prompts.span_id AS span_id,
                arraySum(prompts.answer_tokens) AS size,
                arraySum((tokens, share) -> (tokens * share), prompts.answer_tokens, arrayResize(prompts.answer_markup, length(prompts.answer_tokens))) AS structure_size
            FROM tokenledger.call_prompts AS prompts
            FINAL
            WHERE (prompts.started_at >= {from:DateTime64(9, 'UTC')}) AND (prompts.started_at < {to:DateTime64(9, 'UTC')}) AND notEmpty(prompts.answer_tokens)
        ) AS answers ON (toDate(answers.started_at) = toDate(billed.started_at)) AND (answers.trace_id = billed.trace_id) AND (answers.span_id = billed.span_id) AND (answers.started_at = billed.started_at)
        SETTINGS join_algorithm = 'full_sorting_merge'
    ),
    parts AS
    (
        SELECT
            calls.agent_name AS agent_name,
            transform(piece.kind, ['s', 'd', 'u', 'a', 'r', 'c', 'h'], ['system', 'tool_definitions', 'user', 'assistant', 'tool_results', 'retrieved_context', 'history'], '') AS part,
            calls.input_tokens IS NULL AS is_without_usage,
            piece.tokens AS tokens,
            (toDecimal128(piece.tokens, 15) * piece.markup) / 100 AS structure_tokens,
            piece.unpriced AS unpriced,
            piece.known_cost_usd AS known_cost_usd,
            (piece.known_cost_usd * piece.markup) / 100 AS structure_cost_usd
        FROM `tokenledger.call_pieces`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
        ARRAY JOIN arrayFilter(piece -> (piece.kind NOT IN ('m', 'x')), CAST(arrayZip(calls.kinds, calls.markup, calls.tokens, calls.unpriced, calls.known_costs_usd), 'Array(Tuple(kind String, markup UInt8, tokens Int64, unpriced Int64, known_cost_usd Decimal(38, 15)))')) AS piece
        UNION ALL
        SELECT
            answers.agent_name,
            'answer',
            answers.output_text_tokens IS NULL,
            toInt64(ifNull(answers.output_text_tokens, 0)) AS tokens,
            (toDecimal128(tokens, 15) * answers.structure_size) / (greatest(answers.size, 1) * 100),
            if((prices.output[answers.price_band]) IS NULL, tokens, 0),
            toDecimal128(tokens, 0) * ifNull(prices.output[answers.price_band], 0) AS known_cost_usd,
            (known_cost_usd * answers.structure_size) / (greatest(answers.size, 1) * 100)
        FROM answers
        ANY LEFT JOIN prices ON prices.price_card_id = answers.price_card_id
    )
SELECT
    parts.agent_name AS agent_name,
    parts.part AS part,
    count() AS pieces,
    countIf(parts.is_without_usage) AS pieces_without_usage,
    sum(parts.tokens) AS tokens_estimated,
    sum(parts.structure_tokens) AS structure_tokens_estimated,
    round(toFloat64(structure_tokens_estimated) / nullIf(tokens_estimated, 0), 4) AS structure_share_estimated,
    sum(parts.unpriced) AS unpriced,
    sum(parts.known_cost_usd) AS known_cost_usd_estimated,
    sum(parts.structure_cost_usd) AS structure_known_cost_usd_estimated
FROM parts
GROUP BY
    parts.agent_name,
    parts.part
ORDER BY
    structure_known_cost_usd_estimated DESC,
    agent_name ASC,
    part ASC;

CREATE VIEW tokenledger.task_cost
AS WITH
    tasks AS
    (
        SELECT
            if(calls.task_id = '', toString(calls.trace_id), calls.task_id) AS task,
            calls.feature_name AS feature_name,
            count() AS calls,
            sum(calls.input_tokens) AS input_tokens,
            sum(calls.output_tokens) AS output_tokens,
            countIf((calls.input_tokens IS NULL) OR ((calls.output_tokens IS NULL) AND (calls.operation != 'embeddings'))) AS unreported_calls,
            countIf(calls.unpriced != '') AS unpriced_calls,
            sum(calls.known_cost_usd) AS known_cost_usd
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
        GROUP BY
            task,
            calls.feature_name
    ),
    outcomes AS
    (
        SELECT
            if(runs.task_id = '', toString(runs.trace_id), runs.task_id) AS task,
            argMax(runs.task_outcome, (addNanoseconds(runs.started_at, runs.duration_ns), runs.span_id)) AS outcome
        FROM tokenledger.agent_runs AS runs
        FINAL
        WHERE (runs.task_outcome != '') AND (runs.started_at >= ({from:DateTime64(9, 'UTC')} - toIntervalDay(7))) AND (runs.started_at < {to:DateTime64(9, 'UTC')})
        GROUP BY task
    ),
    ended AS
    (
        SELECT
            tasks.feature_name AS feature_name,
            outcomes.outcome AS outcome,
            count() AS tasks,
            countIf(tasks.unpriced_calls > 0) AS unpriced_tasks,
            sum(tasks.calls) AS calls,
            sum(tasks.input_tokens) AS input_tokens,
            sum(tasks.output_tokens) AS output_tokens,
            sum(tasks.unpriced_calls) AS unpriced_calls,
            sum(tasks.known_cost_usd) AS known_cost_usd,
            if(unpriced_tasks = tasks, [], quantilesExactIf(0.5, 0.9, 0.99)(tasks.known_cost_usd, tasks.unpriced_calls = 0)) AS costs,
            if(countIf(tasks.unreported_calls = 0) = 0, [], quantilesExactIf(0.5, 0.9, 0.99)(ifNull(tasks.input_tokens, 0) + ifNull(tasks.output_tokens, 0), tasks.unreported_calls = 0)) AS tokens
        FROM tasks
        LEFT JOIN outcomes ON outcomes.task = tasks.task
        GROUP BY
            tasks.feature_name,
            outcomes.outcome
    )
SELECT
    ended.feature_name AS feature_name,
    ended.outcome AS outcome,
    ended.tasks AS tasks,
    ended.unpriced_tasks AS unpriced_tasks,
    ended.calls AS calls,
    ended.input_tokens AS input_tokens,
    ended.output_tokens AS output_tokens,
    ended.unpriced_calls AS unpriced_calls,
    if(ended.unpriced_calls = 0, ended.known_cost_usd, NULL) AS cost_usd,
    ended.known_cost_usd AS known_cost_usd,
    intDiv(ifNull(sum(ended.input_tokens) OVER feature, 0) + ifNull(sum(ended.output_tokens) OVER feature, 0), ended.tasks) AS tokens_per_outcome,
    sum(ended.known_cost_usd) OVER feature / ended.tasks AS known_cost_per_outcome_usd,
    if(empty(ended.tokens), NULL, ended.tokens[1]) AS p50_tokens,
    if(empty(ended.tokens), NULL, ended.tokens[2]) AS p90_tokens,
    if(empty(ended.tokens), NULL, ended.tokens[3]) AS p99_tokens,
    if(empty(ended.costs), NULL, ended.costs[1]) AS p50_cost_usd,
    if(empty(ended.costs), NULL, ended.costs[2]) AS p90_cost_usd,
    if(empty(ended.costs), NULL, ended.costs[3]) AS p99_cost_usd
FROM ended
WINDOW feature AS (PARTITION BY ended.feature_name)
ORDER BY
    known_cost_usd DESC,
    feature_name ASC,
    outcome ASC;

CREATE VIEW tokenledger.tier_prices
AS WITH
    lone_runs AS
    (
        SELECT sipHash128(calls.trace_id, calls.agent_run_id)
        FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        GROUP BY 1
        HAVING count() = 1
    ),
    carded AS
    (
        SELECT
            calls.* EXCEPT (provider, model, service_tier, region, price_card_id),
            calls.provider AS provider,
            calls.model AS model,
            calls.service_tier AS service_tier,
            calls.region AS region,
            calls.price_card_id AS price_card_id,
            (NOT calls.streamed) AND (NOT hasAny(calls.finish_reasons, ['tool_calls', 'tool_use', 'tool_call', 'function_call'])) AND (sipHash128(calls.trace_id, calls.agent_run_id) GLOBAL IN (lone_runs)) AS can_wait,
            own.context_from AS context_from,
            if(near.price_card_id = 0, anywhere.price_card_id, near.price_card_id) AS tier_card_id,
            if(near.price_card_id = 0, anywhere.context_from, near.context_from) AS tier_context_from,
            toUInt64(arrayLastIndex(from_tokens -> (from_tokens <= ifNull(calls.input_tokens, 0)), tier_context_from)) AS tier_band
        FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
        ANY LEFT JOIN tokenledger.card_prices AS own ON own.price_card_id = calls.price_card_id
        ASOF LEFT JOIN
        (
            SELECT *
            FROM tokenledger.card_prices
            WHERE is_current AND (service_tier = {tier:String})
        ) AS near ON (near.provider = own.provider) AND (near.model = own.model) AND (near.region = calls.region) AND (near.valid_from <= toDateTime(calls.started_at, 'UTC'))
        ASOF LEFT JOIN
        (
            SELECT *
            FROM tokenledger.card_prices
            WHERE is_current AND (service_tier = {tier:String}) AND (region = '')
        ) AS anywhere ON (anywhere.provider = own.provider) AND (anywhere.model = own.model) AND (anywhere.valid_from <= toDateTime(calls.started_at, 'UTC'))
    )
SELECT
    carded.*,
    if((carded.cost_usd IS NULL) OR arrayExists((count, price) -> ((count > 0) AND (price IS NULL)), carded.counts, arrayResize(bands.prices, length(carded.counts))), NULL, arraySum((count, price) -> (toDecimal128(count, 0) * ifNull(price, 0)), carded.counts, arrayResize(bands.prices, length(carded.counts)))) AS tier_cost_usd
FROM carded
ANY LEFT JOIN tokenledger.band_prices AS bands ON (bands.price_card_id = carded.tier_card_id) AND (bands.band = carded.tier_band)
SETTINGS join_algorithm = 'direct,parallel_hash,hash';

CREATE VIEW tokenledger.tool_result_cost
AS SELECT
    calls.agent_name AS agent_name,
    piece.name AS tool_name,
    countIf(NOT piece.carried) AS results,
    countIf(piece.carried) AS carried_results,
    countIf(calls.input_tokens IS NULL) AS results_without_usage,
    sumIf(piece.tokens, NOT piece.carried) AS first_tokens_estimated,
    sumIf(piece.tokens, piece.carried) AS carried_tokens_estimated,
    sum(piece.unpriced) AS unpriced,
    sumIf(piece.known_cost_usd, NOT piece.carried) AS first_known_cost_usd_estimated,
    sumIf(piece.known_cost_usd, piece.carried) AS carried_known_cost_usd_estimated,
    if((unpriced = 0) AND (results_without_usage = 0), sum(piece.known_cost_usd), NULL) AS cost_usd_estimated,
    sum(piece.known_cost_usd) AS known_cost_usd_estimated
FROM `tokenledger.call_pieces`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
ARRAY JOIN arrayFilter(piece -> (piece.kind = 'r'), CAST(arrayZip(calls.kinds, calls.names, calls.carried, calls.tokens, calls.unpriced, calls.known_costs_usd), 'Array(Tuple(kind String, name String, carried Bool, tokens Int64, unpriced Int64, known_cost_usd Decimal(38, 15)))')) AS piece
GROUP BY
    calls.agent_name,
    piece.name
ORDER BY
    known_cost_usd_estimated DESC,
    agent_name ASC,
    tool_name ASC;

CREATE VIEW tokenledger.trace_cost
AS SELECT
    replaceAll(toString(calls.trace_id), '-', '') AS trace_id,
    min(calls.started_at) AS first_call_at,
    max(calls.started_at) AS last_call_at,
    any(calls.service_name) AS service_name,
    count() AS calls,
    sum(calls.input_tokens) AS input_tokens,
    sum(calls.cache_read_tokens) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.unpriced != '') AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.known_cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
GROUP BY calls.trace_id
ORDER BY
    sum(calls.known_cost_usd) DESC,
    calls.trace_id ASC;

CREATE VIEW tokenledger.trace_frames
AS SELECT
    frame.level AS level,
    frame.label AS label,
    frame.value AS value,
    frame.self AS self
FROM
(
    SELECT
        CAST(groupArray((toUInt16(tree.depth + 1), toString(tree.name), tree.inclusive_known_cost_usd, tree.self_known_cost_usd)), 'Array(Tuple(level UInt16, label String, value Decimal(38, 15), self Decimal(38, 15)))') AS spans,
        CAST([(0, 'trace', arraySum(span -> span.self, spans), 0)], 'Array(Tuple(level UInt16, label String, value Decimal(38, 15), self Decimal(38, 15)))') AS whole
    FROM `tokenledger.trace_tree`(trace_id = {trace_id:String}) AS tree
    HAVING notEmpty(spans)
) AS trace
ARRAY JOIN
    arrayConcat(trace.whole, trace.spans) AS frame,
    arrayEnumerate(arrayConcat(trace.whole, trace.spans)) AS place
ORDER BY place ASC;

CREATE VIEW tokenledger.trace_list
AS WITH
    (
        SELECT (groupArray(ranked.trace_id), any(ranked.traces))
        FROM
        (
            SELECT
                calls.trace_id AS trace_id,
                count() OVER () AS traces
            FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = '', in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
            GROUP BY calls.trace_id
            ORDER BY
                if({sort:String} = 'newest', toUnixTimestamp64Nano(min(calls.started_at)), 0) DESC,
                if({sort:String} = 'calls', count(), 0) DESC,
                if({sort:String} = 'input', ifNull(sum(calls.input_tokens), 0), 0) DESC,
                sum(calls.known_cost_usd) DESC,
                calls.trace_id ASC
            LIMIT {max_rows:UInt64}
        ) AS ranked
    ) AS chosen
SELECT
    replaceAll(toString(calls.trace_id), '-', '') AS trace_id,
    min(calls.started_at) AS first_call_at,
    max(calls.started_at) AS last_call_at,
    any(calls.service_name) AS service_name,
    arraySort(groupUniqArrayIf(calls.conversation_id, calls.conversation_id != '')) AS conversations,
    arraySort(groupUniqArrayIf(calls.agent_name, calls.agent_name != '')) AS agents,
    arraySort(groupUniqArrayIf(calls.model, calls.model != '')) AS models,
    count() AS calls,
    countIf(calls.outcome NOT IN ('completed', '')) AS unfinished_calls,
    sum(calls.input_tokens) AS input_tokens,
    sum((calls.counts[2]) + (calls.counts[9])) AS cache_read_tokens,
    sum(calls.output_tokens) AS output_tokens,
    countIf(calls.cost_usd IS NULL) AS unpriced_calls,
    if(unpriced_calls = 0, sum(calls.cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd,
    chosen.2 AS traces
FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = '', in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
WHERE calls.trace_id IN (chosen.1)
GROUP BY calls.trace_id
ORDER BY indexOf(chosen.1, calls.trace_id) ASC;

CREATE VIEW tokenledger.trace_tree
AS WITH RECURSIVE
    members AS
    (
        SELECT
            spans.span_id AS span_id,
            spans.parent_span_id AS parent_span_id,
            spans.started_at AS started_at,
            spans.duration_ns AS duration_ns,
            spans.kind AS kind,
            spans.name AS name,
            spans.agent_name AS agent_name,
            spans.status AS status
        FROM tokenledger.spans AS spans
        FINAL
        WHERE (spans.trace_id = toUUIDOrZero({trace_id:String})) AND (toDate(spans.started_at) GLOBAL IN (
            SELECT days.started_on
            FROM tokenledger.trace_days AS days
            WHERE days.trace_id = toUUIDOrZero({trace_id:String})
        ))
        ORDER BY spans.started_at ASC
        LIMIT 1 BY spans.span_id
    ),
    calls AS
    (
        SELECT
            calls.span_id AS span_id,
            calls.model AS model,
            calls.outcome AS outcome,
            calls.billed_by AS billed_by,
            calls.unpriced AS unpriced,
            calls.input_tokens AS input_tokens,
            calls.cache_read_tokens AS cache_read_tokens,
            calls.output_tokens AS output_tokens,
            if(calls.billed_by = 0, calls.cost_usd, toDecimal128(0, 15)) AS cost_usd,
            if(calls.billed_by = 0, calls.known_cost_usd, toDecimal128(0, 15)) AS known_cost_usd
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE (calls.trace_id = toUUIDOrZero({trace_id:String})) AND (toDate(calls.started_at) GLOBAL IN (
            SELECT days.started_on
            FROM tokenledger.trace_days AS days
            WHERE days.trace_id = toUUIDOrZero({trace_id:String})
        ))
        ORDER BY calls.started_at ASC
        LIMIT 1 BY calls.span_id
    ),
    paths AS
    (
        SELECT
            members.span_id AS span_id,
            [members.span_id] AS path,
            [(members.started_at, members.span_id)] AS place
        FROM members
        WHERE members.parent_span_id NOT IN (
            SELECT parents.span_id
            FROM members AS parents
        )
        UNION ALL
        SELECT
            members.span_id AS span_id,
            arrayPushBack(paths.path, members.span_id) AS path,
            arrayPushBack(paths.place, (members.started_at, members.span_id)) AS place
        FROM members
        INNER JOIN paths ON members.parent_span_id = paths.span_id
        WHERE length(paths.path) < 200
    ),
    placed AS
    (
        SELECT
            paths.span_id AS span_id,
            paths.path AS path,
            paths.place AS place
        FROM paths
        UNION ALL
        SELECT
            members.span_id,
            [members.span_id],
            [(members.started_at, members.span_id)]
        FROM members
        WHERE members.span_id NOT IN (
            SELECT paths.span_id
            FROM paths
        )
    ),
    inclusive AS
    (
        SELECT
            ancestor AS span_id,
            countIf(calls.billed_by = 0) AS calls,
            countIf(calls.cost_usd IS NULL) AS unpriced_calls,
            sum(calls.cost_usd) AS cost_usd,
            sum(calls.known_cost_usd) AS known_cost_usd
        FROM placed
        ARRAY JOIN placed.path AS ancestor
        INNER JOIN calls ON calls.span_id = placed.span_id
        GROUP BY ancestor
    )
SELECT
    length(placed.path) - 1 AS depth,
    lower(leftPad(hex(members.span_id), 16, '0')) AS span_id,
    if(members.parent_span_id = 0, '', lower(leftPad(hex(members.parent_span_id), 16, '0'))) AS parent_span_id,
    members.kind AS kind,
    members.name AS name,
    members.agent_name AS agent_name,
    members.started_at AS started_at,
    members.duration_ns / 1000000 AS duration_ms,
    members.status AS status,
    calls.model AS model,
    calls.outcome AS outcome,
    if(calls.billed_by = 0, '', lower(leftPad(hex(calls.billed_by), 16, '0'))) AS billed_by,
    calls.input_tokens AS input_tokens,
    calls.cache_read_tokens AS cache_read_tokens,
    calls.output_tokens AS output_tokens,
    if(members.kind = 'llm_call', calls.cost_usd, toDecimal128(0, 15)) AS self_cost_usd,
    calls.known_cost_usd AS self_known_cost_usd,
    calls.unpriced AS unpriced,
    inclusive.calls AS inclusive_calls,
    inclusive.unpriced_calls AS inclusive_unpriced_calls,
    if(inclusive.unpriced_calls = 0, ifNull(inclusive.cost_usd, 0), NULL) AS inclusive_cost_usd,
    inclusive.known_cost_usd AS inclusive_known_cost_usd
FROM placed
INNER JOIN members ON members.span_id = placed.span_id
LEFT JOIN calls ON calls.span_id = placed.span_id
LEFT JOIN inclusive ON inclusive.span_id = placed.span_id
ORDER BY placed.place ASC;

CREATE VIEW tokenledger.unit_economics
AS WITH
    booked AS
    (
        SELECT
            calls.customer_id AS customer_id,
            toString(calls.feature_name) AS feature_name,
            count() AS calls,
            countIf(calls.unpriced != '') AS unpriced_calls,
            sum(calls.known_cost_usd) AS known_cost_usd,
            CAST(NULL, 'Nullable(Decimal(38, 15))') AS revenue_usd
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
        GROUP BY
            calls.customer_id,
            feature_name
        UNION ALL
        SELECT
            paid.customer_id,
            paid.feature_name,
            0,
            0,
            toDecimal128(0, 15),
            sum(CAST((toDecimal256(paid.revenue_usd, 15) * dateDiff('second', greatest(toDateTime64(paid.starts_at, 9, 'UTC'), {from:DateTime64(9, 'UTC')}), least(toDateTime64(paid.ends_at, 9, 'UTC'), {to:DateTime64(9, 'UTC')}))) / dateDiff('second', paid.starts_at, paid.ends_at), 'Decimal(38, 15)'))
        FROM tokenledger.revenue AS paid
        FINAL
        WHERE (paid.starts_at < {to:DateTime64(9, 'UTC')}) AND (paid.ends_at > {from:DateTime64(9, 'UTC')})
        GROUP BY
            paid.customer_id,
            paid.feature_name
    )
SELECT
    multiIf((grouping(booked.customer_id) = 0) AND (grouping(booked.feature_name) = 0), 'customer and feature', grouping(booked.customer_id) = 0, 'customer', grouping(booked.feature_name) = 0, 'feature', 'whole') AS level,
    booked.customer_id AS customer_id,
    booked.feature_name AS feature_name,
    sum(booked.calls) AS calls,
    sum(booked.unpriced_calls) AS unpriced_calls,
    if(unpriced_calls = 0, sum(booked.known_cost_usd), NULL) AS cost_usd,
    sum(booked.known_cost_usd) AS known_cost_usd,
    sum(booked.revenue_usd) AS revenue_usd,
    revenue_usd - cost_usd AS margin_usd,
    if(revenue_usd = 0, NULL, round(toFloat64(margin_usd) / toFloat64(revenue_usd), 6)) AS margin_share
FROM booked
GROUP BY
    GROUPING SETS (
        (booked.customer_id, booked.feature_name),
        (booked.customer_id),
        (booked.feature_name),
        ())
ORDER BY
    level ASC,
    sum(booked.known_cost_usd) DESC,
    customer_id ASC,
    feature_name ASC;

CREATE VIEW tokenledger.unused_retrieval
AS SELECT
    calls.agent_name AS agent_name,
    calls.feature_name AS feature_name,
    countIf(arrayExists((kind, is_carried) -> ((kind = 'c') AND (NOT is_carried)), calls.kinds, calls.carried)) AS calls,
    countIf(calls.input_tokens IS NULL) AS calls_without_usage,
    sum(arraySum((kind, is_carried, tokens) -> if((kind = 'c') AND (NOT is_carried), tokens, 0), calls.kinds, calls.carried, calls.tokens)) AS retrieved_tokens_estimated,
    sumIf(arraySum((kind, is_carried, tokens) -> if((kind = 'c') AND (NOT is_carried), tokens, 0), calls.kinds, calls.carried, calls.tokens), calls.retrieval_used IS NULL) AS unjudged_tokens_estimated,
    sum(arraySum((kind, is_carried, tokens) -> if((kind = 'c') AND (NOT is_carried), tokens, 0), calls.kinds, calls.carried, calls.tokens) * (100 - calls.retrieval_used)) / 100 AS unused_tokens_estimated,
    sum(arraySum((kind, is_carried, tokens) -> if((kind = 'c') AND is_carried, tokens, 0), calls.kinds, calls.carried, calls.tokens)) AS carried_tokens_estimated,
    sum(arraySum((kind, unpriced) -> if(kind = 'c', unpriced, 0), calls.kinds, calls.unpriced)) AS unpriced,
    sum(arraySum((kind, is_carried, cost) -> if((kind = 'c') AND (NOT is_carried), cost, toDecimal128(0, 15)), calls.kinds, calls.carried, calls.known_costs_usd)) AS retrieved_known_cost_usd_estimated,
    sum(arraySum((kind, is_carried, cost) -> if((kind = 'c') AND (NOT is_carried), cost, toDecimal128(0, 15)), calls.kinds, calls.carried, calls.known_costs_usd) * (100 - calls.retrieval_used)) / 100 AS unused_known_cost_usd_estimated,
    sum(arraySum((kind, is_carried, cost) -> if((kind = 'c') AND is_carried, cost, toDecimal128(0, 15)), calls.kinds, calls.carried, calls.known_costs_usd)) AS carried_known_cost_usd_estimated
FROM `tokenledger.call_pieces`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
WHERE has(calls.kinds, 'c')
GROUP BY
    calls.agent_name,
    calls.feature_name
ORDER BY
    unused_known_cost_usd_estimated DESC,
    agent_name ASC,
    feature_name ASC;

CREATE VIEW tokenledger.unused_tool_definitions
AS WITH
    runs AS
    (
        SELECT
            calls.agent_name AS agent_name,
            tool.name AS tool_name,
            countIf(tool.is_offered) AS offered,
            countIf(NOT tool.is_offered) = 0 AS is_unused,
            countIf(calls.input_tokens IS NULL) AS calls_without_usage,
            sum(tool.tokens) AS tokens,
            sum(tool.unpriced) AS unpriced,
            sum(tool.known_cost_usd) AS known_cost_usd
        FROM `tokenledger.call_pieces`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}) AS calls
        ARRAY JOIN CAST(arrayConcat(arrayFilter((piece, kind) -> (kind = 'd'), arrayMap((name, tokens, unpriced, known_cost_usd) -> (name, true, tokens, unpriced, known_cost_usd), calls.names, calls.tokens, calls.unpriced, calls.known_costs_usd), calls.kinds), arrayMap(name -> (name, false, 0, 0, toDecimal128(0, 15)), arrayDistinct(arrayConcat(calls.asked_tools, arrayFilter((name, kind) -> (kind = 'r'), calls.names, calls.kinds))))), 'Array(Tuple(name String, is_offered Bool, tokens Int64, unpriced Int64, known_cost_usd Decimal(38, 15)))') AS tool
        GROUP BY
            calls.trace_id,
            sipHash64(calls.agent_run_id),
            calls.agent_name,
            tool.name
        HAVING offered > 0
    )
SELECT
    runs.agent_name AS agent_name,
    runs.tool_name AS tool_name,
    count() AS runs,
    countIf(runs.is_unused) AS unused_runs,
    sumIf(runs.offered, runs.is_unused) AS calls,
    sumIf(runs.calls_without_usage, runs.is_unused) AS calls_without_usage,
    sumIf(runs.tokens, runs.is_unused) AS tokens_estimated,
    sumIf(runs.unpriced, runs.is_unused) AS unpriced,
    if((unpriced = 0) AND (calls_without_usage = 0), known_cost_usd_estimated, NULL) AS cost_usd_estimated,
    sumIf(runs.known_cost_usd, runs.is_unused) AS known_cost_usd_estimated
FROM runs
GROUP BY
    runs.agent_name,
    runs.tool_name
HAVING unused_runs > 0
ORDER BY
    known_cost_usd_estimated DESC,
    agent_name ASC,
    tool_name ASC;

CREATE VIEW tokenledger.usage_coverage
AS SELECT
    calls.provider AS provider,
    calls.scope_name AS scope_name,
    count() AS calls,
    countIf(calls.usage_source = 'reported') AS reported,
    countIf(calls.usage_source = 'partial') AS partial,
    countIf(calls.usage_source = 'estimated') AS estimated,
    countIf(calls.usage_source = 'none') AS no_usage,
    countIf((calls.usage_source = 'none') AND (calls.cost_usd IS NOT NULL)) AS refused,
    countIf(calls.usage_split = 'assumed') AS assumed_split,
    countIf(calls.usage_inconsistent != '') AS inconsistent,
    arraySort(groupUniqArrayArrayIf(splitByChar(',', toString(calls.usage_inconsistent)), calls.usage_inconsistent != '')) AS inconsistent_counts
FROM tokenledger.llm_calls AS calls
FINAL
WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')})
GROUP BY
    calls.provider,
    calls.scope_name
ORDER BY
    calls.provider ASC,
    calls.scope_name ASC;

CREATE VIEW tokenledger.verbose_output
AS WITH
    prices AS
    (
        SELECT
            cards.price_card_id AS price_card_id,
            any(cards.output) AS output
        FROM tokenledger.price_cards AS cards
        GROUP BY cards.price_card_id
    ),
    usual AS
    (
        SELECT
            calls.provider AS provider,
            calls.model AS model,
            calls.agent_name AS agent_name,
            quantileExact(0.5)(calls.output_text_tokens) AS median,
            quantileExact(0.95)(calls.output_text_tokens) AS nearly_longest
        FROM tokenledger.llm_calls AS calls
        FINAL
        WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')}) AND (calls.output_text_tokens > 0)
        GROUP BY
            calls.provider,
            calls.model,
            calls.agent_name
    )
SELECT
    calls.agent_name AS agent_name,
    calls.provider AS provider,
    calls.model AS model,
    countIf(calls.output_text_tokens IS NOT NULL) AS calls,
    countIf(calls.output_text_tokens IS NULL) AS calls_without_usage,
    any(usual.median) AS median_tokens,
    any(usual.nearly_longest) AS p95_tokens,
    countIf(calls.output_text_tokens > (2 * usual.median)) AS verbose_calls,
    sum(calls.output_text_tokens) AS output_text_tokens,
    ifNull(sumIf(calls.output_text_tokens - usual.median, calls.output_text_tokens > (2 * usual.median)), 0) AS excess_tokens,
    ifNull(sumIf(calls.output_text_tokens - usual.median, (calls.output_text_tokens > (2 * usual.median)) AND ((prices.output[calls.price_band]) IS NULL)), 0) AS unpriced,
    sum(toDecimal128(ifNull(calls.output_text_tokens, 0), 0) * ifNull(prices.output[calls.price_band], 0)) AS output_text_known_cost_usd,
    ifNull(sumIf(toDecimal128(calls.output_text_tokens - usual.median, 0) * ifNull(prices.output[calls.price_band], 0), calls.output_text_tokens > (2 * usual.median)), 0) AS excess_known_cost_usd
FROM
(
    SELECT calls.*
    FROM tokenledger.llm_calls AS calls
    FINAL
    WHERE (calls.billed_by = 0) AND (calls.started_at >= {from:DateTime64(9, 'UTC')}) AND (calls.started_at < {to:DateTime64(9, 'UTC')}) AND ((calls.output_text_tokens > 0) OR (calls.output_text_tokens IS NULL)) AND (calls.operation != 'embeddings')
) AS calls
LEFT JOIN usual ON (usual.provider = calls.provider) AND (usual.model = calls.model) AND (usual.agent_name = calls.agent_name)
LEFT JOIN prices ON prices.price_card_id = calls.price_card_id
GROUP BY
    calls.provider,
    calls.model,
    calls.agent_name
ORDER BY
    excess_known_cost_usd DESC,
    output_text_known_cost_usd DESC,
    agent_name ASC,
    provider ASC,
    model ASC;

CREATE VIEW tokenledger.what_if_batch
AS SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.tier_cost_usd != calls.known_cost_usd) AS changed_calls,
    countIf(calls.tier_cost_usd IS NULL) AS unpriced_calls,
    if(countIf(calls.cost_usd IS NULL) = 0, sum(calls.cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd,
    sum(ifNull(calls.tier_cost_usd, calls.known_cost_usd)) AS what_if_cost_usd,
    sum(calls.known_cost_usd) - sum(ifNull(calls.tier_cost_usd, calls.known_cost_usd)) AS saved_usd
FROM
(
    SELECT calls.* REPLACE (if(calls.can_wait, calls.tier_cost_usd, calls.known_cost_usd) AS tier_cost_usd)
    FROM `tokenledger.tier_prices`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, tier = 'batch', in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
) AS calls
GROUP BY
    calls.provider,
    calls.model,
    calls.agent_name
ORDER BY
    saved_usd DESC,
    provider ASC,
    model ASC,
    agent_name ASC;

CREATE VIEW tokenledger.what_if_cache
AS WITH
    calls AS
    (
        SELECT
            billed.provider AS provider,
            billed.model AS model,
            billed.agent_name AS agent_name,
            billed.cost_usd AS cost_usd,
            billed.known_cost_usd AS known_cost_usd,
            arraySum(arraySlice(billed.counts, 1, 7)) AS text_tokens,
            billed.counts[2] AS billed_reads,
            arraySum(arraySlice(billed.counts, 3, 5)) AS billed_writes,
            bands.prices[1] AS price,
            bands.prices[2] AS read_price,
            bands.prices[4] AS price_5m,
            bands.prices[6] AS price_1h,
            arraySlice(billed.counts, 8) AS other_counts,
            arrayResize(arraySlice(bands.prices, 8), length(other_counts)) AS other_prices,
            if(arrayExists((count, each) -> ((count > 0) AND (each IS NULL)), other_counts, other_prices), NULL, arraySum((count, each) -> (toDecimal128(count, 0) * ifNull(each, 0)), other_counts, other_prices)) AS other_usd,
            billed.is_recorded AS is_recorded,
            billed.end AS end,
            billed.read_5m AS read_5m,
            billed.read_1h AS read_1h,
            billed.expired_5m AS expired_5m,
            billed.expired_1h AS expired_1h,
            billed.best_read_5m AS best_read_5m,
            billed.best_read_1h AS best_read_1h,
            billed.best_end_5m AS best_end_5m,
            billed.best_end_1h AS best_end_1h
        FROM `tokenledger.cache_simulation`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS billed
        ANY LEFT JOIN tokenledger.band_prices AS bands ON (bands.price_card_id = billed.price_card_id) AND (bands.band = billed.price_band)
    ),
    planned AS
    (
        SELECT
            calls.provider AS provider,
            calls.model AS model,
            calls.agent_name AS agent_name,
            calls.cost_usd AS cost_usd,
            calls.known_cost_usd AS known_cost_usd,
            plan.name AS plan_name,
            plan.expired AS expired_tokens,
            calls.is_recorded OR (plan.name = 'none') AS is_planned,
            least(plan.reads, calls.text_tokens) AS reads,
            greatest(least(plan.up_to, calls.text_tokens) - reads, 0) AS writes,
            (calls.text_tokens - reads) - writes AS others,
            calls.price AS price,
            calls.read_price AS read_price,
            plan.write_price AS write_price,
            calls.billed_reads AS billed_reads,
            calls.billed_writes AS billed_writes,
            calls.other_usd AS other_usd
        FROM calls
        ARRAY JOIN CAST([('none', calls.price_5m, 0, 0, 0), ('5m', calls.price_5m, calls.read_5m, calls.end, calls.expired_5m), ('1h', calls.price_1h, calls.read_1h, calls.end, calls.expired_1h), ('best 5m', calls.price_5m, calls.best_read_5m, calls.best_end_5m, 0), ('best 1h', calls.price_1h, calls.best_read_1h, calls.best_end_1h, 0)], 'Array(Tuple(name String, write_price Nullable(Decimal(18, 15)), reads Int64, up_to Int64, expired Int64))') AS plan
    ),
    compared AS
    (
        SELECT
            planned.provider AS provider,
            planned.model AS model,
            planned.agent_name AS agent_name,
            planned.cost_usd AS cost_usd,
            planned.known_cost_usd AS known_cost_usd,
            planned.plan_name AS plan_name,
            planned.is_planned AS is_planned,
            planned.expired_tokens AS expired_tokens,
            if(planned.is_planned, planned.reads, planned.billed_reads) AS read_tokens,
            if(planned.is_planned, planned.writes, planned.billed_writes) AS written_tokens,
            multiIf(planned.cost_usd IS NULL, NULL, NOT planned.is_planned, planned.cost_usd, ((planned.other_usd + if(planned.others = 0, 0, toDecimal128(planned.others, 0) * planned.price)) + if(planned.reads = 0, 0, toDecimal128(planned.reads, 0) * planned.read_price)) + if(planned.writes = 0, 0, toDecimal128(planned.writes, 0) * planned.write_price)) AS alternative_usd
        FROM planned
    )
SELECT
    compared.plan_name AS plan,
    compared.provider AS provider,
    compared.model AS model,
    compared.agent_name AS agent_name,
    count() AS calls,
    countIf(compared.alternative_usd != compared.known_cost_usd) AS changed_calls,
    countIf(compared.alternative_usd IS NULL) AS unpriced_calls,
    countIf(NOT compared.is_planned) AS unrecorded_calls,
    if(countIf(compared.cost_usd IS NULL) = 0, sum(compared.cost_usd), NULL) AS cost_usd,
    sum(compared.known_cost_usd) AS known_cost_usd,
    sum(ifNull(compared.alternative_usd, compared.known_cost_usd)) AS what_if_cost_usd,
    sum(compared.known_cost_usd) - sum(ifNull(compared.alternative_usd, compared.known_cost_usd)) AS saved_usd,
    sum(compared.read_tokens) AS cache_read_tokens,
    sum(compared.written_tokens) AS cache_write_tokens,
    sum(compared.expired_tokens) AS expired_tokens
FROM compared
GROUP BY
    compared.plan_name,
    compared.provider,
    compared.model,
    compared.agent_name
ORDER BY
    saved_usd DESC,
    plan ASC,
    provider ASC,
    model ASC,
    agent_name ASC;

CREATE VIEW tokenledger.what_if_dedupe
AS SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(why.is_duplicate AND (calls.known_cost_usd > 0)) AS changed_calls,
    countIf(why.is_duplicate AND (calls.cost_usd IS NULL)) AS unpriced_calls,
    countIf(NOT why.is_recorded) AS unrecorded_calls,
    if(countIf(calls.cost_usd IS NULL) = 0, sum(calls.cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd,
    sum(calls.known_cost_usd) - sumIf(calls.known_cost_usd, why.is_duplicate) AS what_if_cost_usd,
    sumIf(calls.known_cost_usd, why.is_duplicate) AS saved_usd
FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
LEFT JOIN
(
    SELECT
        why.started_at AS started_at,
        why.trace_id AS trace_id,
        why.span_id AS span_id,
        has(why.causes, 'exact_duplicate') AS is_duplicate,
        why.prompt_end != 0 AS is_recorded
    FROM tokenledger.call_causes AS why
    FINAL
    WHERE (why.started_at >= {from:DateTime64(9, 'UTC')}) AND (why.started_at < {to:DateTime64(9, 'UTC')})
) AS why ON (toDate(why.started_at) = toDate(calls.started_at)) AND (why.trace_id = calls.trace_id) AND (why.span_id = calls.span_id) AND (why.started_at = calls.started_at)
GROUP BY
    calls.provider,
    calls.model,
    calls.agent_name
ORDER BY
    saved_usd DESC,
    provider ASC,
    model ASC,
    agent_name ASC
SETTINGS join_algorithm = 'full_sorting_merge';

CREATE VIEW tokenledger.what_if_history
AS SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.cost_usd != calls.billed_known_cost_usd) AS changed_calls,
    countIf(calls.cost_usd IS NULL) AS unpriced_calls,
    if(countIf(calls.billed_cost_usd IS NULL) = 0, sum(calls.billed_cost_usd), NULL) AS cost_usd,
    sum(calls.billed_known_cost_usd) AS known_cost_usd,
    sum(ifNull(calls.cost_usd, calls.billed_known_cost_usd)) AS what_if_cost_usd,
    sum(calls.billed_known_cost_usd) - sum(ifNull(calls.cost_usd, calls.billed_known_cost_usd)) AS saved_usd,
    countIf(calls.is_cutting) AS cuts,
    sum(calls.removed_tokens) AS removed_tokens
FROM `tokenledger.prompt_scenarios`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, turns = {turns:UInt32}, summary_tokens = {summary_tokens:UInt32}, trim = 0, simulate = 0, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
WHERE has(calls.changes, 'history')
GROUP BY
    calls.provider,
    calls.model,
    calls.agent_name
ORDER BY
    saved_usd DESC,
    provider ASC,
    model ASC,
    agent_name ASC;

CREATE VIEW tokenledger.what_if_model
AS WITH
    cards AS
    (
        SELECT cards.*
        FROM tokenledger.card_prices AS cards
        INNER JOIN
        (
            SELECT
                names.provider AS provider,
                argMax(names.model, (length(names.name), names.kind = 'exact')) AS model
            FROM tokenledger.model_names AS names
            WHERE (names.price_version = (
                SELECT max(catalogues.price_version)
                FROM tokenledger.price_catalogues AS catalogues
            )) AND ({provider:String} IN ('', names.provider)) AND if(names.kind = 'prefix', startsWith(lower({model:String}), names.name), (names.name IN (lower({model:String}), replaceRegexpOne(lower({model:String}), '[-@](20\\d{6}|20\\d{2}-\\d{2}-\\d{2})$', ''))))
            GROUP BY names.provider
        ) AS named ON (named.provider = cards.provider) AND (named.model = cards.model)
        WHERE cards.is_current
    ),
    compared AS
    (
        SELECT
            calls.provider AS provider,
            calls.model AS model,
            calls.agent_name AS agent_name,
            calls.cost_usd AS cost_usd,
            calls.known_cost_usd AS known_cost_usd,
            calls.counts AS counts,
            near.price_card_id != 0 AS is_near,
            if(is_near, near.context_from, anywhere.context_from) AS context_from,
            arrayResize(if(is_near, near.prices, anywhere.prices), length(counts)) AS prices,
            arrayLastIndex(from_tokens -> (from_tokens <= ifNull(calls.input_tokens, 0)), context_from) AS band,
            if((calls.cost_usd IS NULL) OR arrayExists((count, bands) -> ((count > 0) AND ((bands[band]) IS NULL)), counts, prices), NULL, arraySum((count, bands) -> (toDecimal128(count, 0) * ifNull(bands[band], 0)), counts, prices)) AS alternative_usd
        FROM
        (
            SELECT
                calls.*,
                if({provider:String} = '', toString(calls.provider), {provider:String}) AS other_provider
            FROM `tokenledger.billed_classes`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
            WHERE calls.operation != 'embeddings'
        ) AS calls
        ASOF LEFT JOIN cards AS near ON (near.provider = calls.other_provider) AND (near.service_tier = calls.service_tier) AND (near.region = calls.region) AND (near.valid_from <= toDateTime(calls.started_at, 'UTC'))
        ASOF LEFT JOIN
        (
            SELECT cards.*
            FROM cards
            WHERE cards.region = ''
        ) AS anywhere ON (anywhere.provider = calls.other_provider) AND (anywhere.service_tier = calls.service_tier) AND (anywhere.valid_from <= toDateTime(calls.started_at, 'UTC'))
    )
SELECT
    compared.provider AS provider,
    compared.model AS model,
    compared.agent_name AS agent_name,
    count() AS calls,
    countIf(compared.alternative_usd != compared.known_cost_usd) AS changed_calls,
    countIf(compared.alternative_usd IS NULL) AS unpriced_calls,
    if(countIf(compared.cost_usd IS NULL) = 0, sum(compared.cost_usd), NULL) AS cost_usd,
    sum(compared.known_cost_usd) AS known_cost_usd,
    sum(ifNull(compared.alternative_usd, compared.known_cost_usd)) AS what_if_cost_usd,
    sum(compared.known_cost_usd) - sum(ifNull(compared.alternative_usd, compared.known_cost_usd)) AS saved_usd,
    round(toFloat64(sumIf(compared.known_cost_usd, compared.alternative_usd IS NOT NULL)) / nullIf(toFloat64(sum(compared.alternative_usd)), 0), 3) AS break_even_tokens
FROM compared
GROUP BY
    compared.provider,
    compared.model,
    compared.agent_name
ORDER BY
    saved_usd DESC,
    provider ASC,
    model ASC,
    agent_name ASC;

CREATE VIEW tokenledger.what_if_tier
AS SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.tier_cost_usd != calls.known_cost_usd) AS changed_calls,
    countIf(calls.tier_cost_usd IS NULL) AS unpriced_calls,
    if(countIf(calls.cost_usd IS NULL) = 0, sum(calls.cost_usd), NULL) AS cost_usd,
    sum(calls.known_cost_usd) AS known_cost_usd,
    sum(ifNull(calls.tier_cost_usd, calls.known_cost_usd)) AS what_if_cost_usd,
    sum(calls.known_cost_usd) - sum(ifNull(calls.tier_cost_usd, calls.known_cost_usd)) AS saved_usd
FROM `tokenledger.tier_prices`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, tier = {tier:String}, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
GROUP BY
    calls.provider,
    calls.model,
    calls.agent_name
ORDER BY
    saved_usd DESC,
    provider ASC,
    model ASC,
    agent_name ASC;

CREATE VIEW tokenledger.what_if_tools
AS SELECT
    calls.provider AS provider,
    calls.model AS model,
    calls.agent_name AS agent_name,
    count() AS calls,
    countIf(calls.cost_usd != calls.billed_known_cost_usd) AS changed_calls,
    countIf(calls.cost_usd IS NULL) AS unpriced_calls,
    countIf(NOT calls.has_definitions) AS unrecorded_calls,
    if(countIf(calls.billed_cost_usd IS NULL) = 0, sum(calls.billed_cost_usd), NULL) AS cost_usd,
    sum(calls.billed_known_cost_usd) AS known_cost_usd,
    sum(ifNull(calls.cost_usd, calls.billed_known_cost_usd)) AS what_if_cost_usd,
    sum(calls.billed_known_cost_usd) - sum(ifNull(calls.cost_usd, calls.billed_known_cost_usd)) AS saved_usd,
    toDecimal128((saved_usd * 3) / 4, 15) AS least_saved_usd,
    toDecimal128((saved_usd * 5) / 4, 15) AS most_saved_usd,
    sum(calls.removed_tokens) AS removed_tokens,
    arraySort(groupUniqArrayArray(calls.unused_tools)) AS unused_tools
FROM `tokenledger.prompt_scenarios`(`from` = {from:DateTime64(9, 'UTC')}, to = {to:DateTime64(9, 'UTC')}, turns = 0, summary_tokens = 0, trim = 1, simulate = 0, in_trace = {in_trace:String}, in_conversation = {in_conversation:String}, in_service = {in_service:String}) AS calls
WHERE has(calls.changes, 'tools')
GROUP BY
    calls.provider,
    calls.model,
    calls.agent_name
ORDER BY
    saved_usd DESC,
    provider ASC,
    model ASC,
    agent_name ASC;

CREATE MATERIALIZED VIEW tokenledger.write_agent_runs TO tokenledger.agent_runs
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `duration_ns` UInt64,
    `version` UInt64,
    `scope_name` LowCardinality(String),
    `service_name` LowCardinality(String),
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `handoff_from` LowCardinality(String),
    `customer_id` String,
    `feature_name` LowCardinality(String),
    `task_id` String,
    `task_outcome` String,
    `status` LowCardinality(String),
    `error_type` LowCardinality(String)
)
AS SELECT
    received.started_at,
    received.trace_id,
    received.span_id,
    received.parent_span_id,
    received.duration_ns,
    bitShiftLeft(least(intDiv(received.duration_ns, 100000000), 16777215), 40) AS version,
    received.scope_name,
    received.service_name,
    received.agent_name,
    received.agent_path,
    received.agent_run_id,
    received.agent_parent_run_id,
    received.handoff_from,
    received.customer_id,
    received.feature_name,
    received.task_id,
    received.attributes['tokenledger.task.outcome'] AS task_outcome,
    received.status,
    received.error_type
FROM tokenledger.spans_received AS received
WHERE received.kind = 'agent_run';

CREATE MATERIALIZED VIEW tokenledger.write_call_prompts TO tokenledger.call_prompts
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `segment_kinds` String,
    `segment_tokens` Array(UInt32),
    `segment_markup` Array(UInt8),
    `segment_fingerprints` Array(UInt64),
    `prefix_fingerprints` Array(UInt64),
    `tool_names` Array(String),
    `new_chunks` Array(UInt64),
    `new_simhash` UInt64,
    `retrieval_used` Nullable(UInt8),
    `answer_fingerprints` Array(UInt64),
    `answer_tokens` Array(UInt32),
    `answer_markup` Array(UInt8),
    `answer_chunks` Array(UInt64),
    `asked_tools` Array(String)
)
AS WITH
    received.attributes AS attribute,
    (packed -> arrayMap(place -> reinterpretAsUInt64(substring(tryBase64Decode(packed), (8 * place) + 1, 8)), range(intDiv(length(tryBase64Decode(packed)), 8)))) AS unpack,
    (numbers -> arrayMap(digits -> toUInt32OrZero(digits), if(numbers = '', [], splitByChar(',', numbers)))) AS counts,
    unpack(attribute['tokenledger.prompt.segment.fingerprints']) AS segments,
    unpack(attribute['tokenledger.prompt.prefix.fingerprints']) AS prefixes,
    counts(attribute['tokenledger.prompt.segment.tokens']) AS tokens,
    counts(attribute['tokenledger.prompt.segment.markup']) AS markup,
    least(length(attribute['tokenledger.prompt.segment.kinds']), length(segments), length(prefixes), length(tokens), length(markup), 1000) AS pieces
SELECT
    received.started_at,
    received.trace_id,
    received.span_id,
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
FROM tokenledger.spans_received AS received
WHERE (received.kind = 'llm_call') AND (((attribute['tokenledger.prompt.segment.kinds']) != '') OR ((attribute['tokenledger.answer.fingerprints']) != ''));

CREATE MATERIALIZED VIEW tokenledger.write_spans TO tokenledger.spans
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `duration_ns` UInt64,
    `kind` LowCardinality(String),
    `name` LowCardinality(String),
    `service_name` LowCardinality(String),
    `scope_name` LowCardinality(String),
    `emitter` LowCardinality(String),
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_parent_run_id` String,
    `agent_step` UInt32,
    `customer_id` String,
    `feature_name` LowCardinality(String),
    `task_id` String,
    `conversation_id` String,
    `process_id` LowCardinality(String),
    `sequence` UInt64,
    `status` LowCardinality(String)
)
AS SELECT
    received.started_at,
    received.trace_id,
    received.span_id,
    received.parent_span_id,
    received.duration_ns,
    received.kind,
    received.name,
    received.service_name,
    received.scope_name,
    received.emitter,
    received.agent_name,
    received.stamped_path AS agent_path,
    received.agent_run_id,
    received.agent_parent_run_id,
    received.agent_step,
    received.customer_id,
    received.feature_name,
    received.task_id,
    received.conversation_id,
    received.process_id,
    received.sequence,
    received.status
FROM tokenledger.spans_received AS received;

CREATE MATERIALIZED VIEW tokenledger.write_tool_calls TO tokenledger.tool_calls
(
    `started_at` DateTime64(9, 'UTC'),
    `trace_id` UUID,
    `span_id` UInt64,
    `parent_span_id` UInt64,
    `duration_ns` UInt64,
    `version` UInt64,
    `scope_name` LowCardinality(String),
    `service_name` LowCardinality(String),
    `tool_name` String,
    `tool_call_id` String,
    `origin_span_id` UInt64,
    `agent_name` LowCardinality(String),
    `agent_path` Array(LowCardinality(String)),
    `agent_run_id` String,
    `agent_step` UInt32,
    `customer_id` String,
    `feature_name` LowCardinality(String),
    `task_id` String,
    `status` LowCardinality(String),
    `error_type` LowCardinality(String)
)
AS WITH
    received.attributes['tokenledger.tool_call.origin_span_id'] AS origin
SELECT
    received.started_at,
    received.trace_id,
    received.span_id,
    received.parent_span_id,
    received.duration_ns,
    bitShiftLeft(least(intDiv(received.duration_ns, 100000000), 16777215), 40) AS version,
    received.scope_name,
    received.service_name,
    firstNonDefault(received.attributes['gen_ai.tool.name'], received.attributes['entity.name'], replaceOne(received.name, 'execute_tool ', '')) AS tool_name,
    received.attributes['gen_ai.tool.call.id'] AS tool_call_id,
    if(match(origin, '^[0-9a-fA-F]{16}$'), reinterpretAsUInt64(reverse(unhex(origin))), 0) AS origin_span_id,
    received.agent_name,
    received.agent_path,
    received.agent_run_id,
    received.agent_step,
    received.customer_id,
    received.feature_name,
    received.task_id,
    received.status,
    received.error_type
FROM tokenledger.spans_received AS received
WHERE received.kind = 'tool_call';
