import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { startProviderDouble, type ProviderDouble } from "@tokenledger/provider-double";
import { afterAll, beforeAll, expect, test } from "vitest";
import { heldSpans, makeHome } from "./accounts.ts";
import { runApp } from "./run-app.ts";

const repository = resolve(import.meta.dirname, "../..");
const workspaces = [...readdirSync(join(repository, "packages")).map((name) => `packages/${name}`), "clickhouse"];
const project = mkdtempSync(join(tmpdir(), "tokenledger-packed-"));

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

let packed: Packed[];
let double: ProviderDouble;

const npm = (args: readonly string[], cwd: string): string =>
  execFileSync("npm", [...args, "--loglevel=error"], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** What a user gets: every published package from its tarball, in a folder that has nothing else. */
beforeAll(async () => {
  double = await startProviderDouble();
  const which = workspaces.flatMap((workspace) => ["--workspace", workspace]);
  packed = JSON.parse(
    npm(["pack", "--json", "--ignore-scripts", "--pack-destination", project, ...which], repository),
  ) as Packed[];
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(repository, "node_modules/openai/package.json"), "utf8"),
  );
  const tarballs = packed.map(({ name, filename }) => [name, `file:${basename(filename)}`]);
  const dependencies = { ...Object.fromEntries(tarballs), openai: manifest.version };
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, dependencies }));
  npm(["install", "--ignore-scripts", "--omit=optional", "--prefer-offline", "--no-audit", "--no-fund"], project);
  cpSync(join(import.meta.dirname, "apps"), join(project, "apps"), { recursive: true });
}, 300_000);
afterAll(async () => {
  await double?.close();
  rmSync(project, { recursive: true, force: true });
});

test("the tarballs hold what runs and what must be read, and nothing else", () => {
  const allowed =
    /^(?:package\.json|README\.md|LICENSE|NOTICE|schema\.sql|bin\/\w+\.js|dist\/[\w./-]+\.(?:c?js|d\.c?ts)|dist\/page\/[\w./-]+\.(?:html|js|css|svg)|(?:migrations|facts|views\/\w+)\/\w+\.sql)$/;
  const others = packed.flatMap(({ name, files }) =>
    files.map(({ path }) => `${name}: ${path}`).filter((line) => !allowed.test(line.slice(name.length + 2))),
  );
  expect(packed).toHaveLength(workspaces.length);
  expect(others).toEqual([]);
});

test("a clone has its command, which npm links to a file that is there before anything is built", () => {
  const manifest = JSON.parse(readFileSync(join(repository, "packages/cli/package.json"), "utf8")) as {
    bin: Record<string, string>;
  };
  const target = manifest.bin["tokenledger"] ?? "";
  expect(target).not.toMatch(/\bdist\b/);
  expect(readFileSync(join(repository, "packages/cli", target), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test.each([
  ["ES modules", ["--import", "tokenledger/register", "apps/one-call.mjs"]],
  ["CommonJS", ["--require", "tokenledger/register", "apps/one-call.cjs"]],
])("an app under the hook, %s", async (_, args) => {
  // Nothing listens there: spans are held, where the test reads them.
  const home = makeHome({ url: "http://127.0.0.1:9", token: "unused" });
  const env = { TOKENLEDGER_HOME: home, PROVIDER_URL: double.openai };
  const ended = await runApp({ directory: project, args, env });
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(heldSpans(home).map(({ name }) => name)).toHaveLength(1);
  rmSync(home, { recursive: true, force: true });
});

test("npx tokenledger answers, and says what to install where the engine is missing", async () => {
  expect(npm(["exec", "--offline", "tokenledger", "--", "--help"], project)).toContain("Usage: tokenledger");
  const home = join(project, "home");
  mkdirSync(home);
  const bin = "node_modules/tokenledger/dist/bin.js";
  const report = await runApp({ directory: project, args: [bin, "report"], env: { TOKENLEDGER_HOME: home } });
  expect(report).toMatchObject({ code: 1, stdout: "" });
  expect(report.stderr).toMatch(/npm install|--clickhouse/);
});

test("the installed packages are small, the database engine aside", () => {
  const modules = join(project, "node_modules");
  const sizes = new Map<string, number>();
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = /^@?[^/]+/.exec(path.slice(modules.length + 1))?.[0] ?? "";
    if (entry.isFile()) sizes.set(name, (sizes.get(name) ?? 0) + statSync(path).size);
  }
  sizes.delete("openai");
  const megabytes = [...sizes.values()].reduce((sum, size) => sum + size, 0) / 1e6;
  const largest = [...sizes].toSorted(([, a], [, b]) => b - a).slice(0, 5);
  console.log(
    `installed without the engine: ${megabytes.toFixed(1)} MB;`,
    largest.map(([name, size]) => `${name} ${(size / 1e6).toFixed(1)}`).join(", "),
  );
  expect(megabytes).toBeLessThan(20);
});

test("npx tokenledger up shows the page, whose every file came with the package", async () => {
  // The engine and what calls it are this machine's own, and half a gigabyte: npm would fetch the same.
  for (const scope of ["@chdb", "@yuuang"]) {
    symlinkSync(join(repository, "node_modules", scope), join(project, "node_modules", scope));
  }
  const home = join(project, "page-home");
  const up = spawn(
    "npm",
    ["exec", "--offline", "tokenledger", "--", "up", "--port", "0", "--page-port", "0", "--json"],
    {
      cwd: project,
      env: { ...process.env, TOKENLEDGER_HOME: home },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    },
  );
  try {
    const { origin, hash } = new URL(await pageOf(up.stdout));
    const shown = await fetch(`${origin}/trace/any`);
    const html = await shown.text();
    expect(html).toContain("<title>Tokenledger</title>");
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, file = ""]) => new URL(file, `${origin}/`).href,
    );
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) expect((await fetch(file)).headers.get("content-type")).not.toContain("html");
    const headers = { Authorization: `Bearer ${hash.replace("#key=", "")}` };
    const answer = await fetch(`${origin}/api/views/ledger_total`, { headers });
    expect(await answer.json()).toMatchObject({ rows: [expect.any(Array)] });
  } finally {
    const ended = once(up, "exit");
    // npm hands no signal on, so its whole group gets it.
    process.kill(-(up.pid ?? 0), "SIGINT");
    await ended;
  }
});

/** The page's address, as `up --json` tells it. */
async function pageOf(stdout: Readable): Promise<string> {
  let said = "";
  for await (const text of stdout.setEncoding("utf8") as AsyncIterable<string>) {
    said += text;
    if (said.trimEnd().endsWith("}")) return (JSON.parse(said) as { page: string }).page;
  }
  throw new Error(`tokenledger up ended before it said where the page is: ${said}`);
}
