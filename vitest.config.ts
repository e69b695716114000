import { defineConfig, type ViteUserConfig } from "vitest/config";

const project = (
  name: string,
  ...include: string[]
): { extends: true; test: { name: string; include: string[]; testTimeout: number; hookTimeout: number } } => ({
  extends: true,
  test: { name, include, testTimeout: 180_000, hookTimeout: 240_000 },
});

const config: ViteUserConfig = defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    reporters: ["default", "./scripts/count-reporter.mjs"],
    maxWorkers: 3,
    projects: [
      project(
        "unit",
        "packages/{core,prices,cli,local,register}/src/**/*.test.ts",
        "dashboards/web/src/**/*.test.ts",
        "test/provider-double/test/*.test.ts",
      ),
      project("adapters", "packages/instrumentation-*/test/**/*.test.ts", "test/versions/*.test.ts"),
      project("sql", "clickhouse/test/**/*.test.ts"),
      project("grafana", "dashboards/{grafana,alerts}/test/**/*.test.ts"),
      project("conformance", "test/conformance/**/*.test.ts"),
      project("page", "dashboards/web/test/*.test.ts"),
      project("e2e", "test/e2e/**/*.test.ts", "test/emitters/*.test.ts", "examples/test/*.test.ts"),
    ],
  },
});
export default config;
