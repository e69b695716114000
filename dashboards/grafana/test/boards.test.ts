import { readdirSync, readFileSync } from "node:fs";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../../../scripts/grafana.ts";
import { usualPort } from "../../../packages/cli/src/page/page-server.ts";
import { boards } from "../src/boards.ts";
import type { Board } from "../src/board.ts";
import { dashboardSchema } from "./dashboard-schema.ts";
import { queriesOf } from "./panel-queries.ts";

const dashboards = new URL("../../", import.meta.url);
const models = boards.map((board) => [board.name, board] as const);
const panelsOf = ({ model }: Board): Panel[] => (model.panels ?? []) as Panel[];

test("the generated files are what the generator writes; `npm run grafana` brings them up to date", () => {
  const there = ["grafana/generated", "alerts/generated"].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, dashboards)).map((file) => `${folder}/${file}`),
  );
  const files = generatedFiles();
  expect(there.toSorted()).toEqual([...files.keys()].toSorted());
  for (const [path, text] of files) expect(readFileSync(new URL(path, dashboards), "utf8")).toBe(text);
});

test("addresses and titles of dashboards are unlike", () => {
  for (const key of ["uid", "title"] as const) {
    const values = boards.map(({ model }) => model[key]);
    expect(new Set(values).size).toBe(boards.length);
  }
});

test("links go to where the page usually is", () => {
  for (const { model } of boards) {
    const page = model.templating.list?.find(({ name }) => name === "page");
    expect(page?.query).toBe(`http://127.0.0.1:${usualPort}`);
  }
});

describe.each(models)("the dashboard %s", (name, board) => {
  const text = generatedFiles().get(`grafana/generated/${name}.json`) ?? "";
  const stored = JSON.parse(text) as object;
  const variables = (board.model.templating.list ?? []).map((variable) => variable.name);

  test("is valid, to the last property", () => {
    const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(dashboardSchema);
    const valid = validate(stored);
    expect({ valid, errors: validate.errors }).toEqual({ valid: true, errors: null });
  });

  test("numbers its panels, and says of each what it shows and which view it asks", () => {
    const panels = panelsOf(board);
    expect(panels.map(({ id }) => id)).toEqual(panels.map((_, index) => index + 1));
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    for (const { description = "" } of panels) {
      expect(description).toMatch(/^[A-Z].{20,}[.]\n\nView `\w+`: .+\.$/s);
    }
  });

  test("lays its panels side by side without overlap", () => {
    const taken = new Map<string, string>();
    for (const { title = "", gridPos } of panelsOf(board)) {
      const { x, y, w, h } = gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
      expect(x + w).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column += 1) {
        for (let row = y; row < y + h; row += 1) {
          expect(taken.get(`${column},${row}`)).toBeUndefined();
          taken.set(`${column},${row}`, title);
        }
      }
    }
  });

  test("uses the variables that it has, and has those that it uses", () => {
    const builtIn = /^__|^labels$|^values$/;
    const used = [...text.matchAll(/\$\{?(\w+)/g)].map(([, variable = ""]) => variable);
    const unknown = used.filter((variable) => !builtIn.test(variable) && !variables.includes(variable));
    expect(unknown).toEqual([]);
    expect(variables.filter((variable) => !used.includes(variable))).toEqual([]);
  });

  test("leads from every trace to its dashboard and to the page, with the window", () => {
    const links = [...text.matchAll(/"url": "([^"]+)"/g)].map(([, url = ""]) => url);
    const inside = links.filter((url) => url.startsWith("/d/"));
    for (const url of inside) {
      const [, uid, variable] = /^\/d\/([\w-]+)\?var-(\w+)=\$\{__value\.raw\}&\$\{__url_time_range\}$/.exec(url) ?? [];
      const target = boards.find(({ model }) => model.uid === uid);
      expect(target?.model.templating.list?.map((one) => one.name)).toContain(variable);
    }
    const columns = panelsOf(board).flatMap((panel) =>
      queriesOf(panel).flatMap(({ rawSql }) => [...rawSql.matchAll(/\b(?:dearest_)?trace_id(?=[,\s])/g)]),
    );
    const shown = name === "trace" ? 0 : columns.length;
    expect(inside).toHaveLength(shown);
    expect(links.filter((url) => url === "${page}/trace/${__value.raw}")).toHaveLength(shown);
  });

  test("leads to pages that the ledger's own site has", () => {
    const sources = readFileSync(new URL("web/src/pages/index.ts", dashboards), "utf8");
    const paths = [...sources.matchAll(/path: "([^"]+)"/g)].map(([, path = ""]) => path.replaceAll(/:\w+/g, ":name"));
    const linked = [...text.matchAll(/"url": "\$\{page\}([^"]+)"/g)].map(([, path = ""]) =>
      path.replaceAll(/\$\{[^}]+\}/g, ":name"),
    );
    expect(linked.length).toBeGreaterThan(0);
    expect(linked.filter((path) => !paths.includes(path))).toEqual([]);
  });
});
