import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { explain, settle } from "@tokenledger/clickhouse";
import { up } from "@tokenledger/local";
import { expect, test } from "vitest";
import { makeHome } from "./accounts.ts";
import { commandLine } from "./cli-process.ts";
import { runSample } from "./sample.ts";

/** Secrets where programs keep them: keys, headers, addresses, the environment. */
const planted = {
  OPENAI_API_KEY: "sk-planted-openai-key",
  ANTHROPIC_API_KEY: "sk-ant-planted-anthropic-key",
  DATABASE_URL: "postgres://app:planted-database-password@db.example/app",
};

/** What providers say when they refuse: such texts quote prompts and keys. */
const refusals = ["The request was refused", "Rate limit reached"];

interface Recorder {
  readonly url: string;
  /** Every byte that was exported, unpacked. */
  bodies(): Buffer[];
  /** Names and values of every header that was sent. */
  headers(): string[];
  stop(): void;
}

/** Keeps what is exported and passes it on to the receiver. */
async function record(receiver: string): Promise<Recorder> {
  const bodies: Buffer[] = [];
  const headers: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    headers.push(...incoming.rawHeaders);
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () => {
      const body = Buffer.concat(parts);
      bodies.push(incoming.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
      // The receiver answers only to its own name.
      const { host: _, ...rest } = incoming.headers;
      const onward = request(
        new URL(incoming.url ?? "/", receiver),
        { method: incoming.method, headers: rest },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      onward.on("error", () => outgoing.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies: () => bodies,
    headers: () => headers,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Texts of the conversation, from every string the models were sent; short ones say nothing. */
function wordsOf(bodies: readonly unknown[]): string[] {
  const texts = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (typeof value === "string" && /^(?:content|text|input|instructions|system|prompt|arguments|output)$/.test(key)) {
      for (const line of value.split("\n")) if (line.trim().length >= 24) texts.add(line.trim().slice(0, 60));
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) visit(inner, Array.isArray(value) ? key : name);
    }
  };
  for (const body of bodies) visit(body, "");
  return [...texts];
}

const filesBelow = (directory: string): Buffer[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

const found = (needles: readonly string[], haystacks: readonly Buffer[]): string[] =>
  needles.filter((needle) => haystacks.some((bytes) => bytes.includes(needle)));

interface Looked {
  readonly words: string[];
  readonly bytes: number;
  /** What was found of the conversation, of the secrets and of refusals, in exported bytes and in files. */
  readonly leaked: { exported: string[]; stored: string[]; secrets: string[]; refusals: string[] };
}

/** Runs the sample against a recorded receiver and looks for its words in all that came of it. */
async function look(env: Readonly<Record<string, string>>): Promise<Looked> {
  const store = mkdtempSync(join(tmpdir(), "tokenledger-content-"));
  const ledger = await up({ directory: store, port: 0 });
  const recorder = await record(ledger.receiver.url);
  const home = makeHome({ url: recorder.url, token: ledger.receiver.token });
  try {
    const { ended, requests } = await runSample("ES modules", home, { ...planted, ...env });
    expect(ended).toMatchObject({ code: 0 });
    await settle(ledger.target);
    await explain(ledger.target);
    const rows = await everyRow(store);
    await ledger.stop();
    const words = wordsOf(requests.map(({ body }) => body));
    const exported = [...recorder.bodies(), Buffer.from(recorder.headers().join("\n"))];
    const stored = [...filesBelow(home), ...filesBelow(store), rows];
    const keys = Object.values(planted).flatMap((secret) => /planted-[a-z-]+/.exec(secret) ?? []);
    return {
      words,
      bytes: exported.reduce((sum, body) => sum + body.length, 0),
      leaked: {
        exported: found(words, exported),
        stored: found(words, stored),
        secrets: found(keys, [...exported, ...stored]),
        refusals: found(refusals, [...exported, ...stored]),
      },
    };
  } finally {
    recorder.stop();
    await ledger.stop();
    for (const directory of [home, store]) rmSync(directory, { recursive: true, force: true });
  }
}

/** The rows as text: files of the database are compressed. */
async function everyRow(store: string): Promise<Buffer> {
  const tables = ["otel_traces", "llm_calls", "call_prompts", "call_causes", "agent_runs", "tool_calls", "spans"];
  const answers: string[] = [];
  for (const table of tables) {
    const { code, stdout, stderr } = await commandLine(store)(["sql", `SELECT * FROM ${table}`, "--format", "TSVRaw"]);
    expect({ table, code, stderr }).toEqual({ table, code: 0, stderr: "" });
    answers.push(stdout);
  }
  expect(answers[0]).toContain("gen_ai.response.id");
  return Buffer.from(answers.join("\n"));
}

test("no word of the conversation and no secret is in what leaves the app, nor in any file", async () => {
  const { words, bytes, leaked } = await look({});
  expect(words.length).toBeGreaterThan(20);
  expect(bytes).toBeGreaterThan(10_000);
  expect(leaked).toEqual({ exported: [], stored: [], secrets: [], refusals: [] });
});

test("the search finds words once content is asked for, and secrets not even then", async () => {
  const { leaked } = await look({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true" });
  expect(leaked.exported.length).toBeGreaterThan(5);
  expect(leaked.stored.length).toBeGreaterThan(5);
  expect(leaked.secrets).toEqual([]);
});
