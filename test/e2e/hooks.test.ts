import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startProviderDouble, type ProviderDouble } from "@tokenledger/provider-double";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { heldResource, heldSpans, makeHome, notices } from "./accounts.ts";
import { packProject, type PackedProject } from "./packed-project.ts";
import { nodeOf, runApp } from "./run-app.ts";

// Nothing listens there: spans are held, where the tests read them.
const nowhere = { url: "http://127.0.0.1:9", token: "unused" };

let double: ProviderDouble;
let project: PackedProject;

beforeAll(async () => {
  project = packProject();
  double = await startProviderDouble();
});
afterAll(async () => {
  project?.remove();
  await double?.close();
});

/** What an OTLP endpoint of the user's got while `run` ran. */
const receive = async (run: (url: string) => Promise<void>): Promise<unknown[]> => {
  const received: unknown[] = [];
  const server = createServer(({ url: path, headers }, response) => {
    received.push({ path, team: headers["x-team"], authorization: headers.authorization });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await run(`http://127.0.0.1:${port}`);
  server.close();
  return received;
};

/** Names of the spans that a program made. */
const spansOf = async (args: readonly string[], env: Record<string, string> = {}, node?: string): Promise<string[]> => {
  const home = makeHome(nowhere);
  const settings = { TOKENLEDGER_HOME: home, PROVIDER_URL: double.openai, ...env };
  const ended = await runApp({ directory: project.directory, args, env: settings, ...(node && { node }) });
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  return heldSpans(home).map(({ name }) => name);
};

const releases = [
  { release: "this Node", node: process.execPath },
  { release: "node-22", node: nodeOf("node-22") },
  { release: "node-26", node: nodeOf("node-26") },
];

describe.each(releases)("$release", ({ release, node }) => {
  if (node === undefined) {
    console.log(`skipped: test/versions/${release} has no Node for this platform`);
    return;
  }
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();

  test.each([
    ["--import", "one-call.mjs"],
    ["--import", "one-call.cjs"],
    ["--require", "one-call.mjs"],
    ["--require", "one-call.cjs"],
  ])(`${version} %s observes %s`, async (flag, app) => {
    expect(await spansOf([flag, "@tokenledger/register", `apps/${app}`], {}, node)).toEqual(["chat gpt-5"]);
  });
});

test.each(["--import", "--require"])("NODE_OPTIONS=%s is enough", async (flag) => {
  const env = { NODE_OPTIONS: `${flag} @tokenledger/register` };
  expect(await spansOf(["apps/one-call.mjs"], env)).toEqual(["chat gpt-5"]);
});

test("both flags together observe once", async () => {
  const flags = ["--require", "@tokenledger/register", "--import", "@tokenledger/register"];
  expect(await spansOf([...flags, "apps/one-call.mjs"])).toEqual(["chat gpt-5"]);
});

test.each(["in-worker.mjs", "in-child.mjs"])("a call %s is observed", async (app) => {
  expect(await spansOf(["--import", "@tokenledger/register", `apps/${app}`])).toEqual(["chat gpt-5"]);
});

test("spans of an application that traces without an SDK come along, ours inside them", async () => {
  const home = makeHome(nowhere);
  const env = { TOKENLEDGER_HOME: home, PROVIDER_URL: double.openai };
  await runApp({
    directory: project.directory,
    args: ["--import", "@tokenledger/register", "apps/own-spans.mjs"],
    env,
  });
  const [call, work] = heldSpans(home);
  expect([call?.name, work?.name]).toEqual(["chat gpt-5", "work"]);
  expect(call?.parentSpanId).toBe(work?.spanId);
});

describe("what the environment says is done", () => {
  const args = ["--import", "@tokenledger/register", "apps/one-call.mjs"];

  test.each([
    ["OTEL_SDK_DISABLED", "true"],
    ["OTEL_TRACES_EXPORTER", "none"],
    ["OTEL_TRACES_SAMPLER", "always_off"],
    ["TOKENLEDGER_DISABLED", "openai"],
  ])("%s=%s makes no spans", async (name, value) => {
    expect(await spansOf(args, { [name]: value })).toEqual([]);
  });

  test("names and attributes of the resource are on the spans", async () => {
    const home = makeHome(nowhere);
    const env = {
      TOKENLEDGER_HOME: home,
      PROVIDER_URL: double.openai,
      OTEL_SERVICE_NAME: "shop",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
    };
    await runApp({ directory: project.directory, args, env });
    expect(heldResource(home)).toMatchObject({ "service.name": "shop", "deployment.environment.name": "test" });
  });

  test("an endpoint of the user's gets the spans, and never the local token", async () => {
    const received = await receive(async (url) => {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: "x-team=ledger" };
      expect(await spansOf(args, env)).toEqual([]);
    });
    expect(received).toEqual([{ path: "/v1/traces", team: "ledger", authorization: undefined }]);
  });
});

test("an SDK outside the tested range is left alone, and said so once where doctor looks", async () => {
  const home = makeHome(nowhere);
  const args = ["--import", "@tokenledger/register", "apps/future-sdk.mjs"];
  const ended = await runApp({ directory: project.directory, args, env: { TOKENLEDGER_HOME: home } });
  expect(ended.stdout).toBe("the future\n");
  expect(ended.stderr.match(/openai 99\.0\.0 is not observed/g)).toHaveLength(1);
  expect(notices(home, "unsupported")).toMatchObject([{ module: "openai", version: "99.0.0" }]);
});
