import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type ProviderDouble, startProviderDouble } from "@tokenledger/provider-double";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));

let double: ProviderDouble;
beforeAll(async () => {
  if (!existsSync(built)) throw new Error("This test runs the built packages: `npm run bundle` first.");
  double = await startProviderDouble({
    script: [
      { system: "first", answer: { toolCalls: [{ name: "transfer_to_last", arguments: {} }] } },
      { system: "last", answer: { text: "Gone." } },
    ],
  });
});
afterAll(() => double.close());

const newest = "@openai/agents";
const oldest = fileURLToPath(
  new URL("../../../test/versions/openai-agents-0.16/node_modules/@openai/agents/dist/index", import.meta.url),
);

async function runApp(app: string, sdk: string, environment: Record<string, string>): Promise<string[]> {
  const { NODE_ENV: _, ...inherited } = process.env;
  const env = { ...inherited, OPENAI_API_KEY: "test", OPENAI_BASE_URL: double.openai, ...environment };
  const args = ["--import", fixture("hook.mjs"), fixture(app), sdk];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return stdout.trim().split("\n");
}

describe("the SDK, loaded in a process of its own", () => {
  it.each([
    { app: "app.mjs", sdk: newest },
    { app: "app.cjs", sdk: newest },
    { app: "app.mjs", sdk: `${oldest}.mjs` },
    { app: "app.cjs", sdk: `${oldest}.js` },
  ])("is observed in $app, from $sdk", async ({ app, sdk }) => {
    expect(await runApp(app, sdk, { OPENAI_AGENTS_DISABLE_TRACING: "1" })).toEqual([
      "Gone.",
      "invoke_agent first in nothing",
      "chat gpt-5.4 in invoke_agent first",
      "invoke_agent last in invoke_agent first",
      "chat gpt-5.4-mini in invoke_agent last",
    ]);
  });

  it("is left alone when switched off", async () => {
    const lines = await runApp("app.mjs", newest, { TOKENLEDGER_DISABLED: "openai-agents" });
    expect(lines).toEqual(["Gone.", "chat gpt-5.4 in nothing", "chat gpt-5.4-mini in nothing"]);
  });
});
