import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { call, collect, isBuilt, post, received } from "../../../test/e2e/collector-rig.ts";

const folder = fileURLToPath(new URL("../prometheus/", import.meta.url));
const rules = readFileSync(join(folder, "rules.yaml"), "utf8");
const testFiles = readdirSync(folder).filter((file) => file.endsWith(".test.yaml"));

const hasPromtool = (): boolean => {
  const found = spawnSync("promtool", ["--version"]).status === 0;
  if (!found) console.warn("skipped: without promtool, of the package prometheus, nothing here evaluates its rules");
  return found;
};

/** What promtool says. @throws with its words where it finds something wrong */
const promtool = (...words: string[]): string => execFileSync("promtool", words, { cwd: folder, encoding: "utf8" });

describe.skipIf(!hasPromtool())("Prometheus", () => {
  test("reads the rules", () => {
    expect(promtool("check", "rules", "rules.yaml")).toContain("SUCCESS");
  });

  test("fires and keeps quiet as their tests say", () => {
    expect(promtool("test", "rules", ...testFiles)).toContain("SUCCESS");
  });
});

test("every alert has a case that fires and one that does not", () => {
  const cases = testFiles.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
  const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = ""]) => name);
  expect(alerts.length).toBeGreaterThan(5);
  for (const name of alerts) {
    expect(cases).toMatch(new RegExp(`alertname: ${name}, exp_alerts: \\[\\]`));
    expect(cases).toMatch(new RegExp(`alertname: ${name}\\n\\s+exp_alerts:\\n\\s+- exp_labels`));
  }
});

describe.skipIf(!isBuilt())("the collector", () => {
  test("has the metrics and labels that the rules ask for, losses excepted, which it counts when there are any", async () => {
    const scratch = mkdtempSync(join(tmpdir(), "tokenledger-rules-"));
    const nowhere = { url: "http://127.0.0.1:9", username: "none", password: "none", database: "none" };
    const collector = await collect(nowhere, join(scratch, "queue"), { configurations: ["config.yaml"] });
    try {
      const usage = { "gen_ai.usage.input_tokens": 7, "gen_ai.usage.cache_read.input_tokens": 3 };
      expect(await post(collector, [call(1, usage)])).toBe(200);
      const job = 'job="collector-test"';
      await expect
        .poll(() => received(collector, "gen_ai_client_inference_usage_input_tokens_total", job), { timeout: 20_000 })
        .toBe(7);
      for (const name of new Set(rules.match(/\bgen_ai_client_\w+/g))) {
        expect(await received(collector, name, job)).toBeGreaterThan(0);
      }
      const metrics = await (await fetch(collector.metricsUrl)).text();
      const names = [...new Set(rules.match(/\botelcol_\w+/g))];
      const whenThereAreAny = ["otelcol_exporter_send_failed_spans", "otelcol_exporter_sent_spans"];
      expect(names.filter((name) => !metrics.includes(`\n${name}{`) && !whenThereAreAny.includes(name))).toEqual([]);
      expect(metrics).toMatch(/\notelcol_exporter_queue_size\{[^}]*exporter="clickhouse"/);
    } finally {
      await collector.stop();
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});
