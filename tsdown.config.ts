import { defineConfig, type UserConfig } from "tsdown";

// One build for every package: ESM and CJS, each with its own declarations,
// then the packed tarball is checked as a consumer would resolve it.
const config: UserConfig = defineConfig({
  workspace: ["packages/*", "clickhouse"],
  entry: ["src/{index,testing,bin,register,instrument,pipeline,server,worker}.ts"],
  format: ["esm", "cjs"],
  platform: "node",
  target: "node22.15",
  fixedExtension: false,
  dts: true,
  publint: { strict: true },
  attw: { profile: "node16", level: "error" },
});
export default config;
