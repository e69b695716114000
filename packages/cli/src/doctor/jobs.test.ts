import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobHealth } from "@tokenledger/clickhouse";
import { openLedger } from "@tokenledger/local";
import { expect, test } from "vitest";
import { jobFindings, lookAtJobs } from "./jobs.ts";

const job = (health: Partial<JobHealth>): JobHealth => ({
  job: "explain_calls",
  status: "Scheduled",
  error: "",
  succeeded_at: "2026-05-28 20:26:40",
  ...health,
});

test("jobs that went well are no warning", () => {
  expect(jobFindings([job({}), job({ job: "elect_bills", succeeded_at: null })], "spend")).toMatchObject([
    { level: "ok" },
  ]);
});

test("a job that fails is a problem, with what is wrong until it succeeds", () => {
  const [finding] = jobFindings(
    [
      job({ error: "Code: 241. Memory limit exceeded, Stack trace (when copying):\n0. main" }),
      job({ job: "elect_bills" }),
    ],
    "spend",
  );
  expect(finding).toMatchObject({ level: "problem", subject: "jobs" });
  expect(finding?.found).toMatch(
    /^explain_calls failed, and last succeeded at 2026-05-28 20:26:40 UTC: Code: 241\. Memory limit exceeded$/,
  );
  expect(finding?.remedy).toContain("causes and waste lack what came in since");
});

test("a job that somebody stopped is a warning, with how to let it go on", () => {
  const stopped = [job({ status: "Disabled" }), job({ status: "Disabled", error: "Database system does not exist" })];
  const findings = jobFindings(stopped, "spend");
  const remedy = "SYSTEM START VIEW spend.explain_calls lets it go on";
  expect(findings).toMatchObject(stopped.map(() => ({ level: "warning", remedy })));
});

test("what a job met while the server started is no problem: it is tried again", () => {
  const errors = [
    "Code: 81. DB::Exception: Database system does not exist. (UNKNOWN_DATABASE)",
    "Code: 60. DB::Exception: Unknown table expression identifier 'system.view_refreshes' in scope (SELECT 1)",
  ];
  expect(
    jobFindings(
      errors.map((error) => job({ error, succeeded_at: null })),
      "spend",
    ),
  ).toMatchObject([{ level: "ok" }]);
});

test("who may not see the jobs is told so, and of the rest all the same", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-jobs-"));
  const ledger = await openLedger({ directory });
  try {
    expect(await lookAtJobs(ledger.reader)).toMatchObject([
      { level: "warning", found: expect.stringMatching(/^not looked at: .*view_refreshes/) },
    ]);
    expect(await lookAtJobs(ledger.target)).toMatchObject([{ level: "ok" }]);
  } finally {
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
