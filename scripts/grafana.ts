// Writes what Grafana is provisioned with: the dashboards, and the alerts on money.
import { mkdirSync, writeFileSync } from "node:fs";
import { rules } from "../dashboards/alerts/src/rules.ts";
import { boards } from "../dashboards/grafana/src/boards.ts";

const dashboards = new URL("../dashboards/", import.meta.url);

/** Every generated file with its text, by its path under `dashboards/`; a test compares them with what is there. */
export const generatedFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ...boards.map(({ name, model }) => [`grafana/generated/${name}.json`, jsonOf(model)] as const),
    ["alerts/generated/rules.json", jsonOf(rules)] as const,
  ]);

const jsonOf = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

if (import.meta.main) {
  for (const [path, text] of generatedFiles()) {
    const file = new URL(path, dashboards);
    mkdirSync(new URL(".", file), { recursive: true });
    writeFileSync(file, text);
  }
}
