import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgetSettings, measuredPiece, type PromptPiece, promptParts } from "@tokenledger/core";
import { requestContent } from "@tokenledger/instrumentation-anthropic";
import { type ProviderDouble, type Script, startProviderDouble } from "@tokenledger/provider-double";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClaudeCodeTranscripts } from "../../packages/cli/src/import/claude-code.ts";
import {
  type LandedPrompt,
  landedPrompts,
  rowsOf,
  sum,
} from "../../packages/cli/src/import/imported-prompts.fixture.ts";
import { listEmitters } from "./harness/emitters.ts";
import { isInstalled } from "./harness/install.ts";

const emitter = listEmitters().find(({ name }) => name === "claude-code");
const installed = emitter !== undefined && isInstalled(emitter);
if (!installed) console.warn("skipped: Claude Code is not installed: `npm run emitters -- claude-code --install`");
const program = join(emitter?.directory ?? "", "node_modules/@anthropic-ai/claude-code-linux-x64/claude");

const home = mkdtempSync(join(tmpdir(), "tokenledger-claude-code-"));
const work = join(home, "work");
let double: ProviderDouble;
let prompts: readonly LandedPrompt[];

/** Two tools side by side, then an answer; the next question, in a process of its own, uses one. */
const script: Script = ({ body, prompt }) => {
  const said = JSON.stringify(body);
  const read = { name: "Read", arguments: { file_path: join(work, "notes.txt") } };
  if (prompt.lastTool === undefined && !said.includes("Go on"))
    return {
      text: "Let me look.",
      reasoning: 20,
      toolCalls: [read, { name: "Bash", arguments: { command: "seq 1 50" } }],
    };
  if (said.includes("Go on") && !said.includes("seq 1 9"))
    return { toolCalls: [{ name: "Bash", arguments: { command: "seq 1 9" } }] };
  return { text: "That is all there is to say of the notes." };
};

async function ask(...args: readonly string[]): Promise<void> {
  const { PATH = "" } = process.env;
  const env = {
    PATH,
    TERM: "dumb",
    HOME: home,
    ANTHROPIC_API_KEY: "test",
    ANTHROPIC_BASE_URL: double.anthropic,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  };
  const child = spawn(program, [...args, "--model", "claude-opus-4-6", "--allowedTools", "Bash,Read"], {
    cwd: work,
    env,
    stdio: "ignore",
  });
  expect(await once(child, "close")).toEqual([0, null]);
}

describe.skipIf(!installed)("sessions of the installed Claude Code", () => {
  beforeAll(async () => {
    process.env["TOKENLEDGER_HOME"] = home;
    forgetSettings();
    mkdirSync(work);
    writeFileSync(
      join(work, "notes.txt"),
      Array.from({ length: 80 }, (_, line) => `Note ${line} is about apples.`).join("\n"),
    );
    double = await startProviderDouble({ script });
    await ask("-p", "What do the notes say?");
    await ask("-p", "Go on.", "--continue");
    const records = readdirSync(join(home, ".claude/projects"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".jsonl"))
      .flatMap((name) =>
        readFileSync(join(home, ".claude/projects", name), "utf8")
          .split("\n")
          .filter(Boolean),
      )
      .map((line): object => JSON.parse(line));
    prompts = landedPrompts(rowsOf(new ClaudeCodeTranscripts(), records));
  }, 180_000);
  afterAll(async () => {
    await double.close();
    delete process.env["TOKENLEDGER_HOME"];
    forgetSettings();
    rmSync(home, { recursive: true, force: true });
  });

  test("tell of every call what was really sent, piece by piece, as large as it was billed", () => {
    const sent = double.requests().filter(({ api, status }) => api === "messages" && status === 200);
    const shares = double.bill().map(({ responseId, input }, index) => {
      const prompt = prompts.find(({ call }) => call === responseId);
      const body = sent[index]?.body as Parameters<typeof requestContent>[0];
      const real = new Set(promptParts(requestContent(body)).map((part) => hexadecimal(measuredPiece(part))));
      const same = prompt?.tokens.filter((_, place) => real.has(prompt.pieces[place] ?? "")) ?? [];
      expect(sum(prompt?.tokens ?? [])).toBe(input);
      return sum(same) / input;
    });
    expect(shares).toHaveLength(4);
    console.log(
      "share of each prompt in pieces that were sent just so:",
      shares.map((share) => share.toFixed(3)),
    );
    expect(Math.min(...shares)).toBeGreaterThan(0.9);
  });
});

function hexadecimal({ fingerprint: { low, high } }: PromptPiece): string {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(low >>> 0, 0);
  bytes.writeUInt32LE(high >>> 0, 4);
  return bytes.toString("hex");
}
