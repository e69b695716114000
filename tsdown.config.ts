import { basename } from "node:path";
import { defineConfig, type UserConfig } from "tsdown";

// One build for every package: ESM and CJS, each with its own declarations,
// then the packed tarball is checked as a consumer would resolve it.
const config: UserConfig = defineConfig({
  workspace: ["packages/*", "clickhouse"],
  entry: ["src/{index,testing,bin,register,instrument,pipeline,server,keeper,worker}.ts"],
  format: ["esm", "cjs"],
  platform: "node",
  target: "node22.15",
  fixedExtension: false,
  dts: true,
  // Of the OpenTelemetry SDK, `register` delivers what it uses, in one file: a tenth of the bytes and a
  // third of the load time. The API and the instrumentation base stay shared with the application.
  deps: {
    alwaysBundle: (id, importer) =>
      importer?.includes("/register/") === true || importer?.includes("/@opentelemetry/") === true
        ? /^@opentelemetry\/(?!api$|instrumentation$)/.test(id)
        : false,
  },
  // The page is built before, and served by the command line.
  copy: ({ cwd }) => (basename(cwd) === "cli" ? { from: "../../dashboards/web/dist", rename: "page" } : []),
  publint: { strict: true },
  attw: { profile: "node16", level: "error" },
});
export default config;
