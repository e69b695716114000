import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chore, riddle } from "./content.mjs";

/**
 * Has a coding assistant answer a question, and then run a tool, each in a process of its own; its account, its
 * settings and the folder it works in are empty ones. Where it sends its telemetry, it is taken at once: some end
 * before they are told that what they sent last is stored.
 *
 * @param {{
 *   tool: string,
 *   settings?: (endpoint: string) => Readonly<Record<string, string>>,
 *   command: (prompt: string) => readonly string[],
 *   environment: (home: string, endpoint: string) => Readonly<Record<string, string>>,
 * }} assistant settings: contents by path under its home; command: program and arguments
 */
export async function converse({ tool, settings = () => ({}), command, environment }) {
  const home = mkdtempSync(join(tmpdir(), "emitter-home-"));
  const work = join(home, "work");
  mkdirSync(work);
  const relay = await startRelay(process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
  for (const [path, text] of Object.entries(settings(relay.endpoint))) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  try {
    for (const prompt of [riddle, chore(tool)]) {
      await run(command(prompt), work, { HOME: home, ...environment(home, relay.endpoint) });
    }
  } finally {
    await relay.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** @param {readonly string[]} command @param {string} directory @param {Readonly<Record<string, string>>} environment */
async function run([program = "", ...args], directory, environment) {
  const { PATH = "" } = process.env;
  const child = spawn(program, args, {
    cwd: directory,
    env: { PATH, TERM: "dumb", ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`it ended with ${code}:\n${said}`);
}

/** @param {string} receiver */
async function startRelay(receiver) {
  const forwarded = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const type = request.headers["content-type"] ?? "";
    response.writeHead(200, { "content-type": type }).end(type.includes("json") ? "{}" : "");
    const kept = ["content-type", "content-encoding", "authorization"].filter((name) => request.headers[name]);
    const sent = Object.fromEntries(kept.map((name) => [name, request.headers[name]]));
    forwarded.push(fetch(receiver + request.url, { method: "POST", headers: sent, body: Buffer.concat(chunks) }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      for (const { status } of await Promise.all(forwarded)) if (status !== 200) throw new Error(`answered ${status}`);
    },
  };
}
