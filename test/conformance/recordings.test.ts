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
  it("are accounted for exactly, class by class, with and without a recorded request", async () => {
    const reports = reportByProvider(await replay(await loadInteractions(folder, providers), { standIn: true }));
    expect(reports.map(({ provider }) => provider)).toEqual(providers);
    expect(reports.flatMap(({ differences }) => differences)).toEqual([]);
    for (const { replayed, excluded } of reports) {
      expect(replayed).toBeGreaterThan(0);
      expect(Object.keys(excluded).filter((reason) => !/^realtime$|images|audio/.test(reason))).toEqual([]);
    }
  });
});
