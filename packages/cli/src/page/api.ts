import type { ServerResponse } from "node:http";
import { answerView, ledgerMark, type LedgerTarget, listViews, type ViewDescription } from "@tokenledger/clickhouse";
import { Refusal } from "@tokenledger/local";
import { answerCsv, answerJson } from "./answers.ts";
import { csvOf } from "./csv.ts";
import type { Turns } from "./turns.ts";
import { viewParameters } from "./view-parameters.ts";

/** What the API answers from. */
export interface ApiSource {
  /** For reading only. */
  readonly reader: LedgerTarget;
  readonly version: string;
  /** A page asks a dozen views at once, and each takes all of the server that it can get. */
  readonly turns: Turns;
}

/**
 * Answers `/api/views`, `/api/views/NAME?parameter=value…` (`&format=csv`) and `/api/status`.
 *
 * @throws Refusal, and what the database throws
 */
export async function answerApi(source: ApiSource, address: URL, response: ServerResponse): Promise<void> {
  const [, , topic, name, ...more] = address.pathname.split("/");
  if (topic === "status" && name === undefined) return answerJson(response, await status(source));
  if (topic === "views" && name === undefined) return answerJson(response, { views: listViews() });
  if (topic === "views" && name !== undefined && more.length === 0)
    return answerOne(source, viewNamed(name), address.searchParams, response);
  throw new Refusal(404, "there are /api/status, /api/views and /api/views/NAME");
}

async function status({ reader, version }: ApiSource): Promise<object> {
  const { mark, oldestCallAt, newestCallAt } = await ledgerMark(reader);
  return { version, ledger: "local", mark, oldest_call_at: oldestCallAt, newest_call_at: newestCallAt };
}

async function answerOne(
  { reader, turns }: ApiSource,
  view: ViewDescription,
  parameters: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const format = parameters.get("format") ?? "json";
  if (format !== "json" && format !== "csv") throw new Refusal(400, `format is json or csv, not "${format}"`);
  const values = viewParameters(view, parameters);
  const left = new AbortController();
  response.once("close", () => left.abort());
  const answer = await turns.take(() => answerView(reader, view.name, values, left.signal), left.signal);
  if (format === "csv") return answerCsv(response, view.name, csvOf(answer));
  const { columns, rows, sql, elapsedNanoseconds } = answer;
  answerJson(response, { columns, rows, sql, elapsed_ns: elapsedNanoseconds });
}

function viewNamed(name: string): ViewDescription {
  const view = listViews().find((candidate) => candidate.name === name);
  if (view === undefined) throw new Refusal(400, `there is no view "${name}"; /api/views lists them`);
  return view;
}
