import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makePrivateDirectory, readIfPresent, writePrivateFile } from "./private-files.ts";
import type { CollectorStatistics } from "./collector-statistics.ts";
import type { ReceiverStatistics } from "./receiver/statistics.ts";

/** What one run of a receiver took in, kept in a file for those who ask later. */
export interface RunRecord<Statistics = ReceiverStatistics> {
  pid: number;
  startedAt: string;
  updatedAt: string;
  /** Whether the run ended in order; a run that was killed has what it had written last. */
  ended: boolean;
  statistics: Statistics;
}

const intervalMs = 1_000;
const recordsKept = 20;

/** What took the spans in: our own receiver, or a collector in its place. */
type Recorded = { receiver: ReceiverStatistics; collector: CollectorStatistics };

const directoryOf = (directory: string, kind: keyof Recorded): string => join(directory, `${kind}-runs`);

/** Writes the statistics of this run to the ledger's directory, at most once a second while they change. */
export const recordRun = <Kind extends keyof Recorded>(
  directory: string,
  kind: Kind,
  statistics: () => Recorded[Kind],
): { end(): void } => {
  const startedAt = new Date().toISOString();
  const records = directoryOf(directory, kind);
  const file = join(records, `${startedAt.replaceAll(":", "-")}-${process.pid}.json`);
  let written = "";
  const write = (ended: boolean): void => {
    const now = statistics();
    const state = JSON.stringify([now, ended]);
    if (state === written) return;
    const record: RunRecord<Recorded[Kind]> = {
      pid: process.pid,
      startedAt,
      updatedAt: new Date().toISOString(),
      ended,
      statistics: now,
    };
    try {
      writePrivateFile(file, JSON.stringify(record));
      written = state;
    } catch {
      // A full disk: the counts stay in memory and are written when there is room.
    }
  };
  makePrivateDirectory(records);
  for (const name of recordNames(records).slice(0, -recordsKept)) rmSync(join(records, name), { force: true });
  write(false);
  const timer = setInterval(() => write(false), intervalMs).unref();
  return {
    end() {
      clearInterval(timer);
      write(true);
    },
  };
};

/** The latest runs of the receiver of a directory, oldest first: what was set aside, and why. */
export const readRuns = (directory: string): RunRecord[] => readRecords(directory, "receiver");

/** The latest runs of the collectors of a directory, oldest first: what was refused, set aside or lost. */
export const readCollectorRuns = (directory: string): RunRecord<CollectorStatistics>[] =>
  readRecords(directory, "collector");

const readRecords = <Kind extends keyof Recorded>(directory: string, kind: Kind): RunRecord<Recorded[Kind]>[] =>
  recordNames(directoryOf(directory, kind)).flatMap((name) => {
    try {
      const text = readIfPresent(join(directoryOf(directory, kind), name)) ?? "null";
      return [JSON.parse(text) as RunRecord<Recorded[Kind]> | null].filter((record) => record !== null);
    } catch {
      return [];
    }
  });

const recordNames = (records: string): string[] => {
  try {
    return readdirSync(records)
      .filter((name) => name.endsWith(".json"))
      .toSorted();
  } catch {
    return [];
  }
};
