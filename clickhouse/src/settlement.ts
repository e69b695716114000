import { type LedgerTarget, selectRows } from "./ledger-target.ts";
import { rewrite } from "./rewrite.ts";
import { factSource, sqlFile } from "./sql-files.ts";
import { whole } from "./sql-for-target.ts";

/** The jobs over what came in lately, in order: structure finds reports of one call, and only bills are explained and added up. */
export const jobs = ["recover_structure", "elect_bills", "explain_calls", "roll_up_agents"] as const;
export type Job = (typeof jobs)[number];

/** How a job fared the last time that the server did it by itself. */
export interface JobHealth {
  readonly job: Job;
  /** As ClickHouse says it: `Scheduled`, `Running`, `Disabled`, … */
  readonly status: string;
  /** What the server said as it failed; empty where it did not, or never ran. */
  readonly error: string;
  /** When it last went well since the server was started, in UTC; null: never. */
  readonly succeeded_at: string | null;
}

/** Every {@link jobs job} of the node that is asked. */
export async function jobHealth({ client, database }: LedgerTarget): Promise<JobHealth[]> {
  return selectRows<JobHealth>(
    { client, database },
    `SELECT
       refreshes.view AS job, refreshes.status AS status, refreshes.exception AS error,
       toString(toTimeZone(refreshes.last_success_time, 'UTC')) AS succeeded_at
     FROM system.view_refreshes AS refreshes
     WHERE refreshes.database = {database:String} AND refreshes.view IN {jobs:Array(String)}
     ORDER BY indexOf({jobs:Array(String)}, refreshes.view)`,
    { database, jobs },
  );
}

/**
 * Finds the place of every call in the chain of agents and elects the billed row of every call that several
 * spans report, now, and waits for it. A server does the same by itself every few seconds; this is for
 * readers that cannot wait.
 *
 * @throws LedgerError `shard_unavailable`
 */
export async function settle(target: LedgerTarget): Promise<void> {
  // Elected before too: else the server's own election, at work meanwhile, could write calls at their old places.
  await runJob(target, "elect_bills");
  await runJob(target, "recover_structure");
  await runJob(target, "elect_bills");
}

/**
 * Finds the causes of what calls cost, now, and waits for it; settle first. A server does the same by itself every
 * minute.
 *
 * @throws LedgerError `shard_unavailable`
 */
export async function explain(target: LedgerTarget): Promise<void> {
  const { client, database } = target;
  const days = await selectRows<Day>(
    { client, database },
    `SELECT toString(days.day) AS day, toFloat64(sizes.size) AS size
     FROM (
       SELECT DISTINCT min(days.started_on) AS day
       FROM ${database}.trace_days AS days
       GROUP BY days.trace_id
       HAVING max(days.received_at) >= (SELECT max(latest.received_at) - INTERVAL 1 DAY FROM ${database}.trace_days AS latest)
     ) AS days
     LEFT JOIN (
       SELECT parts.day AS day, sum(parts.size) AS size
       FROM (
         SELECT toDate(calls.started_at) AS day, count() AS size FROM ${database}.llm_calls AS calls GROUP BY day
         UNION ALL
         SELECT toDate(prompts.started_at) AS day, sum(length(prompts.segment_kinds)) AS size FROM ${database}.call_prompts AS prompts GROUP BY day
       ) AS parts
       GROUP BY parts.day
     ) AS sizes ON sizes.day = days.day
     ORDER BY days.day`,
  );
  for (const { first, last } of portionsOf(days)) {
    await runJob(target, "explain_calls", `min(days.started_on) BETWEEN '${first}' AND '${last}'`);
  }
}

/** A day to explain, and how many calls and pieces of prompts it has: memory follows these. */
interface Day {
  readonly day: string;
  readonly size: number;
}

/** Days that are explained together, both included. */
interface Portion {
  readonly first: string;
  readonly last: string;
  readonly size: number;
}

/** Calls and pieces: explained in 300 MB. A day with more is explained by itself. */
const sizeAtOnce = 200_000;

/** Days in a row: to plan the job takes as long as to explain some thousand calls. */
export function portionsOf(days: readonly Day[]): Portion[] {
  const portions: Portion[] = [];
  for (const { day, size } of days) {
    const open = portions.at(-1);
    if (open === undefined || open.size + size > sizeAtOnce) portions.push({ first: day, last: day, size });
    else portions[portions.length - 1] = { ...open, last: day, size: open.size + size };
  }
  return portions;
}

/** `portion` takes the place of the placeholder of that name: of what is new, the job looks at so much. */
async function runJob({ client, database }: LedgerTarget, job: Job, portion = whole): Promise<void> {
  // Without its cluster: the whole ledger's rows, in place of those that are on the node.
  const { text } = sqlFile(job, factSource(job).replace("${portion}", portion), { client, database });
  const into = /APPEND TO (\S+)/.exec(text)?.[1];
  const query = text.slice(text.search(/^AS$/m) + "AS\n".length);
  await rewrite({ client, database }, `${into} ${query}`);
}
