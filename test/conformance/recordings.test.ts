import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadInteractions } from "./recordings/interaction.ts";
import { replay } from "./recordings/replay.ts";
import { reportByProvider } from "./recordings/report.ts";

const folder = resolve(import.meta.dirname, "../../../shared/data/interactions");
const providers = ["openai", "azure-openai", "anthropic"];

if (!existsSync(folder)) console.log(`recordings left out: there is no ${folder}`);

describe.skipIf(!existsSync(folder))("recorded answers of providers", () => {
  it("are accounted for exactly, class by class", async () => {
    const reports = reportByProvider(await replay(await loadInteractions(folder, providers), { standIn: true }));
    expect(reports.map(({ provider }) => provider)).toEqual(providers);
    for (const { provider, differences, replayed } of reports) {
      expect(differences, provider).toEqual([]);
      expect(replayed, provider).toBeGreaterThan(0);
    }
  });
});
