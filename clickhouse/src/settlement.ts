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
  const days = await selectRows<{ day: string }>(
    { client, database },
    `SELECT DISTINCT toString(min(days.started_on)) AS day FROM ${database}.trace_days AS days
     GROUP BY days.trace_id
     HAVING max(days.received_at) >= (SELECT max(latest.received_at) - INTERVAL 1 DAY FROM ${database}.trace_days AS latest)
     ORDER BY day`,
  );
  for (const { day } of days) await runJob(target, "explain_calls", `min(days.started_on) = '${day}'`);
}

/** `portion` takes the place of the placeholder of that name: of what is new, the job looks at so much. */
async function runJob({ client, database }: LedgerTarget, job: Job, portion = whole): Promise<void> {
  // Without its cluster: the whole ledger's rows, in place of those that are on the node.
  const { text } = sqlFile(job, factSource(job).replace("${portion}", portion), { client, database });
  const into = /APPEND TO (\S+)/.exec(text)?.[1];
  const query = text.slice(text.search(/^AS$/m) + "AS\n".length);
  await rewrite({ client, database }, `${into} ${query}`);
}
