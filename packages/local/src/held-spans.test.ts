import { readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { localSpool, Spool } from "@tokenledger/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLedger } from "./ledger.ts";
import { billedCall, jsonOf } from "./otlp/spans.fixture.ts";
import { readRuns } from "./run-record.ts";
import { landed, scratchDirectory } from "./store.fixture.ts";
import { up } from "./up.ts";

let scratch: ReturnType<typeof scratchDirectory>;
let folder: string;
const progress: string[] = [];

beforeEach(() => {
  scratch = scratchDirectory();
  folder = join(scratch.path, "spool", localSpool);
  progress.length = 0;
});
afterEach(() => scratch.remove());

const calls = (count: number) => Array.from({ length: count }, () => billedCall());
const idsOf = (spans: ReturnType<typeof calls>): string[] => spans.map((span) => span.spanContext().spanId).toSorted();
const line = (spans: ReturnType<typeof calls>): string => jsonOf(spans).toString();
const hold = (...lines: string[]): void => new Spool(scratch.path, localSpool).write(lines);

/** What the ledger holds for a command that opens it. */
const openAndLook = async (): Promise<Awaited<ReturnType<typeof landed>>> => {
  const ledger = await openLedger({ directory: scratch.path, onProgress: (text) => progress.push(text) });
  try {
    return await landed(ledger.target);
  } finally {
    await ledger.close();
  }
};

test("spans that apps left on disk are in the ledger as soon as it is open, once", async () => {
  const spans = calls(5);
  hold(line(spans.slice(0, 3)), line(spans.slice(3)));
  hold(line(spans.slice(2)));
  expect((await openAndLook()).billed).toEqual(idsOf(spans));
  expect(readdirSync(folder)).toEqual([]);
  hold(line(spans));
  expect((await openAndLook()).billed).toEqual(idsOf(spans));
  expect([readdirSync(folder), readRuns(scratch.path)]).toEqual([[], []]);
});

test("a line that cannot be read is set aside, and its neighbours arrive", async () => {
  const spans = calls(4);
  const cut = line(calls(2)).slice(0, -20);
  const nameless = line([billedCall({ traceId: "0".repeat(32) })]);
  hold(line(spans.slice(0, 2)), cut, nameless, "\0\0\0", line(spans.slice(2)));
  expect((await openAndLook()).billed).toEqual(idsOf(spans));
  const [kept = "", ...others] = readdirSync(folder);
  expect([others, kept.endsWith(".jsonl.rejected"), statSync(join(folder, kept)).mode & 0o777]).toEqual([
    [],
    true,
    0o600,
  ]);
  expect(readFileSync(join(folder, kept), "utf8").split("\n").toSorted()).toEqual(
    ["", cut, nameless, "\0\0\0"].toSorted(),
  );
  const rejected = { received: 7, stored: 4, rejected: { malformed: 2, trace_id: 1 } };
  expect(readRuns(scratch.path)).toMatchObject([{ ended: true, statistics: rejected }]);
  expect(progress.at(-1)).toContain("Set 3 of the spans on disk aside");
  expect((await openAndLook()).billed).toEqual(idsOf(spans));
  expect(readRuns(scratch.path)).toHaveLength(1);
});

test("a file that a process took and left is taken, and one that a living process sends is not", async () => {
  const [left, sent] = [calls(2), calls(2)];
  hold(line(left));
  const [file = ""] = readdirSync(folder);
  renameSync(join(folder, file), join(folder, `${file}.sending-${2 ** 22 + 1}`));
  hold(line(sent));
  const [other = ""] = readdirSync(folder).filter((name) => !name.startsWith(file));
  renameSync(join(folder, other), join(folder, `${other}.sending-${process.ppid}`));
  expect((await openAndLook()).billed).toEqual(idsOf(left));
  expect(readdirSync(folder)).toEqual([`${other}.sending-${process.ppid}`]);
});

test("a running ledger takes what lies there at its start, and later what a command finds", async () => {
  const [before, meanwhile] = [calls(2), calls(3)];
  hold(line(before));
  const running = await up({ directory: scratch.path, port: 0 });
  try {
    expect((await landed(running.target)).billed).toEqual(idsOf(before));
    hold(line(meanwhile));
    expect((await openAndLook()).billed).toEqual(idsOf([...before, ...meanwhile]));
  } finally {
    await running.stop();
  }
});

test("what the database does not take now stays on disk, and the ledger opens all the same", async () => {
  const spans = calls(3);
  await openAndLook();
  const running = await up({ directory: scratch.path, port: 0 });
  try {
    await running.target.client.command({ query: "RENAME TABLE otel_traces TO away" });
    hold(line(spans));
    const ledger = await openLedger({ directory: scratch.path, onProgress: (text) => progress.push(text) });
    await ledger.close();
    expect(progress.at(-1)).toContain("could not all be taken");
    expect(readFileSync(join(folder, readdirSync(folder)[0] ?? ""), "utf8")).toBe(`${line(spans)}\n`);
    await running.target.client.command({ query: "RENAME TABLE away TO otel_traces" });
    expect((await openAndLook()).billed).toEqual(idsOf(spans));
  } finally {
    await running.stop();
  }
});
