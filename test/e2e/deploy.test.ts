import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { plugin, provisionedSource } from "../../dashboards/grafana/src/clickhouse-query.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const deploy = join(root, "deploy");

const hasGo = (): boolean => {
  const found = spawnSync("go", ["version"]).status === 0;
  if (!found) console.warn("skipped: without Go nothing here knows Compose's and Kubernetes' own types");
  return found;
};

describe.skipIf(!hasGo())("what is in deploy/", () => {
  let lines: string[];

  beforeAll(() => {
    const answer = execFileSync("go", ["run", ".", ".."], { cwd: join(deploy, "check"), encoding: "utf8" });
    lines = answer.trim().split("\n");
  }, 900_000);

  test("is what Compose and Kubernetes read, to the last field", () => {
    const named = (kind: string): string[] => lines.filter((line) => line.startsWith(kind)).toSorted();
    expect(named("service ").map((line) => line.split(" ")[1])).toEqual([
      "clickhouse",
      "collector",
      "grafana",
      "migrate",
    ]);
    expect(named("object StatefulSet")).toEqual(["object StatefulSet clickhouse", "object StatefulSet gateway"]);
    expect(named("object NetworkPolicy")).toHaveLength(7);
  });

  test("mounts the collector's configurations as they are", () => {
    const mounted = lines.find((line) => line.startsWith("object ConfigMap collector-configuration"))?.split(" ");
    const files = readdirSync(join(root, "collector")).filter((file) => file.endsWith(".yaml"));
    const configurations = files.filter((file) => !["builder.yaml", "kustomization.yaml"].includes(file));
    expect(mounted?.slice(3)).toEqual(configurations.toSorted());
    expect(readFileSync(join(deploy, "compose.yaml"), "utf8")).toContain("file: ../collector/config.yaml");
  });

  test("mounts Grafana's dashboards and alerts as they are, with the plugin whose queries they are written for", () => {
    const mounted = lines
      .filter((line) => line.startsWith("object ConfigMap grafana-"))
      .map((line) => line.split(" ")[3] ?? "");
    const generated = readdirSync(join(root, "dashboards/grafana/generated"));
    expect(mounted.toSorted()).toEqual([...generated, "dashboards.yaml", "datasource.yaml", "rules.json"].toSorted());
    const volumes = readFileSync(join(deploy, "kubernetes/grafana.yaml"), "utf8");
    for (const file of generated) expect(volumes).toContain(`{ name: grafana-${file.replace(".json", "")} }`);
    const provisioned = (file: string): string =>
      readFileSync(join(root, "dashboards/grafana/provisioning", file), "utf8");
    const source = provisioned("datasource.yaml");
    expect(source).toContain(`type: ${provisionedSource.type}`);
    expect(source).toContain(`uid: ${provisionedSource.uid}`);
    const user = /username: (\w+)/.exec(source)?.[1] ?? "";
    expect(provisioned("clickhouse-user.xml")).toMatch(new RegExp(`<users>\\s*<${user}>`));
    const [, folder = ""] = /path: (\S+)/.exec(provisioned("dashboards.yaml")) ?? [];
    for (const file of ["compose.yaml", "kubernetes/grafana.yaml"]) {
      const mounts = readFileSync(join(deploy, file), "utf8");
      expect(mounts).toContain(`${plugin.id}@${plugin.version}`);
      expect(mounts).toContain(folder);
    }
  });

  test("names every image by an exact tag", () => {
    const images = lines.filter((line) => line.startsWith("image ")).map((line) => line.slice("image ".length));
    expect(images.length).toBeGreaterThan(4);
    expect(images.filter((image) => !/:\d+\.\d+\.\d+/.test(image))).toEqual([]);
  });

  test("bounds the memory of every container, and probes those that serve", () => {
    const containers = lines.filter((line) => line.startsWith("container "));
    expect(containers.length).toBeGreaterThan(5);
    expect(containers.filter((line) => !line.includes(" memory"))).toEqual([]);
    expect(containers.filter((line) => !line.includes(" probes")).map((line) => line.split(" ")[1])).toEqual([
      "own-queue",
      "migrate",
    ]);
  });
});
