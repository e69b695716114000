import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sumUsd, unitsOf, usd } from "../../../packages/cli/src/output/numbers.ts";
import { atLeast } from "../src/data/money.ts";
import { violations } from "./accessibility.ts";
import { expectToFitNarrowly, look, missingBrowser, openBrowser, panel, settled } from "./browser.ts";
import { type PageLedger, startPageLedger } from "./page-ledger.ts";

/** Sessions of real users, imported beside the sample program's calls. */
const sessions = fileURLToPath(new URL("../../../../shared/data/traces/claude-code", import.meta.url));
if (!existsSync(sessions)) console.log(`skipped: recorded Claude Code sessions are not at ${sessions}`);

interface Cost {
  readonly trace_id: string;
  readonly conversation_id: string;
  readonly known_cost_usd: string;
  readonly unpriced_calls: string;
}

describe.skipIf(missingBrowser !== undefined)("traces and conversations", () => {
  let ledger: PageLedger;
  let browser: Browser;
  beforeAll(async () => {
    [ledger, browser] = await Promise.all([startPageLedger(), openBrowser()]);
    await ledger.runSample();
    if (existsSync(sessions)) await ledger.command("import", "claude-code", sessions);
    await ledger.rest();
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.stop();
  });

  // What the views answer, by the names that their cases hold.
  const costs = async (view: string): Promise<Cost[]> => (await ledger.rows(view)) as unknown as Cost[];
  const shown = ({ known_cost_usd, unpriced_calls }: Cost): string => atLeast(known_cost_usd, unpriced_calls !== "0");
  const total = (page: Page): Promise<string> => page.locator(".stat-main strong").innerText();
  /** The dearest trace: of a real session where there is one. */
  const dearest = async (): Promise<string> => (await costs("trace_cost"))[0]?.trace_id ?? "";

  test("the list shows every trace with what trace_cost says, dearest first, and leads to it", async () => {
    const traces = await costs("trace_cost");
    const { page, context } = await look(browser, ledger, "/traces?from=all");
    const rows = panel(page, "Traces").locator("tbody tr");
    expect(await rows.locator("td:nth-child(2)").allInnerTexts()).toEqual(traces.map(shown));
    await rows.first().getByRole("link").click();
    await settled(page);
    expect(new URL(page.url()).pathname).toBe(`/trace/${traces[0]?.trace_id}`);
    await context.close();
  });

  test("a trace's page, its icicle and its tree say what trace_cost says", async () => {
    // The dearest ones are of real sessions, the cheapest ones the sample program's.
    const all = await costs("trace_cost");
    const traces = all.filter((_, place) => place < 2 || place >= all.length - 2);
    const { page, context, visit, problems } = await look(browser, ledger, `/trace/${traces[0]?.trace_id}`);
    for (const trace of traces) {
      await visit(`/trace/${trace.trace_id}`);
      expect(await total(page)).toBe(shown(trace));
      // It shows all of the trace: no range could change what it says.
      expect(await page.getByRole("group", { name: "Range of time" }).count()).toBe(0);
      expect(await page.getByRole("group", { name: /^Icicle/ }).getAttribute("aria-label")).toBe(
        `Icicle by cost: ${shown(trace)} in all`,
      );
      const roots = page.locator('[role="treegrid"] [aria-level="1"] [role="gridcell"]:nth-child(2)');
      const sums = (await roots.allInnerTexts()).filter(Boolean);
      expect(sums).toEqual(sums.length === 1 ? [shown(trace)] : sums);
    }
    expect(problems).toEqual([]);
    await context.close();
  });

  test("a call opens to its classes, whose costs sum to the call's, its price row, causes, pieces and attempts", async () => {
    const trace_id = await dearest();
    const calls = await ledger.rows("call_detail", { trace_id });
    const call = calls.find(({ cost_usd, billed_by }) => Number(cost_usd) > 0 && billed_by === "");
    const { page, context } = await look(browser, ledger, `/trace/${trace_id}?span=${String(call?.["span_id"])}`);
    const details = page.getByRole("region", { name: "What was chosen" });
    await details.locator('[data-view="call_classes"][aria-busy="false"] tfoot').waitFor();
    const classes = await ledger.rows("call_classes", { trace_id, span_id: call?.["span_id"] });
    expect(unitsOf(sumUsd(classes.map(({ cost_usd }) => String(cost_usd))))).toBe(unitsOf(String(call?.["cost_usd"])));
    expect(await details.locator('[data-view="call_classes"] tbody td:last-child').allInnerTexts()).toEqual(
      classes.map(({ cost_usd }) => usd(String(cost_usd), 6)),
    );
    const text = await details.innerText();
    expect(text).toContain(String(call?.["price_card_id"]));
    expect(text).toContain(String(classes[0]?.["source"]).replaceAll("https://", ""));
    expect(text).toContain("Attempts");
    await details.locator('[data-view="call_cause_cost"][aria-busy="false"] .bar-text').first().waitFor();
    const causes = await details.locator('[data-view="call_cause_cost"] .bar-text').allInnerTexts();
    expect(causes.every((amount) => amount.startsWith("$") || amount.startsWith("<$"))).toBe(true);
    await details.locator('[data-view="call_pieces"][aria-busy="false"] :is(table, p)').first().waitFor();
    await context.close();
  });

  test("icicle, timeline and tree share what is chosen, by keys alone, and the address restores it", async () => {
    const { page, context, visit } = await look(browser, ledger, `/trace/${await dearest()}`);
    await page.getByRole("group", { name: /^Icicle/ }).focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "w", "w"]) await page.keyboard.press(key);
    const chosen = page.locator('[role="row"][aria-selected="true"]');
    const label = await chosen.locator(".span-label").innerText();
    expect(
      await page
        .getByRole("group", { name: /^Icicle/ })
        .getByRole("status")
        .innerText(),
    ).toContain(label);
    expect(await page.getByRole("region", { name: "What was chosen" }).getByRole("heading").first().innerText()).toBe(
      label,
    );
    await page.waitForURL(/[?&]seen=/);
    const address = page.url();
    // Where the window of the minimap is, to a hundredth of a per cent.
    const seenPart = async (): Promise<string> =>
      String(await page.locator(".minimap i").getAttribute("style")).replaceAll(/(\.\d{2})\d+/g, "$1");
    const part = await seenPart();
    expect(part).not.toContain("width: 100%");
    await page.getByRole("treegrid").focus();
    await page.keyboard.press("ArrowDown");
    expect(await chosen.locator(".span-label").innerText()).not.toBe(label);
    await visit(address.slice(ledger.origin.length));
    expect(await chosen.locator(".span-label").innerText()).toBe(label);
    expect(await seenPart()).toBe(part);
    await context.close();
  });

  test("the search says which part of the money was found, and a weight draws another icicle", async () => {
    const trace_id = await dearest();
    const { page, context } = await look(browser, ledger, `/trace/${trace_id}`);
    await page.keyboard.press("/");
    await page.keyboard.type("invoke_agent");
    await page.getByText("100.0 % of cost").waitFor();
    await page.getByLabel("Width shows").selectOption("output");
    await page.getByText("100.0 % of output tokens").waitFor();
    await page.getByLabel("Order").selectOption("weight");
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      find: "invoke_agent",
      weight: "output",
      order: "weight",
    });
    await context.close();
  });

  test("a conversation's page says what conversation_cost says, and its gaps cost what its turns say", async () => {
    const conversations = (await costs("conversation_cost")).filter(({ conversation_id }) => conversation_id !== "");
    if (conversations.length === 0) return console.log("skipped: no recorded session, no conversation");
    const { page, context, visit, problems } = await look(browser, ledger, "/traces?from=all&list=conversations");
    expect(await panel(page, "Conversations").locator("tbody tr").count()).toBeGreaterThanOrEqual(conversations.length);
    for (const one of conversations.slice(0, 2)) {
      await visit(`/conversation/${one.conversation_id}?from=all&agent=*`);
      expect(await total(page)).toBe(shown(one));
      const turns = await ledger.rows("conversation_turns", { in_conversation: one.conversation_id });
      expect(sumUsd(turns.map(({ known_cost_usd }) => String(known_cost_usd)))).toBe(sumUsd([one.known_cost_usd]));
      const growth = panel(page, "How the context grew");
      expect(await growth.innerText()).toContain(`${turns.length} calls, ${shown(one)}`);
      const lost = turns.filter(({ rewritten_tokens, idle_ms }) => Number(rewritten_tokens) > 0 && idle_ms !== null);
      const said = usd(sumUsd(lost.map(({ rewrite_loss_usd }) => String(rewrite_loss_usd))));
      expect(await panel(page, "What each idle gap cost").innerText()).toContain(
        lost.length === 0 ? "Nothing that had been in the cache was written to it again." : said,
      );
    }
    expect(problems).toEqual([]);
    return context.close();
  });

  test("a trace and a conversation are clean by axe, light and dark, and fit a narrow screen", async () => {
    const trace_id = await dearest();
    const [call] = (await ledger.rows("call_detail", { trace_id })) as unknown as { span_id: string }[];
    const [conversation] = await costs("conversation_cost");
    const paths = [
      `/trace/${trace_id}?span=${call?.span_id}`,
      `/conversation/${conversation?.conversation_id}?from=all`,
      "/traces?from=all&list=conversations",
    ];
    const { page, context, visit } = await look(browser, ledger, "/traces?from=all", { bypassCSP: true });
    for (const path of paths) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await visit(path);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page), `${path}, ${colorScheme}`).toEqual([]);
      }
      await expectToFitNarrowly(page);
    }
    await context.close();
  });
});
