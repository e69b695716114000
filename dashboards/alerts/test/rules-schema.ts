import type { AnySchemaObject } from "ajv";
import { exactly, listOf, text, viewSelect } from "../../grafana/test/dashboard-schema.ts";

const range = exactly({ from: { type: "integer", minimum: 0 }, to: { const: 0 } });

const question = exactly({
  refId: { const: "A" },
  datasourceUid: { const: "tokenledger" },
  relativeTimeRange: range,
  model: exactly({
    refId: { const: "A" },
    datasource: exactly({ type: { const: "grafana-clickhouse-datasource" }, uid: { const: "tokenledger" } }),
    editorType: { const: "sql" },
    rawSql: { type: "string", pattern: viewSelect },
    queryType: { const: "table" },
    format: { const: 1 },
    pluginVersion: text,
  }),
});

const threshold = exactly({
  refId: { const: "B" },
  datasourceUid: { const: "__expr__" },
  relativeTimeRange: range,
  model: exactly({
    refId: { const: "B" },
    type: { const: "threshold" },
    datasource: exactly({ type: { const: "__expr__" }, uid: { const: "__expr__" } }),
    expression: { const: "A" },
    conditions: {
      ...listOf(
        exactly({
          evaluator: exactly({
            type: { enum: ["gt", "lt"] },
            params: { ...listOf({ type: "number" }, 1), maxItems: 1 },
          }),
        }),
        1,
      ),
      maxItems: 1,
    },
  }),
});

const duration = { type: "string", pattern: "^\\d+[smh]$" } as const;
const rule = exactly({
  uid: { type: "string", pattern: "^tokenledger-[a-z-]+$" },
  title: { type: "string", minLength: 1, maxLength: 190 },
  condition: { const: "B" },
  data: { type: "array", items: [question, threshold], additionalItems: false, minItems: 2, maxItems: 2 },
  dashboardUid: text,
  panelId: { type: "integer", minimum: 1 },
  noDataState: { const: "OK" },
  execErrState: { const: "Error" },
  for: duration,
  labels: exactly({ severity: { enum: ["warning", "critical"] }, ledger: { const: "tokenledger" } }),
  annotations: exactly({ summary: text, description: text, __dashboardUid__: text, __panelId__: text }),
});

/** Grafana's file of alert rules, narrowed to what ours use: nothing beside it passes. */
export const rulesSchema: AnySchemaObject = exactly({
  apiVersion: { const: 1 },
  groups: listOf(
    exactly({ orgId: { const: 1 }, name: text, folder: text, interval: duration, rules: listOf(rule, 1) }),
    1,
  ),
});
