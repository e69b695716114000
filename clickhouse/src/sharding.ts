import { createHash } from "node:crypto";
import type { LedgerTarget } from "./ledger-target.ts";
import { sqlFor } from "./sql-for-target.ts";
import { migrationSources, type SqlFile, statements } from "./sql-files.ts";

/**
 * What is not sharded by trace: an election has to see all reports of a call, in whatever traces they are; sums are
 * those of a shard's own calls, and written there.
 */
const shardedBy: Readonly<Record<string, string>> = { call_reports: "call_key", agent_days: "rand()" };

/** The same shard for a trace in landing and in the facts. A row without a trace may be anywhere. */
const byTrace = "cityHash64(trace_id)";
const byTraceOfLanding = "if(empty(TraceId), rand64(), cityHash64(toUUIDOrZero(TraceId)))";

/**
 * The whole over the parts: a distributed table for each table that is named with `${local}` in the migrations.
 * Made anew whenever a migration says something else of the part.
 */
export function distributedTables(target: LedgerTarget): SqlFile[] {
  if (target.cluster === undefined) return [];
  const { name: cluster } = target.cluster;
  const all = migrationSources().flatMap(statements);
  return all.flatMap((statement) => {
    const name = /CREATE TABLE IF NOT EXISTS \$\{database\}\.(\w+)\$\{local\}/.exec(statement)?.[1];
    if (name === undefined) return [];
    const landing = statement.includes("TraceId");
    const key = shardedBy[name] ?? (landing ? byTraceOfLanding : byTrace);
    const part = `\${database}.${name}\${local}`;
    const whole = `CREATE OR REPLACE TABLE \${database}.${name} \${on_cluster} AS ${part}
ENGINE = Distributed('${cluster}', '\${database}', '${name}\${local}', ${key})`;
    // Two shards may send a third their rows under one token, and a retry must reach the facts though landing has
    // the rows. Nothing needs the tokens: facts are read with FINAL.
    const forget = `ALTER TABLE ${part} \${on_cluster} MODIFY SETTING replicated_deduplication_window = 0, non_replicated_deduplication_window = 0`;
    const made = statement.includes("MergeTree") ? [whole, forget] : [whole];
    const text = sqlFor(target, made.join(";\n"));
    const concerned = all.filter((other) => other.includes(part));
    return [
      {
        name,
        text,
        hash: createHash("sha256")
          .update([text, ...concerned].join("\n"))
          .digest("hex"),
      },
    ];
  });
}
