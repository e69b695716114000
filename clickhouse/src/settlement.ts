import { type LedgerTarget, selectRows } from "./ledger-target.ts";
import { rewrite } from "./rewrite.ts";
import { factSource, sqlFile } from "./sql-files.ts";
import { whole } from "./sql-for-target.ts";

/** The jobs over what came in lately, in order: structure finds reports of one call, and only bills are explained. */
export const jobs = ["recover_structure", "elect_bills", "explain_calls"] as const;
type Job = (typeof jobs)[number];

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
    `SELECT toString(days.day) AS day, toUInt32(calls.number) AS calls
     FROM (
       SELECT DISTINCT min(days.started_on) AS day
       FROM ${database}.trace_days AS days
       GROUP BY days.trace_id
       HAVING max(days.received_at) >= (SELECT max(latest.received_at) - INTERVAL 1 DAY FROM ${database}.trace_days AS latest)
     ) AS days
     LEFT JOIN (SELECT toDate(calls.started_at) AS day, count() AS number FROM ${database}.llm_calls AS calls GROUP BY day) AS calls ON calls.day = days.day
     ORDER BY days.day`,
  );
  for (const { first, last } of portionsOf(days)) {
    await runJob(target, "explain_calls", `min(days.started_on) BETWEEN '${first}' AND '${last}'`);
  }
}

interface Day {
  readonly day: string;
  readonly calls: number;
}

/** So many are explained in 250 MB; a day with more is explained by itself. */
const callsAtOnce = 20_000;

/** Days in a row: to plan the job takes as long as to explain some thousand calls. */
function portionsOf(days: readonly Day[]): { first: string; last: string; calls: number }[] {
  const portions: { first: string; last: string; calls: number }[] = [];
  for (const { day, calls } of days) {
    const portion = portions.at(-1);
    if (portion === undefined || portion.calls + calls > callsAtOnce) portions.push({ first: day, last: day, calls });
    else Object.assign(portion, { last: day, calls: portion.calls + calls });
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
