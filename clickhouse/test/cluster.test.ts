import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listViews } from "../src/index.ts";
import { startTestCluster, type TestCluster } from "./test-cluster.ts";
import { answerOf, casesOf, expectedOf } from "./view-cases.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster(3);
});
afterAll(() => cluster.stop());

describe("a cluster of three shards answers as one node does", () => {
  const cases = listViews().flatMap(({ name }) => casesOf(name).map((each): [string, string] => [name, each]));
  test.each(cases)("%s: %s", async (view, name) => {
    expect(await answerOf(cluster, view, name)).toBe(readFileSync(expectedOf(view, name), "utf8"));
  });
});
