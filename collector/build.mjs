// `npm run collector:build`: builds the collector of builder.yaml with Go into collector/dist, once per content.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");
const binary = join(dist, "tokenledger-collector");
const stamp = join(dist, "built-from");
const oldestGo = [1, 26];

const manifest = readFileSync(join(here, "builder.yaml"), "utf8");
const release = /^ {2}version: (\S+)$/m.exec(manifest)?.[1];
const content = createHash("sha256").update(manifest).digest("hex");

function complain(problem) {
  console.error(`collector: ${problem}`);
  process.exit(1);
}

function checkGo() {
  const { error, stdout } = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  const need = `The collector is built with Go ${oldestGo.join(".")} or newer: install it from https://go.dev/dl`;
  if (error) complain(`Go was not found. ${need}`);
  const [major = 0, minor = 0] = (/^go(\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
  if (major < oldestGo[0] || (major === oldestGo[0] && minor < oldestGo[1]))
    complain(`${stdout.trim()} is too old. ${need}`);
}

/** Runs the builder, whose own lines go to the terminal, and says every 15 s that it is not dead. */
async function runBuilder() {
  rmSync(join(dist, "source"), { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const builder = ["run", `go.opentelemetry.io/collector/cmd/builder@v${release}`, "--config", "builder.yaml"];
  const child = spawn("go", builder, { cwd: here, stdio: "inherit" });
  const heartbeat = setInterval(() => console.error(`collector: still building, ${elapsed()}`), 15_000);
  const code = await new Promise((settle) => child.once("close", settle));
  clearInterval(heartbeat);
  if (code !== 0) complain(`the build failed after ${elapsed()}; the lines above say why`);
  return elapsed();
}

if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, "utf8") === content) {
  console.error(`collector: ${binary} is up to date`);
} else {
  checkGo();
  console.error(
    `collector: building ${release} with Go. The first build takes minutes: it downloads and compiles everything`,
  );
  const elapsed = await runBuilder();
  rmSync(stamp, { force: true });
  renameSync(join(dist, "source", "tokenledger-collector"), binary);
  writeFileSync(stamp, content);
  console.error(`collector: ${binary} built in ${elapsed}`);
}
// The folder is complete: binary and configurations, for `tokenledger up --collector` and for a deployment.
for (const file of ["config.yaml", "apm.yaml", "tls.yaml", "agent.yaml", "gateway.yaml"]) {
  copyFileSync(join(here, file), join(dist, file));
}
