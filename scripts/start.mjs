// `npm start`: runs the sample program under the hook against the provider double, and prints what it cost.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const ledger = at(".tokenledger");
const commonjs = process.argv.includes("--commonjs");

console.error("Starting the provider double: it stands in for the paid endpoints, on this machine only");
const double = spawn(
  process.execPath,
  [at("test/provider-double/src/main.ts"), "--script", at("examples/research-desk/provider-script.ts")],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const [line] = await once(double.stdout, "data");
const { openai, anthropic } = JSON.parse(line);

const sample = spawn(
  process.execPath,
  [
    at("packages/cli/dist/bin.js"),
    "run",
    "--directory",
    ledger,
    "--",
    process.execPath,
    at(`examples/research-desk/main.${commonjs ? "cjs" : "mjs"}`),
  ],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      OPENAI_API_KEY: "none",
      OPENAI_BASE_URL: openai,
      ANTHROPIC_API_KEY: "none",
      ANTHROPIC_BASE_URL: anthropic,
    },
  },
);
const [code] = await once(sample, "close");
double.kill();
process.exitCode = code ?? 1;

if (code === 0) {
  console.log(`
That was a sample of several agents; examples/research-desk/README.md says what causes each number.

Next:
  npx tokenledger up --directory .tokenledger             look at it on the page, at the address this prints
  npx tokenledger up                                      start your own ledger, then in another terminal
  node --import tokenledger/register app.js               instrument your own app
  npx tokenledger import claude-code ~/.claude/projects   or bring in your own Claude Code logs
  npx tokenledger report                                  and see where the money goes`);
}
