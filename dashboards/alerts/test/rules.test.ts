import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { boards } from "../../grafana/src/boards.ts";
import { moneyAlerts } from "../src/money-alerts.ts";
import { rules } from "../src/rules.ts";
import { rulesSchema } from "./rules-schema.ts";

const stored = readFileSync(new URL("../generated/rules.json", import.meta.url), "utf8");
const all = rules.groups.flatMap((group) => group.rules);

test("the file is valid, to the last property", () => {
  const validate = new Ajv({ allErrors: true, strict: true }).compile(rulesSchema);
  const valid = validate(JSON.parse(stored));
  expect({ valid, errors: validate.errors }).toEqual({ valid: true, errors: null });
});

test("every rule has an address of its own, short enough for Grafana, and a panel that is there", () => {
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(moneyAlerts.length);
  for (const { uid = "", dashboardUid, panelId, annotations } of all) {
    expect(uid.length).toBeLessThanOrEqual(40);
    const board = boards.find(({ model }) => model.uid === dashboardUid);
    expect(board?.model.panels?.some(({ id }) => id === panelId)).toBe(true);
    expect(annotations).toMatchObject({ __dashboardUid__: dashboardUid, __panelId__: String(panelId) });
  }
});

test("what a summary names are labels that the query gives", () => {
  for (const { summary, todo, query } of moneyAlerts) {
    const named = [...`${summary} ${todo}`.matchAll(/\$labels\.(\w+)/g)].map(([, label = ""]) => label);
    expect(named.filter((label) => !query.columns.slice(0, -1).includes(label))).toEqual([]);
  }
});

// Grafana's provisioning puts environment variables in place of `$NAME` in titles and labels, and of `${NAME}` in annotations.
test("nothing in it is taken for an environment variable", () => {
  for (const { title, labels, annotations } of all) {
    expect(`${title} ${JSON.stringify(labels)}`).not.toContain("$");
    expect(JSON.stringify(annotations)).not.toContain("${");
  }
});
