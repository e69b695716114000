import { existsSync, readdirSync, readFileSync } from "node:fs";
import { explain, type LedgerTarget, listViews, queryView, settle } from "../src/index.ts";
import { statements, viewNames, viewSource } from "../src/sql-files.ts";
import { fillPlaceholders } from "../src/sql-for-target.ts";
import { viewQuery } from "../src/views.ts";
import { doByItself } from "./own-accord.ts";

/** A ledger that a case can be tried on. */
export interface CaseLedger {
  readonly target: LedgerTarget;
  readonly priceVersion: number;
  clear(): Promise<void>;
}

const views = new URL("../views/", import.meta.url);

/** Names of the cases of a view. */
export const casesOf = (view: string): string[] => {
  const folder = new URL(`${view}/cases/`, views);
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
};

/** Where what a case expects is written. */
export const expectedOf = ({ view, name }: ViewCase): URL => new URL(`${view}/cases/${name}/expected.tsv`, views);

const parametersOf = (view: string, name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`${view}/cases/${name}/params.json`, views), "utf8")) as Record<string, unknown>;

/** What to ask a view about any ledger and all its time: the parameters of its first case. */
export const questionOf = (view: string): Record<string, unknown> => {
  const [name = ""] = casesOf(view);
  const { from: _from, to: _to, ...others } = parametersOf(view, name);
  return others;
};

/** A case, by its view and its own name. */
export interface ViewCase {
  readonly view: string;
  readonly name: string;
}

/** All cases, those about the same rows together: rows are landed and settled once for all of them. */
export const listCases = (): ViewCase[] =>
  listViews()
    .flatMap(({ name: view }) => casesOf(view).map((name) => ({ view, name, given: givenOf(view, name) })))
    .toSorted((left, right) => (left.given < right.given ? -1 : Number(left.given > right.given)));

/** Of every view the case that answers most. */
export const fullestCases = (): ViewCase[] => {
  const size = (one: ViewCase): number => readFileSync(expectedOf(one)).length;
  const most = new Map<string, number>();
  for (const one of listCases()) most.set(one.view, Math.max(most.get(one.view) ?? 0, size(one)));
  return [
    ...new Map(
      listCases()
        .filter((one) => size(one) === most.get(one.view))
        .map((one) => [one.view, one]),
    ).values(),
  ];
};

/** The rows of a case: its own, or those of this folder that its name begins with, as `priced-calls.one-trace` does. */
const givenOf = (view: string, name: string): string => {
  const own = new URL(`${view}/cases/${name}/given.sql`, views);
  const [shared = name] = name.split(".");
  return readFileSync(existsSync(own) ? own : new URL(`${shared}.sql`, import.meta.url), "utf8");
};

/** What a ledger holds now. */
const held = new WeakMap<CaseLedger, { readonly given: string; explained: boolean }>();

/**
 * What the view answers, as TSVWithNames, when the rows of the case have landed at the prices of catalogue.ts,
 * whose version is spelled CATALOGUE.
 */
export async function answerOf(ledger: CaseLedger, { view, name }: ViewCase): Promise<string> {
  const { target } = ledger;
  const given = givenOf(view, name);
  let rows = held.get(ledger);
  if (rows?.given !== given) {
    held.delete(ledger);
    await land(ledger, given);
    rows = { given, explained: false };
    held.set(ledger, rows);
  }
  if (reads(view, "call_causes") && !rows.explained) {
    await explain(target);
    rows.explained = true;
  }
  if (reads(view, "agent_days")) await doByItself(target, "roll_up_agents");
  const { query, bound } = viewQuery(target, view, parametersOf(view, name));
  const ordered = /^ORDER BY\b/m.test(viewSource(view)) ? query : `${query} ORDER BY ALL`;
  const result = await target.client.query({ query: ordered, query_params: bound, format: "TabSeparatedWithNames" });
  return (await result.text()).replaceAll(String(ledger.priceVersion), "CATALOGUE");
}

/** Whether a view, or one that it reads, reads what a job has to write first. */
function reads(view: string, table: string): boolean {
  const source = viewSource(view);
  const read = [...source.matchAll(/(?:FROM|JOIN) \$\{database\}\.(\w+)/g)].map(([, name = ""]) => name);
  return read.some((name) => name === table || (viewNames().includes(name) && reads(name, table)));
}

async function land(ledger: CaseLedger, given: string): Promise<void> {
  const { target } = ledger;
  await ledger.clear();
  const clickhouse_settings = { async_insert: 0, distributed_foreground_insert: 1 } as const;
  for (const query of statements(fillPlaceholders(given, { database: target.database }))) {
    await target.client.command({ query, clickhouse_settings });
  }
  await settle(target);
}

/** Of these, no row of the facts can be missing or another without one answering otherwise. */
const aboutEveryRow = [
  "ledger_total",
  "trace_cost",
  "agent_cost",
  "cause_cost",
  "customer_cost",
  "trace_tree",
  "call_detail",
];

/** What views answer about a ledger, and about its three dearest traces; the version of its prices is 0. */
export async function answersAbout({ target, priceVersion }: Omit<CaseLedger, "clear">): Promise<unknown> {
  const traces = (await queryView(target, "trace_cost")).slice(0, 3);
  const questions = listViews()
    .filter((view) => aboutEveryRow.includes(view.name))
    .flatMap(({ name, parameters }) => {
      const ofOne = parameters.some((parameter) => parameter.name === "trace_id");
      return (ofOne ? traces : [{ trace_id: undefined }]).map(({ trace_id }) => ({ name, trace_id }));
    });
  const answer = async ({ name, trace_id }: (typeof questions)[number]): Promise<object> => {
    return { view: name, trace_id, rows: await queryView(target, name, { trace_id }) };
  };
  const answers = await Promise.all(questions.map(answer));
  return JSON.parse(JSON.stringify(answers).replaceAll(String(priceVersion), "0"));
}
