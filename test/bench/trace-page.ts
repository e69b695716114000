import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { settle } from "@tokenledger/clickhouse";
import { openLedger } from "@tokenledger/local";
import { chromium, type CDPSession, type Page } from "playwright-core";
import { readAssets } from "../../packages/cli/src/page/assets.ts";
import { servePage } from "../../packages/cli/src/page/page-server.ts";
import type { BenchResult } from "./result.ts";
import { median } from "./statistics.ts";
import { landWideTrace, wideTraceId, wideTraceSpans } from "./wide-trace.ts";

const browserPath = "/usr/bin/chromium";
const builtPage = fileURLToPath(new URL("../../dashboards/web/dist", import.meta.url));
const framesScript = fileURLToPath(new URL("frames.browser.js", import.meta.url));
/** How long each movement lasts. */
const seconds = 3;
/** Half of a frame at 60 Hz; the rest is the browser's, for painting. */
const barMs = 8;
/** Two frames at 60 Hz, for 19 movements of 20: on a machine that does nothing else. */
const frameBarMs = 34;
const slowdowns = [1, 4];

/** How a trace of 5,000 spans loads and moves in a browser: icicle, timeline and tree. */
export async function benchTracePage(): Promise<BenchResult[]> {
  if (!existsSync(browserPath) || !existsSync(builtPage)) {
    console.log(`\ntrace-page is left out: it takes ${browserPath} and the built page`);
    return [];
  }
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-bench-page-"));
  const ledger = await openLedger({ directory });
  const key = "bench";
  const served = await servePage({
    reader: ledger.reader,
    version: "bench",
    key,
    port: 0,
    assets: readAssets(builtPage),
  });
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await landWideTrace(ledger.target);
    await settle(ledger.target);
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    await page.addInitScript({ path: framesScript });
    return [
      ...(await loading(page, `${served.origin}/trace/${wideTraceId}#key=${key}`)),
      ...(await slowdowns.reduce(
        async (before, slowdown) => [...(await before), ...(await movements(page, slowdown))],
        Promise.resolve<BenchResult[]>([]),
      )),
    ];
  } finally {
    await browser.close();
    await served.stop();
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** From the address to the first drawing, and of that what the ledger took to answer. */
async function loading(page: Page, address: string): Promise<BenchResult[]> {
  const started = performance.now();
  await page.goto(address);
  await page.waitForSelector('[data-view="trace_tree"][aria-busy="false"] canvas');
  const painted = performance.now() - started;
  const { query, transfer } = await page.evaluate<{ query: number; transfer: number }>(`(() => {
    const asked = performance.getEntriesByType("resource").find(({ name }) => name.includes("/api/views/trace_tree"));
    return { query: asked.responseStart - asked.requestStart, transfer: asked.responseEnd - asked.responseStart };
  })()`);
  const measured = `${painted.toFixed(0)} ms, of which the query ${query.toFixed(0)} ms and its transfer ${transfer.toFixed(1)} ms`;
  return [{ name: `trace of ${wideTraceSpans} spans: first drawing`, measured, bar: "none" }];
}

async function movements(page: Page, slowdown: number): Promise<BenchResult[]> {
  const session = await page.context().newCDPSession(page);
  // Of the page's thread, whatever else the machine does.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  const moved = [
    ["icicle, zoom", 'zoom(document.querySelectorAll(".span-chart")[0]'],
    ["timeline, zoom", 'zoom(document.querySelectorAll(".span-chart")[1]'],
    ["tree, scroll", 'scroll(document.querySelector(".span-grid")'],
  ] as const;
  const results: BenchResult[] = [];
  for (const [name, move] of moved) {
    const before = await cpuSeconds(session);
    const frames = await page.evaluate<number[]>(`benchFrames.${move}, ${seconds * 1000})`);
    const cpu = (1000 * ((await cpuSeconds(session)) - before)) / frames.length;
    const slow = frames.toSorted((one, other) => one - other)[Math.floor(0.95 * frames.length)] ?? Number.NaN;
    results.push({
      name: `${name}${slowdown === 1 ? "" : `, CPU ${slowdown} × slower`}`,
      measured: `${((1000 * frames.length) / frames.reduce((sum, frame) => sum + frame, 0)).toFixed(1)} frames/s, frame p50 ${median(frames).toFixed(1)} ms, p95 ${slow.toFixed(1)} ms; own CPU ${cpu.toFixed(1)} ms a frame`,
      bar: slowdown === 1 ? `p95 ≤ ${frameBarMs} ms, own CPU ≤ ${barMs} ms` : "none",
      ...(slowdown === 1 && { met: slow <= frameBarMs && cpu <= barMs }),
    });
  }
  await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  return results;
}

/** CPU that the page itself took: its script, and the styles and places of what it changed. */
async function cpuSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics
    .filter(({ name }) => name === "ScriptDuration" || name === "LayoutDuration" || name === "RecalcStyleDuration")
    .reduce((sum, { value }) => sum + value, 0);
}
