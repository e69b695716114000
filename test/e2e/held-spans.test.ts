import { openLedger } from "@tokenledger/local";
import { startProviderDouble } from "@tokenledger/provider-double";
import { afterAll, beforeAll, expect, test } from "vitest";
import { heldResponses, makeHome, storedResponses } from "./accounts.ts";
import { packProject, type PackedProject } from "./packed-project.ts";
import { runApp } from "./run-app.ts";

let project: PackedProject;

beforeAll(() => {
  project = packProject();
});
afterAll(() => project?.remove());

/** Runs a program that ends with spans unsent, and returns what the provider billed it. */
const endUnsent = async (home: string, ending: string): Promise<string[]> => {
  const double = await startProviderDouble();
  await runApp({
    directory: project.directory,
    args: ["--import", "@tokenledger/register", "apps/ending.mjs"],
    env: {
      TOKENLEDGER_HOME: home,
      OTEL_SERVICE_NAME: "ended",
      PROVIDER_URL: double.openai,
      CALLS: "3",
      ENDING: ending,
    },
  });
  const billed = double.bill().flatMap(({ responseId }) => responseId ?? []);
  await double.close();
  return billed;
};

test.each(["throw", "exit"])("the first command after an app's %s reports all of its calls, once", async (ending) => {
  // Port 9, discard, is closed on every machine that tests run on.
  const home = makeHome({ url: "http://127.0.0.1:9", token: "unused" });
  const billed = await endUnsent(home, ending);
  expect(billed).toHaveLength(3);
  expect(heldResponses(home).toSorted()).toEqual(billed.toSorted());
  for (const _command of ["first", "second"]) {
    const ledger = await openLedger({ directory: home });
    try {
      expect((await storedResponses(ledger.target, "ended")).toSorted()).toEqual(billed.toSorted());
      const result = await ledger.reader.client.query({
        query: "SELECT toUInt8(count()) AS calls FROM llm_calls FINAL WHERE billed_by = 0",
        format: "JSONEachRow",
      });
      expect(await result.json()).toEqual([{ calls: 3 }]);
    } finally {
      await ledger.close();
    }
    expect(heldResponses(home)).toEqual([]);
  }
});
