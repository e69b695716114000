import type { Job, JobHealth } from "@tokenledger/clickhouse";
import { ok, problem, warning, type Finding } from "./finding.ts";

/** What is not right as long as a job is not done. */
const undone: Readonly<Record<Job, string>> = {
  recover_structure: "calls keep the agents that their spans name, and one told by two layers may count twice",
  elect_bills: "a call that several spans report may count more than once",
  explain_calls: "causes and waste lack what came in since",
  roll_up_agents: "agent_cost_by_day lacks what came in since",
};

/** As a server starts it tries jobs before it has its system tables, and again soon after. */
const ofStart = /Database system does not exist|identifier 'system\./;

/** Which of the ledger's own jobs fail or stand still, and what is wrong because of it. */
export function jobFindings(health: readonly JobHealth[]): Finding[] {
  const failing = health.filter(({ error }) => error !== "" && !ofStart.test(error));
  const halted = health.filter(({ error, status }) => error === "" && status === "Disabled");
  if (failing.length + halted.length === 0)
    return [ok("jobs", "bills, structure, causes and sums are brought up to date")];
  return [
    ...failing.map(({ job, error, succeeded_at: succeeded }) =>
      problem(
        "jobs",
        `${job} failed${succeeded === null ? "" : `, for the first time since ${succeeded} UTC`}: ${firstLine(error)}`,
        `until it succeeds, ${undone[job]}; the server tries again by itself`,
      ),
    ),
    ...halted.map(({ job }) =>
      warning("jobs", `${job} was stopped: ${undone[job]}`, `SYSTEM START VIEW ${job} lets it go on`),
    ),
  ];
}

const firstLine = (text: string): string => (text.split(/, Stack trace|\n/, 1)[0] ?? "").slice(0, 300);
