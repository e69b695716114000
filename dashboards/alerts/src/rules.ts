import { QueryBuilder, type Rule, RuleBuilder } from "@grafana/grafana-foundation-sdk/alerting";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { TypeThresholdBuilder } from "@grafana/grafana-foundation-sdk/expr";
import { boards } from "../../grafana/src/boards.ts";
import { clickHouseQuery, provisionedSource } from "../../grafana/src/clickhouse-query.ts";
import { type MoneyAlert, moneyAlerts } from "./money-alerts.ts";

/** A file of alert rules, as Grafana's provisioning reads it. */
export interface ProvisionedRules {
  readonly apiVersion: 1;
  readonly groups: readonly RuleGroup[];
}

interface RuleGroup {
  readonly orgId: 1;
  readonly name: string;
  readonly folder: string;
  /** Between two evaluations. */
  readonly interval: string;
  readonly rules: readonly GroupedRule[];
}

/** A rule without what its group says of it, with the panel that shows the same. */
type GroupedRule = Omit<Rule, "folderUID" | "ruleGroup" | "orgID"> & {
  readonly dashboardUid: string;
  readonly panelId: number;
};

/** The expressions of Grafana's own, such as a threshold, are asked of this source. */
const expressions = { type: "__expr__", uid: "__expr__" } as const;

const ruleOf = (alert: MoneyAlert): GroupedRule => {
  const panel = panelOf(alert);
  const {
    folderUID: _folder,
    ruleGroup: _group,
    orgID: _organisation,
    ...rule
  } = new RuleBuilder(alert.title)
    .uid(`tokenledger-${alert.name}`)
    .condition("B")
    .queries([question(alert), threshold(alert)])
    .forDuration(alert.for)
    // Nothing to tell of is no alarm: no budget, no whale.
    .noDataState("OK")
    .execErrState("Error")
    .labels({ severity: alert.severity, ledger: "tokenledger" })
    .annotations({
      summary: alert.summary,
      description: alert.todo,
      __dashboardUid__: panel.dashboardUid,
      __panelId__: String(panel.panelId),
    })
    .build();
  return { ...rule, ...panel };
};

const question = ({ query, windowHours }: MoneyAlert): Builder<ReturnType<QueryBuilder["build"]>> =>
  new QueryBuilder("A")
    .datasourceUid(provisionedSource.uid)
    .relativeTimeRange({ from: windowHours * 3600, to: 0 })
    .model(clickHouseQuery(query, { source: provisionedSource }));

const threshold = ({ fires: { when, limit } }: MoneyAlert): Builder<ReturnType<QueryBuilder["build"]>> =>
  new QueryBuilder("B")
    .datasourceUid(expressions.uid)
    .relativeTimeRange({ from: 0, to: 0 })
    .model(
      new TypeThresholdBuilder()
        .refId("B")
        .datasource(expressions)
        .expression("A")
        .conditions([{ evaluator: { type: when, params: [limit] } }]),
    );

function panelOf({ shownOn: { board, panel } }: MoneyAlert): { dashboardUid: string; panelId: number } {
  const model = boards.find(({ name }) => name === board)?.model;
  const shown = model?.panels?.find(({ title }) => title === panel);
  if (model?.uid === undefined || shown?.id === undefined) throw new Error(`No panel "${panel}" on "${board}"`);
  return { dashboardUid: model.uid, panelId: shown.id };
}

/** The alerts on money, every five minutes, in a folder of their own. */
export const rules: ProvisionedRules = {
  apiVersion: 1,
  groups: [{ orgId: 1, name: "money", folder: "Tokenledger", interval: "5m", rules: moneyAlerts.map(ruleOf) }],
};
