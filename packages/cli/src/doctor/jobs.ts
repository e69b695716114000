import { type Job, jobHealth, type JobHealth, type LedgerTarget } from "@tokenledger/clickhouse";
import { messageOf } from "../output/text.ts";
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

/** Which of the ledger's own jobs fail or stand still, as far as the ledger's user may know. */
export async function lookAtJobs(target: LedgerTarget): Promise<Finding[]> {
  try {
    return jobFindings(await jobHealth(target), target.database);
  } catch (error) {
    const said = firstLine(messageOf(error));
    return [warning("jobs", `not looked at: ${said}`, "GRANT SELECT ON system.view_refreshes to the ledger's user")];
  }
}

/** What is wrong because of jobs that fail or stand still. */
export function jobFindings(health: readonly JobHealth[], database: string): Finding[] {
  const failing = health.filter(({ error }) => error !== "" && !ofStart.test(error));
  const halted = health.filter((one) => one.status === "Disabled" && !failing.includes(one));
  if (failing.length + halted.length === 0)
    return [ok("jobs", "bills, structure, causes and sums are brought up to date")];
  return [
    ...failing.map(({ job, error, succeeded_at: succeeded }) =>
      problem(
        "jobs",
        `${job} failed${succeeded === null ? "" : `, and last succeeded at ${succeeded} UTC`}: ${firstLine(error)}`,
        `until it succeeds, ${undone[job]}; the server tries again by itself`,
      ),
    ),
    ...halted.map(({ job }) =>
      warning("jobs", `${job} was stopped: ${undone[job]}`, `SYSTEM START VIEW ${database}.${job} lets it go on`),
    ),
  ];
}

const firstLine = (text: string): string => (text.split(/, Stack trace|\n/, 1)[0] ?? "").slice(0, 300);
