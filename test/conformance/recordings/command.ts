import { loadInteractions } from "./interaction.ts";
import { replay } from "./replay.ts";
import { formatReports, reportByProvider } from "./report.ts";

export interface RecordingsOptions {
  readonly folder: string;
  readonly providers?: readonly string[] | undefined;
  readonly standIn: boolean;
  readonly json: boolean;
}

/** Replays a folder of recordings and prints what came out; true where all agreed and something was replayed. */
export async function runRecordings({ folder, providers, standIn, json }: RecordingsOptions): Promise<boolean> {
  const reports = reportByProvider(await replay(await loadInteractions(folder, providers), { standIn }));
  const replayed = reports.reduce((sum, report) => sum + report.replayed, 0);
  const differences = reports.reduce((sum, report) => sum + report.differences.length, 0);
  const passed = replayed > 0 && differences === 0;
  console.log(
    json
      ? JSON.stringify({ passed, replayed, differences, providers: reports }, null, 2)
      : `${formatReports(reports)}\n\n${replayed} replayed, ${differences} differences: ${passed ? "conformant" : "NOT conformant"}`,
  );
  return passed;
}
