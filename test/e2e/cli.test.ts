import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bin, commandLine, interrupt, startUp, type Answer } from "./cli-process.ts";

const home = mkdtempSync(join(tmpdir(), "tokenledger-cli-"));
const cli = commandLine(home);
/** What no output may hold: control characters and marks that reorder a line. */
const steering = /[\p{Cc}\p{Cf}]/u;
const hostile = "evil\u001b[31m\u009b2J\u202e=cmd()";

let running: Awaited<ReturnType<typeof startUp>>;
let empty: Answer;

beforeAll(async () => {
  running = await startUp(home);
  empty = await cli(["report"]);
  writeFileSync(join(home, "session.jsonl"), transcript());
  writeFileSync(join(home, "spans.json"), JSON.stringify(spans()));
  for (const [source, file] of [
    ["claude-code", "session.jsonl"],
    ["otlp", "spans.json"],
  ] as const) {
    const imported = await cli(["import", source, join(home, file)]);
    if (imported.code !== 0) throw new Error(`the ledger could not be filled: ${imported.stderr}`);
  }
});
afterAll(async () => {
  if (running && running.child.exitCode === null) await interrupt(running.child);
  rmSync(home, { recursive: true, force: true });
});

/** One good call, one torn line, one call of a model without a price. */
function transcript(): string {
  const message = (id: string, model: string) => ({
    type: "assistant",
    sessionId: "11111111-2222-4333-8444-555555555555",
    uuid: id,
    timestamp: "2026-03-01T10:00:00.000Z",
    message: { id, model, stop_reason: "end_turn", usage: { input_tokens: 1000, output_tokens: 100 } },
  });
  const good = JSON.stringify(message("msg_01AAAAAAAAAAAAAAAA", "claude-opus-4-6"));
  const unpriced = JSON.stringify(message("msg_01BBBBBBBBBBBBBBBB", "claude-of-tomorrow"));
  return `${good}\n${good.slice(0, 90)}\n${unpriced}\n`;
}

/** A span whose names try to steer the terminal. */
function spans(): unknown {
  const attributes = Object.entries({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.response.model": `gpt-5.4-${hostile}`,
    "gen_ai.agent.name": hostile,
    "gen_ai.usage.input_tokens": "7",
    "gen_ai.usage.output_tokens": "3",
  }).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    name: `chat ${hostile}`,
    startTimeUnixNano: "1772359200000000000",
    endTimeUnixNano: "1772359201000000000",
    attributes,
  };
  return { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: "t" }, spans: [span] }] }] };
}

const trace = "0af7651916cd43dd8448eb211c80319c";

describe("every command", () => {
  const commands: readonly (readonly string[])[] = [
    ["report"],
    ["agents"],
    ["waste"],
    ["waste", "--trace", trace],
    ["whatif", "model", "gpt-5.4", "--provider", "openai"],
    ["whatif", "cache"],
    ["whatif", "batch"],
    ["whatif", "tier", "batch"],
    ["whatif", "history", "--turns", "5"],
    ["whatif", "dedupe"],
    ["whatif", "tools"],
    ["whatif", "savings"],
    ["diff", trace, "2026-03-01..2026-03-02"],
    ["trace"],
    ["trace", trace],
    ["views"],
    ["prices", "opus-4-6"],
    ["doctor"],
    ["migrate"],
    ["sql", "SELECT count() AS calls, sum(known_cost_usd) AS cost FROM llm_calls FINAL"],
  ];

  const named = commands.map((args) => ({ args, command: args.join(" ") }));

  /** Fit 80 columns; what the others print is as wide as the names in it. */
  const reports = new Set<string | undefined>(["report", "agents", "waste", "whatif"]);

  test.each(named)("$command answers on standard output, safe for a terminal", async ({ args }) => {
    const text = await cli(args);
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).not.toBe("");
    // Not a terminal: no colours. Hostile names lie in the data, escaped.
    expect(text.stdout.replaceAll(/[\n\t]/g, "")).not.toMatch(steering);
    if (!reports.has(args[0])) return;
    // A query that proves something stands on one line, to be copied.
    const lines = text.stdout.split("\n").filter((line) => !line.startsWith("   Proof: "));
    expect(lines.filter((line) => Array.from(line).length > 80)).toEqual([]);
  });

  test.each(named)("$command --json prints one JSON document without a number for money", async ({ args }) => {
    const answer = await cli([...args, "--json"]);
    expect(answer).toMatchObject({ code: 0, stderr: "" });
    const money: unknown[] = [];
    JSON.parse(answer.stdout, (key, value: unknown) => {
      if (/_usd$|^cost$/.test(key) && value !== null) money.push(value);
      return value;
    });
    for (const amount of money) expect(amount).toMatch(/^-?\d+(\.\d+)?$|^$/);
    expect(answer.stdout.replaceAll(/[\n\t]/g, "")).not.toMatch(steering);
  });
});

