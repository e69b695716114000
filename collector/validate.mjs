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
const required = {
  COLLECTOR_TOKEN: "validated",
  APM_ENDPOINT: "http://127.0.0.1:9",
  GATEWAY_TOKEN: "validated",
  GATEWAY_HOST: "gateways.invalid",
  COLLECTOR_TLS_CERTIFICATE: "/etc/tokenledger/tls.crt",
  COLLECTOR_TLS_KEY: "/etc/tokenledger/tls.key",
};
const gateway = ["tls.yaml", "gateway.yaml"];
const overlays = [[], ["apm.yaml"], ["tls.yaml"], ["agent.yaml"], gateway, [...gateway, "apm.yaml"]];
for (const files of overlays.map((laidOver) => ["config.yaml", ...laidOver])) {
  const arguments_ = files.flatMap((file) => ["--config", file]);
  const { status } = spawnSync(binary, ["validate", ...arguments_], {
    cwd: here,
    env: { ...process.env, ...required },
    stdio: "inherit",
  });
  console.error(`collector: ${files.join(" + ")} ${status === 0 ? "is valid" : "is not valid, see above"}`);
  if (status !== 0) process.exitCode = 1;
}
