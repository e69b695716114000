// `npm run collector:validate`: has the built collector itself check every configuration.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const binary = `${here}dist/tokenledger-collector`;
if (!existsSync(binary)) {
  console.error("collector: not built yet; run: npm run collector:build");
  process.exit(1);
}
const env = { ...process.env, COLLECTOR_TOKEN: "validated", APM_ENDPOINT: "http://127.0.0.1:9" };
for (const files of [["config.yaml"], ["config.yaml", "apm.yaml"]]) {
  const arguments_ = files.flatMap((file) => ["--config", file]);
  const { status } = spawnSync(binary, ["validate", ...arguments_], { cwd: here, env, stdio: "inherit" });
  console.error(`collector: ${files.join(" + ")} ${status === 0 ? "is valid" : "is not valid, see above"}`);
  if (status !== 0) process.exitCode = 1;
}