test("the total in the text, in JSON and of the view is one number", async () => {
  const [text, json, view] = await Promise.all([
    cli(["report"]),
    cli(["report", "--json"]),
    cli(["sql", "SELECT known_cost_usd FROM ledger_total(from = '1970-01-01', to = '2100-01-01') FORMAT TSV"]),
  ]);
  const { totals } = JSON.parse(json.stdout) as { totals: Record<string, string> };
  // 1,000 tokens in at $5 and 100 out at $25 a million; the other two calls have no price.
  expect(totals).toMatchObject({ calls: "3", unpriced_calls: "2", known_cost_usd: "0.0075", cost_usd: null });
  expect(view.stdout.trim()).toBe("0.0075");
  expect(text.stdout).toContain("$0.0075  + 2 calls of unknown cost");
});

test("an empty ledger says how to fill it", () => {
  expect(empty).toMatchObject({ code: 0, stderr: "" });
  expect(empty.stdout).toContain("tokenledger import claude-code");
});

test("doctor names the SDKs that an app in this folder loads", async () => {
  const { stdout } = await cli(["doctor"]);
  for (const sdk of ["openai", "@anthropic-ai/sdk"])
    expect(stdout).toMatch(new RegExp(`^ok  ${sdk}: .* is observed$`, "m"));
});

test("colours come only where they are asked for", async () => {
  expect((await cli(["report"], { env: { FORCE_COLOR: "1" } })).stdout).toContain("\u001b[");
  for (const env of [{ CI: "true" }, { NO_COLOR: "1" }]) {
    expect((await cli(["report"], { env })).stdout).not.toContain("\u001b");
  }
});

describe("mistakes", () => {
  const usage = 2;
  const failure = 1;
  test.each([
    [usage, "unknown command", ["reprot"]],
    [usage, "unknown option", ["report", "--sinc", "7d"]],
    [usage, "no time", ["report", "--since", "yesterday"]],
    [usage, "no time", ["report", "--since", "2026-02-31"]],
    [usage, "must be before", ["report", "--since", "2026-03-02", "--until", "2026-03-01"]],
    [usage, "no view", ["views", "all_the_money"]],
    [usage, "no trace id", ["trace", "xyz"]],
    [failure, "holds no trace", ["trace", "f".repeat(32)]],
    [failure, "holds no calls of conversation nobody's", ["waste", "--conversation", "nobody's"]],
    [usage, "no trace id", ["waste", "--trace", "xyz"]],
    [usage, "no count", ["whatif", "history", "--turns", "many"]],
    [usage, "Allowed choices are", ["whatif", "tier", "fastest"]],
    [usage, "missing required argument", ["whatif", "model"]],
    [usage, "no percentage", ["diff", trace, "7d..", "--fail-above", "much"]],
    [usage, "no run", ["diff", trace, "trace:xyz"]],
    [failure, "no trace, conversation or service", ["diff", trace, "run-of-nobody"]],
    [failure, "no model", ["prices", "model-of-nobody"]],
    [failure, "Syntax error", ["sql", "SELEC 1"]],
    [failure, "sql only reads", ["sql", "INSERT INTO llm_calls (model) VALUES ('x')"]],
    [failure, "file() is not allowed", ["sql", "SELECT * FROM file('/etc/passwd', 'LineAsString')"]],
    [failure, "file() is not allowed", ["sql", "SELECT file('/etc/passwd')"]],
    [failure, "sql only reads", ["sql", "SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')"]],
    [failure, "throwIf", ["sql", "SELECT throwIf(number = 200000) FROM numbers(300000)"]],
    [usage, "write a query", ["sql"]],
    [usage, "does not exist", ["import", "claude-code", "/nonexistent"]],
    [usage, "neither a file nor a folder", ["import", "otlp", "/dev/null"]],
    [usage, "no port", ["up", "--port", "http"]],
    [failure, "already up", ["up", "--port", "0"]],
    [failure, "cannot be used", ["report", "--clickhouse", "http://127.0.0.1:9/x"]],
    [failure, "there is no such program", ["run", "--", "program-of-nobody"]],
  ] as const)("exit code %i and %j: %j", async (code, message, args) => {
    const answer = await cli(args);
    expect(answer).toMatchObject({ code, stdout: "" });
    expect(answer.stderr).toContain(message);
    expect(answer.stderr).not.toMatch(/^ {4}at /m);
  });

  test("a port in use", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "tokenledger-cli-port-"));
    const answer = await commandLine(elsewhere)(["up", "--port", new URL(running.receiver).port]);
    rmSync(elsewhere, { recursive: true, force: true });
    expect(answer.code).toBe(failure);
    expect(answer.stderr).toContain("--port");
  });
});

