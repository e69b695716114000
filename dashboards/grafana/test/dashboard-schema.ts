import type { AnySchemaObject } from "ajv";

/** A text that says something. */
export const text = { type: "string", minLength: 1 } as const;
/** An object of these properties and no others. */
export const exactly = (
  properties: Record<string, AnySchemaObject>,
  optional: readonly string[] = [],
): AnySchemaObject => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
export const listOf = (items: AnySchemaObject, minItems = 0): AnySchemaObject => ({ type: "array", items, minItems });

const source = exactly({ type: { const: "grafana-clickhouse-datasource" }, uid: { const: "${datasource}" } });

/** A select of columns from one view. */
export const viewSelect = "^SELECT [\\w, ]+\\nFROM \\w+(\\(.*\\))?(\\n|$)";

/** What the ClickHouse plugin stores of a query in SQL. */
const target = exactly({
  refId: { const: "A" },
  datasource: source,
  editorType: { const: "sql" },
  rawSql: { type: "string", pattern: viewSelect },
  queryType: { enum: ["table", "timeseries"] },
  format: { enum: [0, 1] },
  pluginVersion: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+$" },
});

const mapping = exactly({
  type: { const: "special" },
  options: exactly({ match: { enum: ["null", "empty"] }, result: exactly({ text }) }),
});
const step = exactly({ value: { type: ["number", "null"] }, color: { enum: ["text", "orange", "red"] } });
const dataLink = exactly({ title: text, url: text, targetBlank: { type: "boolean" } });
const property = {
  oneOf: [
    exactly({ id: { enum: ["displayName", "unit"] }, value: text }),
    exactly({ id: { const: "decimals" }, value: { type: "integer", minimum: 0 } }),
    exactly({ id: { const: "custom.cellOptions" }, value: exactly({ type: { const: "color-text" } }) }),
    exactly({ id: { const: "thresholds" }, value: exactly({ mode: { const: "absolute" }, steps: listOf(step, 2) }) }),
    exactly({ id: { const: "mappings" }, value: listOf(mapping, 1) }),
    exactly({ id: { const: "links" }, value: listOf(dataLink, 1) }),
  ],
};
const override = exactly({
  matcher: exactly({ id: { enum: ["byName", "byRegexp"] }, options: text }),
  properties: listOf(property, 1),
});

const size = { type: "integer", minimum: 1 } as const;
const place = { type: "integer", minimum: 0 } as const;
const panel = exactly(
  {
    id: size,
    type: { enum: ["table", "stat", "bargauge", "timeseries", "barchart", "flamegraph"] },
    title: text,
    description: text,
    transparent: { const: false },
    repeatDirection: { const: "h" },
    datasource: source,
    targets: { ...listOf(target, 1), maxItems: 1 },
    gridPos: exactly({ x: place, y: place, w: size, h: size }),
    // What the SDK's builder of the panel's kind writes, by Grafana's own types.
    options: { type: "object" },
    fieldConfig: exactly({ defaults: { type: "object" }, overrides: listOf(override) }),
  },
  ["options"],
);

const current = exactly({
  text: { type: ["string", "array"], items: text },
  value: { type: ["string", "array"], items: text },
});
/** What the SDK writes of every variable. */
const ofVariables = {
  name: { type: "string", pattern: "^\\w+$" },
  label: text,
  description: text,
  current,
  skipUrlSync: { const: false },
  allowCustomValue: { const: true },
  auto: { const: false },
  auto_min: text,
  auto_count: place,
} as const;
const single = { ...ofVariables, multi: { const: false }, includeAll: { const: false } } as const;
const variable = {
  oneOf: [
    exactly({ ...single, type: { const: "datasource" }, query: { const: "grafana-clickhouse-datasource" } }),
    exactly({ ...single, type: { const: "textbox" }, query: { type: "string" } }),
    exactly({ ...single, type: { const: "custom" }, query: { type: "string", pattern: "," } }),
    exactly(
      {
        ...ofVariables,
        type: { const: "query" },
        datasource: source,
        query: exactly({
          refId: text,
          queryType: { const: "sql" },
          editorType: { const: "sql" },
          rawSql: { type: "string", pattern: viewSelect },
        }),
        refresh: { const: 2 },
        sort: { const: 5 },
        includeAll: { const: true },
        multi: { type: "boolean" },
        allValue: text,
      },
      ["allValue"],
    ),
  ],
};

const link = exactly(
  {
    title: text,
    type: { enum: ["link", "dashboards"] },
    icon: text,
    tooltip: { type: "string" },
    url: text,
    tags: listOf(text),
    asDropdown: { type: "boolean" },
    targetBlank: { type: "boolean" },
    includeVars: { type: "boolean" },
    keepTime: { type: "boolean" },
  },
  ["url"],
);

/** A dashboard of Grafana's classic model, narrowed to what ours use: nothing beside it passes. */
export const dashboardSchema: AnySchemaObject = exactly({
  uid: { type: "string", pattern: "^[a-z-]{8,40}$" },
  title: text,
  description: text,
  tags: { const: ["tokenledger"] },
  schemaVersion: { type: "integer", minimum: 39 },
  timezone: { const: "utc" },
  time: exactly({ from: text, to: text }),
  editable: { type: "boolean" },
  graphTooltip: { enum: [0, 1, 2] },
  fiscalYearStartMonth: { const: 0 },
  annotations: exactly({}),
  templating: exactly({ list: listOf(variable, 2) }),
  links: listOf(link, 1),
  panels: listOf(panel, 1),
});
