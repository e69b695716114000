import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readRuns, type Rejection } from "@tokenledger/local";
import { count } from "../output/numbers.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

/** What apps left behind: SDK versions nobody tested, spans given up, spans that wait to be sent. */
export function lookAtNotices(directory: string): Finding[] {
  const notices = jsonFiles(join(directory, "notices"));
  const findings = notices.map((notice) => (notice["kind"] === "lost" ? lost(notice) : unsupported(notice)));
  const spool = join(directory, "spool");
  const [waiting, rejected] = [linesBelow(spool, (name) => !isRejected(name)), linesBelow(spool, isRejected)];
  if (waiting > 0) {
    findings.push(
      warning(
        "unsent spans",
        `${count(waiting)} requests wait on disk`,
        "start tokenledger up, then the app again: it sends them",
      ),
    );
  }
  if (rejected > 0) {
    findings.push(
      problem(
        "unsent spans",
        `${count(rejected)} requests could not be taken and are kept aside`,
        `see the .rejected files below ${spool}; delete them when they are of no more use`,
      ),
    );
  }
  return findings.length > 0 ? findings : [ok("apps", "no losses declared, nothing unsent")];
}

/** What the receiver set aside or refused since it was first started here. */
export function lookAtReceiver(directory: string): Finding[] {
  const rejected = new Map<string, number>();
  const refused = new Map<string, number>();
  let deferred = 0;
  for (const { statistics } of readRuns(directory)) {
    deferred += statistics.deferred;
    add(rejected, statistics.rejected);
    add(refused, statistics.refused);
  }
  const findings = [...rejected].map(([reason, spans]) =>
    warning(
      "receiver",
      `${count(spans)} spans set aside: ${reason}`,
      "tokenledger doctor --json lists the latest of them by name",
    ),
  );
  if (deferred > 0) {
    findings.push(
      warning(
        "receiver",
        `${count(deferred)} spans sent back to wait, as the database was away or slow: lost where their sender gave up`,
        "our own senders keep them; for others see delivery, above",
      ),
    );
  }
  const unauthorised = refused.get("401") ?? 0;
  if (unauthorised > 0) {
    findings.push(
      warning(
        "receiver",
        `${count(unauthorised)} requests without our token`,
        `send "authorization: Bearer <token>"; the token is in ${join(directory, "token")}`,
      ),
    );
  }
  return findings.length > 0 ? findings : [ok("receiver", "nothing was rejected")];
}

/** The spans that were set aside last, by name and id. */
export const latestRejections = (directory: string): Rejection[] =>
  readRuns(directory)
    .flatMap(({ statistics }) => statistics.rejections)
    .slice(-listed);

/** Rejections that are listed one by one. */
const listed = 100;

const lost = (notice: Record<string, unknown>): Finding =>
  problem(
    "lost spans",
    `process ${String(notice["process_id"])} gave up ${Object.entries(object(notice["spans"]))
      .map(([reason, spans]) => `${String(spans)} (${reason})`)
      .join(", ")}`,
    typeof notice["detail"] === "string" ? notice["detail"] : "see its log",
  );

const unsupported = (notice: Record<string, unknown>): Finding =>
  warning(
    String(notice["module"]),
    `${String(notice["version"])} was loaded and is not observed: its calls are missing`,
    "install a version in the tested range, or a newer Tokenledger",
  );

function jsonFiles(folder: string): Record<string, unknown>[] {
  return names(folder).flatMap((name) => {
    try {
      return [object(JSON.parse(readFileSync(join(folder, name), "utf8")))];
    } catch {
      return [];
    }
  });
}

const isRejected = (name: string): boolean => name.endsWith(".rejected");

function linesBelow(folder: string, wanted: (name: string) => boolean): number {
  let lines = 0;
  for (const destination of names(folder)) {
    for (const name of names(join(folder, destination)).filter(wanted)) {
      lines += readFileSync(join(folder, destination, name), "utf8")
        .split("\n")
        .filter(Boolean).length;
    }
  }
  return lines;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const object = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function add(sums: Map<string, number>, counts: object): void {
  for (const [name, value] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + Number(value));
}
