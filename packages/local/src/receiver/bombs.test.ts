import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { billedCall, protobufOf } from "../otlp/spans.fixture.ts";
import { post } from "./post.fixture.ts";

const gzip = { "Content-Encoding": "gzip" };
const packedJson = { ...gzip, "Content-Type": "application/json" };
const mebibyte = 2 ** 20;
type Bomb = [what: string, body: Buffer, headers: Record<string, string>, status: number];
const bombs: Bomb[] = [
  ["200 MB of zeros in 200 KB", gzipSync(Buffer.alloc(200 * mebibyte)), gzip, 413],
  ["millions of empty objects", gzipSync(Buffer.from(`[${"{},".repeat(6 * mebibyte)}{}]`)), packedJson, 400],
  ["millions of levels", gzipSync(Buffer.from("[".repeat(19 * mebibyte))), packedJson, 400],
  ["millions of empty messages", gzipSync(Buffer.from("0a00".repeat(9 * mebibyte), "hex")), gzip, 200],
];
/** Each of them takes six bytes in JSON, so the text has to be read before its row can be refused. */
const unfolding: Bomb[] = [
  [
    "millions of control characters",
    gzipSync(protobufOf([billedCall({ name: "\u0001".repeat(19 * mebibyte) })])),
    gzip,
    413,
  ],
];

test.each([
  ["bombs", bombs, 150],
  ["texts that unfold", unfolding, 200],
])("%s are refused within a bound of memory, however many come at once", async (kind, sent, bound) => {
  const child = fork(fileURLToPath(new URL("bombs.fixture.ts", import.meta.url)), { execArgv: [] });
  try {
    const [{ port }] = await once(child, "message");
    const before = await highestMebibytes(child);
    for (const [what, body, headers, status] of sent) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => post({ port }, body, headers)));
      const codes = new Set(answers.map((answer) => answer.status));
      // Some of them may be asked to wait for the others.
      codes.delete(429);
      expect([what, ...codes]).toEqual([what, status]);
    }
    const growth = Math.round((await highestMebibytes(child)) - before);
    console.log(`${sent.length * 8} ${kind} made the receiver grow by ${growth} MB at most`);
    expect(growth).toBeLessThan(bound);
  } finally {
    child.kill("SIGKILL");
  }
});

const highestMebibytes = async (child: ChildProcess): Promise<number> => {
  child.send("measure");
  const [{ highestKilobytes }] = await once(child, "message");
  return highestKilobytes / 1024;
};
