import { startProviderDouble, type ProviderDouble } from "@tokenledger/provider-double";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { heldSpans, makeHome } from "./accounts.ts";
import { packProject, type PackedProject } from "./packed-project.ts";
import { runApp } from "./run-app.ts";

let double: ProviderDouble;
beforeAll(async () => {
  double = await startProviderDouble();
});
afterAll(async () => {
  await double?.close();
});

describe.each([
  { line: "2.x over API 1.9", others: ["test/versions/opentelemetry-2"], app: "own-provider-2.mjs", accepted: [true] },
  { line: "3.x over API 1.10", others: [], app: "own-provider-3.mjs", accepted: [true, true] },
])("beside an application's own OpenTelemetry $line", ({ others, app, accepted }) => {
  let project: PackedProject;
  beforeAll(() => {
    project = packProject(...others);
  });
  afterAll(() => project?.remove());

  const run = async (entry: string, env: Record<string, string> = {}): Promise<{ seen: unknown; held: string[] }> => {
    const home = makeHome({ url: "http://127.0.0.1:9", token: "unused" });
    const settings = { TOKENLEDGER_HOME: home, PROVIDER_URL: double.openai, ...env };
    const args = ["--import", entry, `apps/${app}`];
    const ended = await runApp({ directory: project.directory, args, env: settings });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    return { seen: JSON.parse(ended.stdout), held: heldSpans(home).map(({ name }) => name) };
  };
  const whole = { accepted, names: ["chat gpt-5", "work"], nested: true };

  test.each(["@tokenledger/register", "@tokenledger/register/instrument"])(
    "%s leaves the spans to it",
    async (entry) => {
      expect(await run(entry)).toEqual({ seen: whole, held: [] });
    },
  );

  test("a set-up that comes after the first call takes over from there", async () => {
    expect(await run("@tokenledger/register", { LATE: "1" })).toEqual({ seen: whole, held: ["chat gpt-5"] });
  });
});
