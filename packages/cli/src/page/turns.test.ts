import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

const signal = new AbortController().signal;

test("so much is done at once, the rest in the order it came", async () => {
  const turns = createTurns(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = [0, 1, 2, 3].map((number) =>
    turns.take(() => {
      begun.push(number);
      return new Promise<void>((end) => ends.push(end));
    }, signal),
  );
  expect(begun).toEqual([0, 1]);
  ends[1]?.();
  await work[1];
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.();
  await work[0];
  expect(begun).toEqual([0, 1, 2, 3]);
});

test("who left before the turn came is passed by, and what fails makes room", async () => {
  const turns = createTurns(1);
  const left = new AbortController();
  const failed = turns.take(() => Promise.reject(new Error("no")), signal);
  const passed = turns.take(() => Promise.resolve("never"), left.signal);
  const last = turns.take(() => Promise.resolve("done"), signal);
  left.abort();
  await expect(failed).rejects.toThrow("no");
  await expect(passed).rejects.toThrow(/abort/i);
  expect(await last).toBe("done");
});
