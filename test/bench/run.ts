import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchOverhead } from "./overhead/overhead.ts";
import { benchLoad } from "./load.ts";
import { printResults, type BenchResult } from "./result.ts";
import { benchTiers } from "./tiers.ts";
import { benchThroughput } from "./throughput.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "21" },
    strict: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const benches: Readonly<Record<string, () => Promise<BenchResult[]>>> = {
  overhead: () => benchOverhead(Number(values.rounds)),
  throughput: () => benchThroughput(Math.ceil(Number(values.rounds) / 3)),
  tiers: benchTiers,
  load: async () => benchLoad(Number(values.rounds)),
};

if (values.help) {
  console.log(`npm run bench [-- --only ${Object.keys(benches).join("|")}] [--rounds 21] [--strict]

Measures against a baseline alternated in the same run. --strict exits 1 where a bar is not met.`);
} else {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}`);
  let missed = 0;
  for (const [name, bench] of Object.entries(benches)) {
    if (values.only !== undefined && values.only !== name) continue;
    const results = await bench();
    printResults(name, results);
    missed += results.filter((result) => result.met === false).length;
  }
  console.log(`\n${missed} bars not met`);
  if (values.strict && missed > 0) process.exitCode = 1;
}
