/**
 * Tables of spans as versions of the collector's ClickHouse exporter make them: columns and keys are theirs, what does not
 * matter to readers (codecs, skip indexes) is left out. Newest first.
 */
export const layouts: readonly { readonly name: string; readonly isJson: boolean; readonly ddl: string }[] = [
  {
    name: "maps, with lists of attributes to search (after 0.161)",
    isJson: false,
    ddl: table({
      attributes: "Map(LowCardinality(String), String)",
      more: [
        "ResourceAttributeItems Array(String) ALIAS arrayMap(kv -> concat(kv.1, '=', kv.2), CAST(ResourceAttributes, 'Array(Tuple(String, String))'))",
        "SpanAttributeItems Array(String) ALIAS arrayMap(kv -> concat(kv.1, '=', kv.2), CAST(SpanAttributes, 'Array(Tuple(String, String))'))",
      ],
      order: `PRIMARY KEY (ServiceName, SpanName, toDateTime(Timestamp))
        ORDER BY (ServiceName, SpanName, toDateTime(Timestamp), Timestamp)`,
    }),
  },
  {
    name: "maps (0.106 to 0.161)",
    isJson: false,
    ddl: table({
      attributes: "Map(LowCardinality(String), String)",
      order: "ORDER BY (ServiceName, SpanName, toDateTime(Timestamp))",
    }),
  },
  {
    name: "maps, signed durations (before 0.106)",
    isJson: false,
    ddl: table({
      attributes: "Map(LowCardinality(String), String)",
      duration: "Int64",
      order: "ORDER BY (ServiceName, SpanName, toUnixTimestamp(Timestamp), TraceId)",
    }),
  },
  {
    name: "JSON, with lists of names",
    isJson: true,
    ddl: table({
      attributes: "JSON",
      more: [
        "ResourceAttributesKeys Array(LowCardinality(String))",
        "SpanAttributesKeys Array(LowCardinality(String))",
      ],
      order: "ORDER BY (ServiceName, SpanName, toDateTime(Timestamp), Timestamp)",
    }),
  },
  {
    name: "JSON, as it came first",
    isJson: true,
    ddl: table({
      attributes: "JSON",
      order: "ORDER BY (ServiceName, SpanName, toDateTime(Timestamp), Timestamp)",
    }),
  },
];

interface Layout {
  readonly attributes: string;
  readonly order: string;
  readonly duration?: string;
  readonly more?: readonly string[];
}

function table({ attributes, order, duration = "UInt64", more = [] }: Layout): string {
  const columns = [
    "Timestamp DateTime64(9)",
    "TraceId String",
    "SpanId String",
    "ParentSpanId String",
    "TraceState String",
    "SpanName LowCardinality(String)",
    "SpanKind LowCardinality(String)",
    "ServiceName LowCardinality(String)",
    `ResourceAttributes ${attributes}`,
    "ScopeName String",
    "ScopeVersion String",
    `SpanAttributes ${attributes}`,
    `Duration ${duration}`,
    "StatusCode LowCardinality(String)",
    "StatusMessage String",
    `Events Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes ${attributes})`,
    `Links Nested (TraceId String, SpanId String, TraceState String, Attributes ${attributes})`,
    ...more,
  ];
  return `CREATE TABLE otel.otel_traces (${columns.join(", ")})
    ENGINE = MergeTree PARTITION BY toDate(Timestamp) ${order} SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1`;
}
