import type { Command } from "commander";
import { queryView, type LedgerTarget } from "@tokenledger/clickhouse";
import { useLedger, withLedger, type LedgerOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { note, print } from "../output/print.ts";
import { selected, type Selection, type SelectionParameters } from "../selection.ts";
import { asTraceId } from "../trace-id.ts";
import { UsageError } from "../usage-error.ts";
import { parseWindow } from "../window.ts";
import { differenceText, verdictOf, type Difference, type Limits } from "./diff-text.ts";

interface DiffOptions extends LedgerOptions {
  failAbove?: string;
  failAboveUsd?: string;
}

/** `tokenledger diff A B`: how two runs differ, and a failure where the second costs too much more. */
export function addDiff(program: Command): void {
  withLedger(program.command("diff"))
    .description("how two runs differ: cost, tokens, calls and causes; can fail a CI job")
    .argument("<first>", "a trace, a conversation, a service, or a range of time FROM..TO")
    .argument("<second>", "what to compare it with")
    .option(
      "--fail-above <percent>",
      "exit code 1 where the second costs more than the first by over so many per cent: 10%",
    )
    .option("--fail-above-usd <amount>", "the same in USD: 0.50")
    .addHelpText(
      "after",
      `
A run is found by its name, or said outright: trace:ID, conversation:ID, service:NAME. Ranges of time
take what --since takes, on either side: 14d..7d, 2026-11-01..2026-11-08, 7d..

Examples:
  tokenledger diff 14d..7d 7d..
  tokenledger diff service:desk-before service:desk-after --fail-above 10%

Exit code 1 where a limit is passed, or nobody can tell, for the second has calls of unknown cost.`,
    )
    .action(compare);
}

async function compare(first: string, second: string, options: DiffOptions): Promise<void> {
  const limits = limitsOf(options);
  const asked = [first, second].map(candidatesOf);
  await useLedger(options, async ({ reader }) => {
    const [one, other] = await Promise.all(
      asked.map((candidates, index) => find(reader, candidates, index === 0 ? first : second)),
    );
    if (one === undefined || other === undefined) return;
    const rows = await differences(reader, one, other);
    const verdict = verdictOf(rows, limits);
    if (options.json === true) printJson({ first: said(one), second: said(other), verdict: verdict ?? null, rows });
    else print(differenceText(rows, one.label, other.label));
    if (verdict === undefined) return;
    if (verdict.failed) process.exitCode = 1;
    if (options.json !== true) (verdict.failed ? note : print)(`${verdict.failed ? "FAIL" : "ok"}: ${verdict.reason}`);
  });
}

const said = ({ label, parameters, total }: Selection): Record<string, unknown> => ({
  label,
  selection: parameters,
  total,
});

const all: SelectionParameters = {
  ...parseWindow(undefined, undefined),
  in_trace: "",
  in_conversation: "",
  in_service: "",
};

/** What a run's name may mean, likeliest first. */
function candidatesOf(text: string): SelectionParameters[] {
  const range = /^(.*)\.\.(.*)$/.exec(text);
  if (range !== null) {
    const [, since = "", until = ""] = range;
    const { from, to } = parseWindow(since || undefined, until || undefined);
    return [{ ...all, from, to }];
  }
  const [, kind, name = text] = /^(trace|conversation|service):(.*)$/.exec(text) ?? [];
  const trace = asTraceId(name);
  if (name === "" || (kind === "trace" && trace === undefined)) {
    throw new UsageError(
      `"${text}" is no run: write a trace id, conversation:ID, service:NAME, or a range of time such as 14d..7d`,
    );
  }
  return [
    ...(trace !== undefined && (kind ?? "trace") === "trace" ? [{ ...all, in_trace: trace }] : []),
    ...((kind ?? "conversation") === "conversation" ? [{ ...all, in_conversation: name }] : []),
    ...((kind ?? "service") === "service" ? [{ ...all, in_service: name }] : []),
  ];
}

/** The first meaning that has calls; a range of time may be empty. */
async function find(
  target: LedgerTarget,
  candidates: readonly SelectionParameters[],
  text: string,
): Promise<Selection> {
  for (const candidate of candidates) {
    const selection = await selected(target, candidate, text);
    const isRange = candidate.in_trace + candidate.in_conversation + candidate.in_service === "";
    if (isRange || selection.total.calls !== "0") return selection;
  }
  throw new Error(
    `the ledger holds no trace, conversation or service "${text}"; tokenledger trace lists the newest traces`,
  );
}

async function differences(target: LedgerTarget, one: Selection, other: Selection): Promise<Difference[]> {
  const { from, to, in_trace, in_conversation, in_service } = other.parameters;
  return (await queryView(target, "run_difference", {
    ...one.parameters,
    other_from: from,
    other_to: to,
    other_trace: in_trace,
    other_conversation: in_conversation,
    other_service: in_service,
  })) as unknown as Difference[];
}

function limitsOf({ failAbove, failAboveUsd }: DiffOptions): Limits {
  const percent = /^(\d+(?:\.\d+)?)\s*%?$/.exec(failAbove ?? "0")?.[1];
  const usd = /^\$?(\d+(?:\.\d+)?)$/.exec(failAboveUsd ?? "0")?.[1];
  if (percent === undefined) throw new UsageError(`--fail-above: "${failAbove}" is no percentage; write 10%`);
  if (usd === undefined) throw new UsageError(`--fail-above-usd: "${failAboveUsd}" is no amount; write 0.50`);
  return { ...(failAbove !== undefined && { percent }), ...(failAboveUsd !== undefined && { usd }) };
}