test.each([
  ["sql 'SELECT number FROM numbers(3000000)'", "number"],
  ["report --json", "{"],
])("a reader that leaves early ends %s in silence", (command, first) => {
  const script = `"$0" "$1" ${command} | head -1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script, process.execPath, bin], {
    env: { ...process.env, TOKENLEDGER_HOME: home },
    encoding: "utf8",
  });
  expect({ stdout, stderr }).toEqual({ stdout: `${first}\n0\n`, stderr: "" });
});

describe("import", () => {
  test("names what it sets aside, and changes nothing the second time", async () => {
    const before = await cli(["report", "--json"]);
    const again = await cli(["import", "claude-code", join(home, "session.jsonl")]);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain("Imported 2 model calls of 1 session");
    expect(again.stderr).toContain("set aside: ");
    const totals = ({ stdout }: Answer): unknown => (JSON.parse(stdout) as { totals: unknown }).totals;
    expect(totals(await cli(["report", "--json"]))).toEqual(totals(before));
  });

  test("takes what no span knows, revenue and budgets, and corrects them by another import", async () => {
    const file = join(home, "paid.csv");
    const margin = async (): Promise<string> =>
      (
        await cli([
          "sql",
          "SELECT revenue_usd FROM unit_economics(from = '2026-03-01', to = '2026-04-01') WHERE level = 'whole' FORMAT TSV",
        ])
      ).stdout.trim();
    for (const paid of ["62", "31"]) {
      writeFileSync(file, `customer_id,starts_at,ends_at,revenue_usd\nacme,2026-03-01,2026-05-01,${paid}\n`);
      expect(await cli(["import", "revenue", file])).toMatchObject({ code: 0, stdout: "Imported 1 row of revenue\n" });
    }
    expect(await margin()).toBe("15.754098360655737");
    writeFileSync(file, "scope,name,period,limit\nall,,month,1\n");
    const refused = await cli(["import", "budgets", file]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain('it lacks limit_usd, and "limit" is none of them');
  });

  test("follows a link that the user names, and none below a folder", async () => {
    const folder = join(home, "links");
    mkdirSync(folder);
    symlinkSync(join(home, "session.jsonl"), join(folder, "session.jsonl"));
    expect(await cli(["import", "claude-code", join(folder, "session.jsonl")])).toMatchObject({ code: 0 });
    const below = await cli(["import", "claude-code", folder]);
    expect(below).toMatchObject({ code: 2, stdout: "" });
    expect(below.stderr).toContain("holds no .jsonl transcript");
  });
});

describe("run", () => {
  const node = process.execPath;
  test("keeps standard input, output and the exit code", async () => {
    const program = "process.stdin.pipe(process.stdout).on('unpipe', () => { process.exitCode = 3 })";
    const answer = await cli(["run", "--", node, "-e", program], { stdin: "words\n" });
    expect(answer.code).toBe(3);
    expect(answer.stdout).toMatch(/^words\n/);
  });

  test("takes a program with spaces in its path, NODE_OPTIONS that were set, and no --", async () => {
    const program = join(home, "a program.mjs");
    writeFileSync(program, "console.log(process.env.NODE_OPTIONS, process.argv[2]);");
    const answer = await cli(["run", node, program, "--json"], { env: { NODE_OPTIONS: "--max-old-space-size=300" } });
    expect(answer.code).toBe(0);
    expect(answer.stdout).toMatch(/^--max-old-space-size=300 --import \S+ --json\n/);
  });

  test("reports a death by signal as shells do", async () => {
    const answer = await cli(["run", "--", node, "-e", "process.kill(process.pid, 'SIGKILL')"]);
    expect(answer.code).toBe(137);
  });
});

test("up ends in order at Ctrl-C, and the ledger can be read without it", async () => {
  expect(await interrupt(running.child)).toBe(0);
  const alone = await cli(["report", "--json"]);
  expect(alone.code).toBe(0);
  expect(JSON.parse(alone.stdout)).toMatchObject({ totals: { calls: "3" } });
});
