import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makePrivateDirectory, readIfPresent, writePrivateFile } from "../private-files.ts";
import type { ReceiverStatistics } from "./statistics.ts";

/** What one run of the receiver took in, kept in a file for those who ask later. */
export interface RunRecord {
  pid: number;
  startedAt: string;
  updatedAt: string;
  /** Whether the run ended in order; a run that was killed has what it had written last. */
  ended: boolean;
  statistics: ReceiverStatistics;
}

const intervalMs = 1_000;
const recordsKept = 20;

const directoryOf = (directory: string): string => join(directory, "receiver-runs");

/** Writes the statistics of this run to the ledger's directory, at most once a second while they change. */
export const recordRun = (directory: string, statistics: () => ReceiverStatistics): { end(): void } => {
  const startedAt = new Date().toISOString();
  const records = directoryOf(directory);
  const file = join(records, `${startedAt.replaceAll(":", "-")}-${process.pid}.json`);
  let written = "";
  const write = (ended: boolean): void => {
    const now = statistics();
    const state = JSON.stringify([now, ended]);
    if (state === written) return;
    const record: RunRecord = {
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
export const readRuns = (directory: string): RunRecord[] =>
  recordNames(directoryOf(directory)).flatMap((name) => {
    try {
      return [JSON.parse(readIfPresent(join(directoryOf(directory), name)) ?? "null") as RunRecord | null].filter(
        (record) => record !== null,
      );
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
