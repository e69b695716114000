import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { page, source } from "./variables.ts";

/** A dashboard of the ledger. */
export interface BoardSpecification {
  /** Part of its address, `/d/tokenledger-<name>`, and of its file. */
  readonly name: string;
  readonly title: string;
  /** The question that it answers. */
  readonly answers: string;
  /** Beside the ledger and the address of its page. */
  readonly variables: readonly Builder<dashboard.VariableModel>[];
  /** From left to right, row by row. */
  readonly panels: readonly Builder<dashboard.Panel>[];
  /** Where on the ledger's own page the same is seen. */
  readonly pagePath?: string;
}

/** A dashboard, under the name of its file. */
export interface Board {
  readonly name: string;
  readonly model: dashboard.Dashboard;
}

/** The dashboard as Grafana stores it: panels numbered in order, and links to the others of the ledger and to its page. */
export function boardOf({ name, title, answers, variables, panels, pagePath = "/" }: BoardSpecification): Board {
  const board = new dashboard.DashboardBuilder(`Tokenledger: ${title}`)
    .uid(`tokenledger-${name}`)
    .description(answers)
    .tags(["tokenledger"])
    .timezone("utc")
    // From the beginning of a day: a bar that begins before the window is not drawn.
    .time({ from: "now-7d/d", to: "now" })
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .variables([source, ...variables, page])
    .link(
      inSight(
        new dashboard.DashboardLinkBuilder("Tokenledger")
          .type(dashboard.DashboardLinkType.Dashboards)
          .tags(["tokenledger"])
          .icon("external link")
          .keepTime(true)
          .includeVars(true),
      ),
    )
    .link(
      inSight(
        new dashboard.DashboardLinkBuilder("The ledger's page")
          .type(dashboard.DashboardLinkType.Link)
          .url(`\${page}${pagePath}`)
          .icon("external link")
          .tooltip("The same, with more to open, where `tokenledger up` runs")
          .targetBlank(true),
      ),
    );
  for (const [index, panel] of panels.entries())
    board.withPanel({ build: () => ({ ...panel.build(), id: index + 1 }) });
  return { name, model: board.build() };
}

/** A link beside the variables: the SDK's default is the menu behind them. */
const inSight = (link: Builder<dashboard.DashboardLink>): Builder<dashboard.DashboardLink> => ({
  build: () => {
    const { placement: _menu, ...rest } = link.build();
    return rest;
  },
});
