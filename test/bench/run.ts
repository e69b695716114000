import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchPages } from "./pages.ts";
import { benchOverhead } from "./overhead/overhead.ts";
import { benchLoad } from "./load.ts";
import { printResults, type BenchResult } from "./result.ts";
import { benchTiers } from "./tiers.ts";
import { benchScale } from "./scale.ts";
import { benchSoak } from "./soak.ts";
import { benchThroughput } from "./throughput.ts";
import { benchTracePage } from "./trace-page.ts";
import { benchViews } from "./views.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "21" },
    spans: { type: "string", default: "1000000,10000000" },
    minutes: { type: "string", default: "3" },
    strict: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const sizes = values.spans.split(",").map(Number);
const benches: Readonly<Record<string, () => Promise<BenchResult[]>>> = {
  overhead: () => benchOverhead(Number(values.rounds)),
  throughput: () => benchThroughput(Math.ceil(Number(values.rounds) / 3)),
  tiers: benchTiers,
  load: async () => benchLoad(Number(values.rounds)),
  scale: () => benchScale(sizes.at(-1) ?? 0, 5),
  views: () => benchViews(sizes),
  "trace-page": benchTracePage,
  pages: () => benchPages(sizes[0] ?? 0),
  soak: () => benchSoak(Number(values.minutes)),
};
/** Left out unless asked for: they take the time they are given. */
const onRequest = new Set(["scale", "views", "pages", "soak"]);

if (values.help) {
  console.log(`npm run bench [-- --only ${Object.keys(benches).join("|")}] [--rounds 21] [--minutes 3] [--spans 1000000,10000000] [--strict]

Measures against a baseline alternated in the same run. --strict exits 1 where a bar is not met.
soak, scale, views and pages run only when asked for: an even load for --minutes, with the memory of every process;
facts against attributes over the last of --spans; every saved view over each of them in turn; every page in a browser,
over the first of them.`);
} else {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}`);
  let missed = 0;
  for (const [name, bench] of Object.entries(benches)) {
    if (values.only === undefined ? onRequest.has(name) : values.only !== name) continue;
    const results = await bench();
    printResults(name, results);
    missed += results.filter((result) => result.met === false).length;
  }
  console.log(`\n${missed} bars not met`);
  if (values.strict && missed > 0) process.exitCode = 1;
}
