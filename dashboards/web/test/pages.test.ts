import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { count, sumUsd, usd } from "../../../packages/cli/src/output/numbers.ts";
import { violations } from "./accessibility.ts";
import { expectToFitNarrowly, look, missingBrowser, openBrowser, panel, settled } from "./browser.ts";
import { type PageLedger, startPageLedger } from "./page-ledger.ts";

/** Sessions of real users, imported beside the sample program's calls. */
const sessions = fileURLToPath(new URL("../../../../shared/data/traces/claude-code", import.meta.url));
if (!existsSync(sessions)) console.log(`skipped: recorded Claude Code sessions are not at ${sessions}`);

/** Pages that need no name in their address. */
const paths = ["/", "/agents", "/waste", "/what-if", "/customers", "/health"];

describe.skipIf(missingBrowser !== undefined)("the page", () => {
  let ledger: PageLedger;
  let browser: Browser;
  beforeAll(async () => {
    [ledger, browser] = await Promise.all([startPageLedger(), openBrowser()]);
    await ledger.runSample();
    const given = async (what: "budgets" | "revenue", lines: readonly string[]): Promise<string> => {
      const file = join(ledger.home, `${what}.csv`);
      writeFileSync(file, lines.join("\n"));
      return ledger.command("import", what, file);
    };
    await given("budgets", ["scope,name,period,limit_usd,valid_from", "all,,month,0.05,2026-01-01"]);
    await given("revenue", ["customer_id,revenue_usd,starts_at,ends_at", "acme,9,2020-01-01,2040-01-01"]);
    if (existsSync(sessions)) await ledger.command("import", "claude-code", sessions);
    await ledger.rest();
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.stop();
  });

  const textOf = async (page: Page, title: string): Promise<string> =>
    (await panel(page, title).innerText()).replaceAll(/\s+/g, " ");

  test.each(paths)(
    "%s is clean by axe, light and dark, fits a narrow screen, and asks nobody but its ledger",
    async (path) => {
      const { page, context, requests, problems } = await look(browser, ledger, `${path}?from=24h`, {
        bypassCSP: true,
      });
      expect(await violations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await violations(page)).toEqual([]);
      await expectToFitNarrowly(page);
      expect(problems).toEqual([]);
      expect(requests.filter((address) => !address.startsWith(`${ledger.origin}/`))).toEqual([]);
      await context.close();
    },
  );

  test("the overview shows what the views answer, to the last digit that is shown", async () => {
    const { page, context, problems } = await look(browser, ledger, "/?from=all");
    // Under its own policy, too.
    expect(problems).toEqual([]);
    const [total] = await ledger.rows("ledger_total");
    const inAll = await textOf(page, "In all");
    const known = usd(String(total?.["known_cost_usd"]));
    expect(inAll).toContain(total?.["unpriced_calls"] === "0" ? known : `at least ${known}`);
    expect(inAll).toContain(`Calls ${count(String(total?.["calls"]))}`);
    const models = await ledger.rows("model_cost");
    const chart = await panel(page, "Spend over time").getByRole("img").getAttribute("aria-label");
    const dearest = Object.entries(Object.groupBy(models, ({ model }) => String(model)))
      .map(([name, rows = []]) => `${name} ${usd(sumUsd(rows.map((row) => String(row["known_cost_usd"]))))}`)
      .slice(0, 3);
    for (const one of dearest) expect(chart).toContain(one);
    expect(await textOf(page, "Spend over time")).toContain(`${known} in all`);
    await context.close();
  });

  test("every page and the report tell the same total", async () => {
    const { page, context, requests, visit } = await look(browser, ledger, "/?from=all");
    const report = JSON.parse(await ledger.command("report", "--json")) as { totals: { known_cost_usd: string } };
    const total = usd(report.totals.known_cost_usd);
    expect(await textOf(page, "In all")).toContain(total);
    const opened = Date.now();
    await visit("/customers?from=all");
    expect(await textOf(page, "Unit economics")).toContain(total);
    const budgets = new URL(requests.find((address) => address.includes("/api/views/budget_status?")) ?? "");
    expect(Date.parse(budgets.searchParams.get("at") ?? "")).toBeGreaterThanOrEqual(opened);
    const [budget] = await ledger.rows("budget_status", { at: new Date() });
    expect(await textOf(page, "Budgets")).toContain(`${usd(String(budget?.["known_cost_usd"]), 2)} of $0.05`);
    await context.close();
  });

  test("a budget is that of the period in which the range of time ends", async () => {
    const { page, context } = await look(browser, ledger, "/customers?from=2026-02-01&to=2026-03-01");
    expect(await textOf(page, "Budgets")).toMatch(/of \$0\.05 \d+ % spent, 100 % of the time gone/);
    await context.close();
  });

  test("a range of time in the address is the one that is shown, and its links keep it", async () => {
    const { page, context } = await look(browser, ledger, "/?from=2001-01-01&to=2001-01-02");
    expect(await textOf(page, "In all")).toContain("No model calls in this range of time.");
    await page.getByRole("link", { name: "Waste" }).click();
    expect(new URL(page.url()).search).toBe("?from=2001-01-01&to=2001-01-02");
    await page.goBack();
    await page.getByRole("button", { name: "Show all time" }).click();
    await settled(page);
    expect(page.url()).toBe(`${ledger.origin}/?from=all`);
    expect(await textOf(page, "In all")).not.toContain("No model calls");
    await context.close();
  });

  test("what is no time is said, and the usual range is shown", async () => {
    const { page, context } = await look(browser, ledger, "/?from=someday");
    expect(await page.getByRole("alert").innerText()).toContain('"someday" is no time');
    await context.close();
  });

  test("an address restores the view: what the series are by, and the order of a table", async () => {
    const { page, context, visit } = await look(browser, ledger, "/health?from=all");
    await page.getByRole("button", { name: "calls", exact: true }).first().click();
    const ordered = page.url();
    expect(ordered).toContain("order.");
    const before = await panel(page, "How sure the prices are").innerText();
    await visit(ordered.slice(ledger.origin.length));
    expect(await panel(page, "How sure the prices are").innerText()).toBe(before);
    await visit("/?from=all");
    await page.getByLabel("by", { exact: true }).selectOption("agent");
    await settled(page);
    expect(new URL(page.url()).searchParams.get("by")).toBe("agent");
    expect(await panel(page, "Spend over time").getByRole("img").getAttribute("aria-label")).toContain("desk $");
    await context.close();
  });

  test("a panel gives its rows, its picture and its query", async () => {
    const { page, context } = await look(browser, ledger, "/?from=all");
    const spend = panel(page, "Spend over time");
    const take = async (item: string): Promise<void> => {
      await spend.getByRole("button", { name: "Take from Spend over time" }).click();
      await spend.getByRole("button", { name: item, exact: true }).click();
    };
    await take("Copy SQL");
    const sql = String(await page.evaluate("navigator.clipboard.readText()"));
    expect(sql).toMatch(/^SELECT \* FROM cost_over_time\(/);
    const answered = await ledger.command("sql", "--json", sql);
    expect((JSON.parse(answered) as { rows: number }).rows).toBeGreaterThan(0);
    const saved = async (item: string): Promise<Buffer> => {
      const [download] = await Promise.all([page.waitForEvent("download"), take(item)]);
      return readFileSync(await download.path());
    };
    const lines = (await saved("Save CSV")).toString().trimEnd().split("\r\n");
    expect(lines[0]).toMatch(/^starts_at,name,calls,/);
    expect(lines).toHaveLength((JSON.parse(answered) as { rows: number }).rows + 1);
    expect((await saved("Save PNG")).subarray(1, 4).toString()).toBe("PNG");
    await take("Show as table");
    expect(await spend.getByRole("table").getAttribute("aria-rowcount")).toBe(String(lines.length));
    await context.close();
  });

  test("rows of before are marked as such at once", async () => {
    const { page, context } = await look(browser, ledger, "/?from=all");
    const panelOf = await panel(page, "In all").elementHandle();
    // As soon as it is drawn, before the question goes out.
    const busy = await page.getByRole("button", { name: "24 hours" }).evaluate(async (button, shown) => {
      (button as HTMLElement).click();
      for (let step = 0; step < 5; step++) await Promise.resolve();
      return shown?.getAttribute("aria-busy");
    }, panelOf);
    expect(busy).toBe("true");
    await context.close();
  });

  test("is walked by keys alone", async () => {
    const { page, context } = await look(browser, ledger, "/?from=all");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("2");
    await settled(page);
    expect(new URL(page.url()).pathname).toBe("/traces");
    await page.keyboard.press("7");
    await settled(page);
    const rows = panel(page, "How old the prices are").locator("tbody tr");
    await rows.first().focus();
    await page.keyboard.press("ArrowDown");
    await page.locator('tr[aria-rowindex="3"]:focus').waitFor();
    await context.close();
  });

  test("keeps the theme that was chosen", async () => {
    const { page, context, visit } = await look(browser, ledger, "/health?from=all");
    const shown = (): Promise<unknown> => page.evaluate("document.documentElement.dataset.theme");
    expect(await shown()).toBe("light");
    await page.getByRole("button", { name: "Theme: system" }).click();
    await page.getByRole("button", { name: "Theme: light" }).click();
    expect(await shown()).toBe("dark");
    await visit("/health");
    expect(await shown()).toBe("dark");
    await context.close();
  });

  test("without its key shows nothing but how to get it", async () => {
    const { page, context } = await look(browser, { origin: ledger.origin, key: "another" }, "/");
    await page.getByRole("heading", { name: "This page needs its key" }).waitFor();
    expect(await page.locator(".panel").count()).toBe(0);
    await context.close();
  });

  test("says when the ledger is gone, keeps what it knows, and asks again when told", async () => {
    const { page, context } = await look(browser, ledger, "/?from=all");
    const before = await textOf(page, "In all");
    await page.route("**/api/**", (route) => route.abort());
    await page.getByText("no answer").waitFor();
    expect(await textOf(page, "In all")).toBe(before);
    await page.getByRole("button", { name: "24 hours" }).click();
    await panel(page, "In all").getByText("Is tokenledger up still running?").waitFor();
    await page.unroute("**/api/**");
    await panel(page, "In all").getByRole("button", { name: "Ask again" }).click();
    await panel(page, "In all").getByText("Spent").waitFor();
    await context.close();
  });

  test("shows new calls by itself", async () => {
    const { page, context } = await look(browser, ledger, "/customers?from=24h");
    const economics = panel(page, "Unit economics");
    expect(await economics.innerText()).toMatch(/Calls\s+19\b/);
    await ledger.runSample();
    await economics.getByText("38", { exact: true }).waitFor({ timeout: 120_000 });
    expect(await economics.innerText()).toMatch(/Calls\s+38\b/);
    await context.close();
  });
});
