import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { explain } from "@tokenledger/clickhouse";
import { openLedger } from "@tokenledger/local";
import { chromium, type Browser, type Page } from "playwright-core";
import { readAssets } from "../../packages/cli/src/page/assets.ts";
import { servePage } from "../../packages/cli/src/page/page-server.ts";
import { jobs } from "../../clickhouse/src/settlement.ts";
import type { BenchResult } from "./result.ts";
import { fillLedger, spansPerTrace } from "./scale-ledger.ts";

const browserPath = "/usr/bin/chromium";
const builtPage = fileURLToPath(new URL("../../dashboards/web/dist", import.meta.url));
const paths = ["/", "/traces", "/agents", "/waste", "/what-if", "/customers", "/health"];

/** What a person does on a page once it has its answers, and the view that answers to it. */
interface Interaction {
  readonly name: string;
  readonly view: string;
  readonly act: (page: Page) => Promise<unknown>;
}
const interactions: Readonly<Record<string, readonly Interaction[]>> = {
  "/": [{ name: "spend by agent", view: "cost_over_time", act: (page) => choose(page, "cost_over_time", "agent") }],
  "/traces": [
    { name: "newest first", view: "trace_list", act: (page) => choose(page, "trace_list", "newest") },
    {
      name: "open the first trace",
      view: "trace_tree",
      act: (page) => page.locator('[data-view="trace_list"] tbody a').first().click(),
    },
  ],
};
const choose = (page: Page, view: string, value: string): Promise<unknown> =>
  page.locator(`[data-view="${view}"] select`).first().selectOption(value);
/** First meaningful paint: what a person waits for whatever the ledger holds. */
const barMs = 1_000;

/** How soon each page shows something, and all it has, over a ledger of so many spans. */
export async function benchPages(spans: number): Promise<BenchResult[]> {
  if (!existsSync(browserPath) || !existsSync(builtPage)) {
    console.log(`\npages is left out: it takes ${browserPath} and the built page`);
    return [];
  }
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-bench-pages-"));
  const ledger = await openLedger({ directory });
  const key = "bench";
  const options = { reader: ledger.reader, version: "bench", key, port: 0, assets: readAssets(builtPage) };
  const served = await servePage(options);
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    for (const job of jobs) await ledger.target.client.command({ query: `SYSTEM STOP VIEW ${job}` });
    await fillLedger(ledger.target, 0, spans / spansPerTrace, (traces) =>
      console.log(`  ${traces * spansPerTrace} spans`),
    );
    await explain(ledger.target);
    const results: BenchResult[] = [];
    for (const path of paths) results.push(...(await opening(browser, `${served.origin}${path}`, key)));
    return results;
  } finally {
    await browser.close();
    await served.stop();
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A page from its address to its frame, and to the last of its answers; the database's own time is the API's word. */
async function opening(browser: Browser, address: string, key: string): Promise<BenchResult[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const queries: Promise<{ name: string; millis: number; bytes: number }>[] = [];
  page.on("response", (response) => {
    const name = /\/api\/views\/(\w+)/.exec(response.url())?.[1];
    if (name !== undefined) queries.push(askedOf(name, response.text()));
  });
  const started = performance.now();
  await page.goto(`${address}?from=all#key=${key}`);
  await page.locator("main .panel").first().waitFor();
  const framed = performance.now() - started;
  await page.locator('.panel[aria-busy="true"]').first().waitFor({ state: "detached", timeout: 600_000 });
  const answered = performance.now() - started;
  const asked = (await Promise.all(queries)).toSorted((one, other) => other.millis - one.millis);
  const [slowest] = asked;
  const sent = asked.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
  const path = new URL(address).pathname;
  const acted: BenchResult[] = [];
  for (const interaction of interactions[path] ?? []) acted.push(await interacting(page, path, interaction));
  await page.close();
  return [
    {
      name: `${path}: its panels stand`,
      measured: `${framed.toFixed(0)} ms`,
      bar: `${barMs} ms`,
      met: framed <= barMs,
    },
    {
      name: `${path}: all have answers`,
      measured: `${answered.toFixed(0)} ms; ${asked.length} queries, ${sent.toFixed(0)} kB, the slowest ${slowest?.name ?? "none"} ${slowest?.millis.toFixed(0) ?? "0"} ms in the database`,
      bar: "none",
    },
    ...acted,
  ];
}

/** From what a person does to what they asked for. */
async function interacting(page: Page, path: string, { name, view, act }: Interaction): Promise<BenchResult> {
  const started = performance.now();
  const [response] = await Promise.all([
    page.waitForResponse((one) => one.url().includes(`/api/views/${view}`), { timeout: 60_000 }),
    act(page),
  ]);
  await page.locator(`[data-view="${view}"]:not([aria-busy="true"])`).first().waitFor();
  const millis = performance.now() - started;
  const query = await askedOf(view, response.text());
  return {
    name: `${path}: ${name}`,
    measured: `${millis.toFixed(0)} ms, ${query.millis.toFixed(0)} of it in the database`,
    bar: "none",
  };
}

async function askedOf(name: string, text: Promise<string>): Promise<{ name: string; millis: number; bytes: number }> {
  // A question that was given up has no body.
  const body = await text.catch(() => "{}");
  const { elapsed_ns: elapsed = 0 } = JSON.parse(body) as { elapsed_ns?: number };
  return { name, millis: elapsed / 1e6, bytes: body.length };
}
