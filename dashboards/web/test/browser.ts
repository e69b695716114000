import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import type { PageLedger } from "./page-ledger.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Why no browser test can run here; undefined where they can. */
export const missingBrowser: string | undefined = existsSync(executablePath)
  ? undefined
  : `skipped: no Chromium at ${executablePath}; install it, or name another one in CHROMIUM`;
if (missingBrowser !== undefined) console.log(missingBrowser);

/** A browser with a fresh profile that talks to nobody of its own accord. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A window on the page, with what it asked for and complained of. */
export interface Look {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Addresses that were asked for. */
  readonly requests: readonly string[];
  /** Errors of the script and of the console. */
  readonly problems: readonly string[];
  /** Goes to another address of the page, as a link from elsewhere would. */
  readonly visit: (path: string) => Promise<void>;
}

export interface LookOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  /** Lets test tools into the page that its policy keeps out. */
  readonly bypassCSP?: boolean;
}

/** Opens the page as its owner does, by the address that `up` printed, and waits until all its panels have answers. */
export async function look(
  browser: Browser,
  ledger: Pick<PageLedger, "origin" | "key">,
  path: string,
  { width = 1440, height = 900, theme = "light", bypassCSP = false }: LookOptions = {},
): Promise<Look> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, bypassCSP });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    // That an answer failed is said by its panel, whose words are what tests read.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (!isAnswer && ["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  const visit = async (target: string): Promise<void> => {
    await page.goto(`${ledger.origin}${target}`);
    await settled(page);
  };
  await page.goto(`${ledger.origin}${path}#key=${ledger.key}`);
  await settled(page);
  return { page, context, requests, problems, visit };
}

/** On a machine that does much else; views themselves may take a minute at most. */
export const slowestAnswerMs = 100_000;

/** Waits until no panel waits for an answer or is still fading in. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main .panel, main .notice").first().waitFor();
  await page.locator('.panel[aria-busy="true"]').first().waitFor({ state: "detached", timeout: slowestAnswerMs });
  const moving = (): Promise<number> => page.evaluate("document.getAnimations().length");
  await expect.poll(moving, { message: `animations of ${page.url()}`, timeout: 30_000 }).toBe(0);
}

/** Nothing of the page lies beyond the edge of a narrow window. Drawings follow their window some frames later. */
export async function expectToFitNarrowly(page: Page): Promise<void> {
  const width = 390;
  await page.setViewportSize({ width, height: 800 });
  const taken = (): Promise<number> => page.evaluate("document.documentElement.scrollWidth");
  await expect.poll(taken, { message: `pixels of ${page.url()}`, timeout: 30_000 }).toBeLessThanOrEqual(width);
}

/** The panel of a title. */
export const panel = (page: Page, title: string): ReturnType<Page["locator"]> =>
  page.locator(".panel").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
