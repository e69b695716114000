import { parseArgs } from "node:util";

const usage = `Usage: npm run conformance -- --recordings DIR [--providers a,b] [--stand-in] [--json]
       npm run conformance -- --cost-cases FILE [--json]
       npm run conformance -- --oracle FILE [--json]

--recordings  replays recorded provider answers through the real SDKs and compares every token class
--providers   only these, comma separated; default: every file of the folder
--stand-in    also replays answers whose request was not recorded
--cost-cases  prices worked examples through the ledger's SQL
--oracle      compares priced interactions with those of another project
Exits with 1 on any difference and when nothing was compared, with 2 on input that cannot be read.`;

const options = {
  recordings: { type: "string" },
  providers: { type: "string" },
  "stand-in": { type: "boolean" },
  "cost-cases": { type: "string" },
  oracle: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** Whether everything agreed. */
type Verdict = Promise<boolean>;

async function main(): Verdict {
  const { values } = parseArgs({ options });
  const { recordings, providers, oracle, json = false } = values;
  const costCases = values["cost-cases"];
  if (recordings !== undefined) {
    const { runRecordings } = await import("./recordings/command.ts");
    return runRecordings({
      folder: recordings,
      providers: providers?.split(","),
      standIn: values["stand-in"] ?? false,
      json,
    });
  }
  if (costCases !== undefined || oracle !== undefined) {
    const { runCostCases } = await import("./cost-cases.ts");
    return runCostCases({ costCases, oracle, json });
  }
  console.log(usage);
  return values.help === true;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
