import { appendFileSync, createReadStream, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readRecords } from "./json-records.ts";

const file = join(mkdtempSync(join(tmpdir(), "tokenledger-records-")), "session.jsonl");
const record = (index: number) => ({
  type: "assistant",
  uuid: `u${index}`,
  message: { text: `say "{${index}}" \\ done` },
});
const line = (index: number) => JSON.stringify(record(index));

async function read(content: string | Buffer) {
  writeFileSync(file, content);
  const uuids: unknown[] = [];
  const report = await readRecords(createReadStream(file), (found) => void uuids.push(found["uuid"]));
  return { uuids, report };
}

test("a clean file gives its records and nothing else", async () => {
  const { uuids, report } = await read(`${line(1)}\r\n\n${line(2)}\n${line(3)}`);
  expect(uuids).toEqual(["u1", "u2", "u3"]);
  expect(report.rejected.count).toBe(0);
  expect(report.unfinishedBytes).toBe(0);
});

test("a record cut off with the next one glued behind it costs the cut one alone", async () => {
  const { uuids, report } = await read(`${line(1).slice(0, 40)}${line(2)}\n${line(3)}\n`);
  expect(uuids).toEqual(["u2", "u3"]);
  expect(report.rejected).toMatchObject({ count: 1, first: [{ offset: 0, reason: "cut off" }] });
});

test("two records on a line and NUL runs lose nothing", async () => {
  const { uuids, report } = await read(`${line(1)}${line(2)}\n\0\0\0\0${line(3)}\n`);
  expect(uuids).toEqual(["u1", "u2", "u3"]);
  expect(report.rejected.count).toBe(0);
});

test("an unfinished last line is left for the next read, which finds it complete", async () => {
  const first = await read(`${line(1)}\n${line(2).slice(0, 25)}`);
  expect(first.uuids).toEqual(["u1"]);
  expect(first.report).toMatchObject({ unfinishedBytes: 25, rejected: { count: 0 } });
  appendFileSync(file, `${line(2).slice(25)}\n`);
  const uuids: unknown[] = [];
  await readRecords(createReadStream(file), (found) => void uuids.push(found["uuid"]));
  expect(uuids).toEqual(["u1", "u2"]);
});

test("however whole records are separated, each is read once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("\n", "\r\n", "", "\n\n", "\n\0\0\0", " \n"), { minLength: 1, maxLength: 30 }),
      async (separators) => {
        const content = separators.map((separator, index) => line(index) + separator).join("");
        const { uuids, report } = await read(content);
        expect(uuids).toEqual(separators.map((_, index) => `u${index}`));
        expect(report.bytes).toBe(Buffer.byteLength(content));
      },
    ),
    { numRuns: 60 },
  );
});
