import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  jobHealth,
  type JobHealth,
  landSpans,
  publishBook,
  queryView,
  reprice,
  settle,
  type ViewRow,
} from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { catalogue } from "./catalogue.ts";
import { doByItself } from "./own-accord.ts";
import { randomSpans } from "./random-ledger.ts";
import { opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

const rollUp = (): Promise<void> => doByItself(ledger.target, "roll_up_agents");
const run = (query: string): Promise<unknown> => ledger.store.client.command({ query });

/** What agent_cost says of each day by itself, in the words of agent_cost_by_day. */
async function addedUpAnew(): Promise<ViewRow[]> {
  const days = await selectRows<{ day: string }>(
    ledger.target,
    "SELECT DISTINCT toDate(started_at) AS day FROM ledger.llm_calls ORDER BY day",
  );
  const answers = await Promise.all(
    days.map(async ({ day }) => {
      const next = new Date(Date.parse(day) + 86_400_000);
      return (await queryView(ledger.target, "agent_cost", { from: day, to: next })).map((row) => ({ day, ...row }));
    }),
  );
  return answers.flat();
}

/** Two days, and enough of them that every agent ran under others. */
const spans = randomSpans(23, 200);

describe("what is kept ready is what agent_cost adds up anew, to the last digit,", () => {
  beforeEach(async () => {
    await landSpans(ledger.target, spans);
    await rollUp();
    await settle(ledger.target);
    await rollUp();
  });
  const expectExact = async (): Promise<void> => {
    await rollUp();
    expect(await queryView(ledger.target, "agent_cost_by_day")).toEqual(await addedUpAnew());
  };

  test("after calls were found to be one", async () => {
    expect((await addedUpAnew()).length).toBeGreaterThan(6);
    await expectExact();
  });

  test("after late calls and calls that came again", async () => {
    const before = await addedUpAnew();
    const late = opusCall({ input_tokens: 1_000, output_tokens: 100 }, { "gen_ai.agent.name": "late" });
    await landSpans(ledger.target, [span({ span: 900 }, late), ...spans.slice(0, 20)]);
    expect(await addedUpAnew()).not.toEqual(before);
    await expectExact();
  });

  test("after calls were priced anew", async () => {
    const before = await addedUpAnew();
    const cards = catalogue.cards.map((card) => ({
      ...card,
      price_card_id: `9${card.price_card_id}`,
      output: ["0.5"],
    }));
    const book = await publishBook(ledger.target, { ...catalogue, cards });
    await reprice(ledger.target, { from: new Date("2026-01-01"), to: new Date("2027-01-01") }, book);
    expect(await addedUpAnew()).not.toEqual(before);
    await expectExact();
  });

  test("after an agent's calls were deleted, and after all were", async () => {
    await run("DELETE FROM ledger.llm_calls WHERE agent_name = 'writer'");
    await expectExact();
    expect(await queryView(ledger.target, "agent_cost_by_day")).not.toContainEqual(
      expect.objectContaining({ agent_name: "writer" }),
    );
    await run("TRUNCATE TABLE ledger.llm_calls");
    await rollUp();
    expect(await queryView(ledger.target, "agent_cost_by_day")).toEqual([]);
  });
});

test("a day that does not change is not written again once it was seen twice", async () => {
  await landSpans(ledger.target, [span({ span: 1 }, opusCall({ input_tokens: 1_000, output_tokens: 100 }))]);
  const times = (): Promise<unknown> =>
    selectRows(ledger.target, "SELECT day, rolled_up_at, is_settled FROM ledger.agent_days FINAL");
  await rollUp();
  expect(await times()).toMatchObject([{ is_settled: false }]);
  await rollUp();
  const settled = await times();
  expect(settled).toMatchObject([{ is_settled: true }]);
  await rollUp();
  expect(await times()).toEqual(settled);
});

test("a day that was looked at after it was added up is added up again, whatever it was taken for", async () => {
  await landSpans(ledger.target, [span({ span: 1 }, opusCall({ input_tokens: 1_000, output_tokens: 100 }))]);
  await rollUp();
  // As if the call had come in between the sums and the look.
  await run(
    "INSERT INTO ledger.agent_days SELECT * REPLACE (0 AS calls, 0 AS known_cost_usd, now64(3) AS rolled_up_at) FROM ledger.agent_days FINAL",
  );
  expect(await queryView(ledger.target, "agent_cost_by_day")).toEqual([]);
  await rollUp();
  expect(await queryView(ledger.target, "agent_cost_by_day")).toEqual(await addedUpAnew());
});

test("a call that took another's place is seen, though the day has as many rows as before", async () => {
  await landSpans(ledger.target, [span({ span: 1 }, opusCall({ input_tokens: 1_000, output_tokens: 100 }))]);
  await rollUp();
  await rollUp();
  await run(
    "INSERT INTO ledger.llm_calls SELECT * REPLACE (version + 1 AS version, 'other' AS agent_name) FROM ledger.llm_calls",
  );
  await run("OPTIMIZE TABLE ledger.llm_calls FINAL");
  expect(await selectRows(ledger.target, "SELECT agent_name FROM ledger.llm_calls")).toEqual([{ agent_name: "other" }]);
  await rollUp();
  expect(await queryView(ledger.target, "agent_cost_by_day")).toEqual(await addedUpAnew());
});

test("a job that fails says so until it succeeds", async () => {
  const health = async (): Promise<JobHealth | undefined> =>
    (await jobHealth(ledger.target)).find(({ job }) => job === "roll_up_agents");
  await rollUp();
  expect(await health()).toMatchObject({ error: "", succeeded_at: expect.stringMatching(/^\d{4}-/) });
  await run("RENAME TABLE ledger.agent_days TO ledger.gone");
  try {
    await expect(rollUp()).rejects.toThrow(/agent_days/);
    expect(await health()).toMatchObject({ error: expect.stringContaining("agent_days") });
  } finally {
    await run("RENAME TABLE ledger.gone TO ledger.agent_days");
  }
  await rollUp();
  expect(await health()).toMatchObject({ error: "" });
});
