import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { atLeast, count, usd } from "../src/data/money.ts";
import { type Flow, contextFlows, costFlows, workFlows } from "../src/flow/agent-flows.ts";
import { namedWastes } from "../src/pages/waste/named-wastes.ts";
import { look, missingBrowser, openBrowser, panel, settled, slowestAnswerMs } from "./browser.ts";
import { cells, figure, fill, type Row, shownSum, sum } from "./flow-ledger.ts";
import { type PageLedger, startPageLedger } from "./page-ledger.ts";

const everything = { in_trace: "", in_conversation: "", in_service: "" };
const history = { turns: 10, summary_tokens: 1000 };

describe.skipIf(missingBrowser !== undefined)("agents, waste and what if", () => {
  let ledger: PageLedger;
  let browser: Browser;
  beforeAll(async () => {
    [ledger, browser] = await Promise.all([startPageLedger(), openBrowser()]);
    await fill(ledger);
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.stop();
  });
  const rows = async <Of extends object = Row>(view: string, parameters: Row = {}): Promise<Of[]> =>
    // The view names its columns, and its cases hold them to it.
    (await ledger.rows(view, parameters)) as object[] as Of[];

  test("what agents cost is what the views say, and sums to everything spent", async () => {
    const { page, context } = await look(browser, ledger, "/agents?from=all");
    const [total] = await rows("ledger_total");
    expect(await figure(page, "agents")).toBe(shownSum([total ?? {}], "known_cost_usd", "unpriced_calls"));
    const shown = new Map((await cells(page, "Agents")).map((row) => [row[0], row]));
    const agents = await rows("agent_cost");
    expect(shown.size).toBe(agents.length);
    for (const row of agents) {
      const [, self, inclusive, own, all] = shown.get(String(row["agent_name"] || "no agent")) ?? [];
      expect(self).toBe(shownSum([row], "self_known_cost_usd", "self_unpriced_calls"));
      expect(inclusive).toBe(shownSum([row], "inclusive_known_cost_usd", "inclusive_unpriced_calls"));
      expect([own, all]).toEqual([count(String(row["self_calls"])), count(String(row["inclusive_calls"]))]);
    }
    await context.close();
  });

  test("every flow between agents is drawn with its amount, and an agent is followed to its steps", async () => {
    const { page, context } = await look(browser, ledger, "/agents?from=all");
    const bands = page.locator(".flow title");
    const drawn: readonly (readonly [name: string, flows: readonly Flow[]])[] = [
      ["cost", costFlows(await rows("agent_path_cost"))],
      ["hand-offs", workFlows(await rows("handoffs"))],
      ["context", contextFlows(await rows("handoff_cost"))],
    ];
    for (const [name, flows] of drawn) {
      await page.getByRole("button", { name, exact: true }).click();
      await settled(page);
      const told = (await bands.allTextContents()).map((text) => text.split(": ").at(-1) ?? "");
      expect(told.toSorted()).toEqual(flows.map(({ amount, incomplete }) => atLeast(amount, incomplete)).toSorted());
    }
    await page.getByRole("link", { name: "editor", exact: true }).click();
    await panel(page, "Step by step: editor").waitFor();
    const steps = (await rows("step_cost")).filter(({ agent_name }) => agent_name === "editor");
    expect(await cells(page, "Steps")).toEqual(
      steps.map((row) => [
        String(row["agent_step"]),
        ...counts(row, "calls", "mean_input_tokens", "input_tokens", "cache_read_tokens", "output_tokens"),
        shownSum([row], "known_cost_usd", "unpriced_calls"),
      ]),
    );
    await context.close();
  });

  test("causes sum to everything spent, and open by name down to a call in its trace", async () => {
    const { page, context } = await look(browser, ledger, "/waste?from=all");
    const causes = await rows("spend_by_cause", { ...everything, by: "" });
    expect(await figure(page, "spent")).toBe(shownSum(causes, "known_cost_usd", "unpriced_calls"));
    const waste = causes.filter(({ is_waste }) => is_waste === 1);
    expect(await figure(page, "waste")).toBe(shownSum(waste, "known_cost_usd", "unpriced_calls"));
    const [total] = await rows("selection_total", everything);
    expect(usd(sum(causes, "known_cost_usd"))).toBe(usd(String(total?.["known_cost_usd"])));
    const tiles = page.locator("a.tile");
    const dear = causes.filter((row) => Number(row["known_cost_usd"]) > 0);
    expect((await names(tiles)).toSorted()).toEqual(
      dear.map((row) => tileText(row, String(row["cause"]).replaceAll("_", " "))).toSorted(),
    );

    await tiles.filter({ hasText: "cache write" }).first().click();
    await panel(page, "Paid for: cache write").waitFor();
    await page.getByLabel("by", { exact: true }).selectOption("model");
    await settled(page);
    const models = (await rows("spend_by_cause", { ...everything, by: "model" })).filter(
      ({ cause }) => cause === "cache_write",
    );
    expect((await names(tiles)).toSorted()).toEqual(models.map((row) => tileText(row, String(row["name"]))).toSorted());

    const [first] = models;
    await tiles.first().click();
    await settled(page);
    const asked = { ...everything, cause: "cache_write", by: "model", name: String(first?.["name"]), max_rows: 200 };
    const calls = await rows("cause_calls", asked);
    expect(await figure(page, "opened")).toBe(shownSum([first ?? {}], "known_cost_usd", "unpriced_calls"));
    expect(shownSum(calls, "known_cost_usd")).toBe(usd(String(calls[0]?.["all_known_cost_usd"])));
    await panel(page, `Calls of ${String(first?.["name"])} that paid for cache write`)
      .locator("tbody a")
      .first()
      .click();
    expect(new URL(page.url()).pathname).toBe(`/trace/${String(calls[0]?.["trace_id"])}`);
    expect(new URL(page.url()).searchParams.get("span")).toBe(calls[0]?.["span_id"]);
    await context.close();
  });

  test("a page narrowed to a trace shows its causes, and says which figures are not narrowed", async () => {
    const [trace] = await rows("recent_traces", { max_rows: 1 });
    const in_trace = String(trace?.["trace_id"]);
    const { page, context } = await look(browser, ledger, `/waste?from=all&in_trace=${in_trace}`);
    const [total] = await rows("selection_total", { ...everything, in_trace });
    expect(await figure(page, "spent")).toBe(shownSum([total ?? {}], "known_cost_usd", "unpriced_calls"));
    await page.getByRole("note").waitFor();
    await context.close();
  });

  test("every named waste shows its view's sum, or is said not to be found", async () => {
    const { page, context } = await look(browser, ledger, "/waste?from=all");
    const foot = page.locator(".section-foot");
    await foot.getByText("Looked for and not found").waitFor();
    await foot.getByText("Looking for").waitFor({ state: "detached" });
    const missing = await foot.innerText();
    const [shown, expected] = [[] as string[], [] as string[]];
    for (const waste of namedWastes) {
      const answer = await rows(waste.view);
      const sums = waste.figures.map(({ column }) => shownSum(answer, column, ...waste.unknown));
      const isMissing = missing.includes(waste.title.toLowerCase());
      shown.push(`${waste.view}: ${isMissing ? nothing : await figure(page, waste.view)}`);
      expected.push(`${waste.view}: ${sums.find((one) => one !== nothing && one !== "unknown") ?? sums[0]}`);
    }
    expect(shown).toEqual(expected);
    await page.getByRole("link", { name: "What it would save" }).first().click();
    await settled(page);
    expect(new URL(page.url()).pathname).toBe("/what-if");
    await context.close();
  });

  test("savings are the view's, and a slider that is moved on asks for where it stops alone", async () => {
    const { page, context, requests } = await look(browser, ledger, "/what-if?from=all&ask=dedupe");
    const savings = await rows("savings", { ...everything, ...history });
    expect(await figure(page, "savings")).toBe(usd(String(savings[0]?.["together_usd"])));
    expect(await page.locator(".saving-amount").allInnerTexts()).toEqual(
      savings.map((row) => usd(String(row["saved_usd"]))),
    );
    const slider = panel(page, "What to change first").getByRole("slider", { name: "History kept" });
    const answered = page.waitForResponse((response) => response.url().includes("turns=3&"), {
      timeout: slowestAnswerMs,
    });
    // At once, as a hand does: between keys pressed one by one a busy machine may take longer than a hand that rests.
    await slider.evaluate((input: HTMLInputElement) => {
      for (const _ of [1, 2, 3]) {
        input.stepDown();
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    await answered;
    await settled(page);
    expect(new URL(page.url()).searchParams.get("turns")).toBe("3");
    const asked = requests
      .filter((one) => one.includes("/api/views/savings?"))
      .map((one) => new URL(one).searchParams.get("turns"));
    // What the slider passed on its way is not asked; new data may ask the same again.
    expect([...new Set(asked)]).toEqual(["10", "3"]);
    const cut = await rows("savings", { ...everything, ...history, turns: 3 });
    expect(await figure(page, "savings")).toBe(usd(String(cut[0]?.["together_usd"])));
    await context.close();
  });

  test("a question that is asked anew is ended", async () => {
    const { page, context } = await look(browser, ledger, "/what-if?from=all&ask=tier");
    await page.route("**/what_if_tier?**tier=flex**", () => new Promise(() => {}));
    const ended = page.waitForEvent("requestfailed", (request) => request.url().includes("tier=flex"));
    const begun = page.waitForRequest((request) => request.url().includes("tier=flex"));
    await page.getByLabel("Tier", { exact: true }).selectOption("flex");
    await begun;
    await page.getByLabel("Tier", { exact: true }).selectOption("priority");
    expect((await ended).failure()?.errorText).toBe("net::ERR_ABORTED");
    await settled(page);
    const [tier] = [await rows("what_if_tier", { ...everything, tier: "priority" })];
    expect(await figure(page, "what-if")).toBe(usd(sum(tier, "what_if_cost_usd")));
    await context.close();
  });

  test("every alternative is answered by its view, with what it assumes, as it is changed", async () => {
    const { page, context } = await look(browser, ledger, "/what-if?from=all&ask=batch");
    const answer = page.locator(".answer");
    const holds = async (view: string, parameters: Row = {}, plan?: string): Promise<void> => {
      await settled(page);
      const billed = (await rows(view, { ...everything, ...parameters })).filter((row) => row["plan"] === plan);
      expect(await figure(page, "billed")).toBe(usd(sum(billed, "known_cost_usd")));
      expect(await figure(page, "what-if")).toBe(usd(sum(billed, "what_if_cost_usd")));
      expect(await figure(page, "saved")).toBe(usd(sum(billed, "saved_usd").replace("-", "")));
      expect(await answer.locator(".panel-note").innerText()).toContain("Assumes: ");
    };
    const ask = (name: string): Promise<void> => page.getByRole("link", { name, exact: true }).click();
    await holds("what_if_batch");
    await ask("Caching");
    await page.getByLabel("Kept for").selectOption("an hour");
    await holds("what_if_cache", {}, "1h");
    expect(await answer.innerText()).toContain("estimate saves between");
    await ask("Shorter history");
    await holds("what_if_history", history);
    await ask("Fewer tools");
    await holds("what_if_tools");
    await ask("Answers from memory");
    await holds("what_if_dedupe");
    await ask("Another model");
    await page.getByRole("searchbox", { name: "Model" }).fill("claude-haiku-4-5");
    await answer.getByRole("button", { name: "claude-haiku-4-5 anthropic", exact: true }).click();
    await holds("what_if_model", { model: "claude-haiku-4-5", provider: "anthropic" });
    await context.close();
  });
});

/** What is shown of no money. */
const nothing = "$0.0000";

const counts = (row: Row, ...columns: readonly string[]): string[] =>
  columns.map((column) => count(row[column] ?? null));

const tileText = (row: Row, name: string): string => `${name}: ${shownSum([row], "known_cost_usd", "unpriced_calls")}`;

/** What areas say of themselves, without their shares. */
const names = (tiles: Locator): Promise<string[]> =>
  tiles.evaluateAll((all) => all.map((tile) => (tile.getAttribute("aria-label") ?? "").replace(/, [^,]*$/, "")));
