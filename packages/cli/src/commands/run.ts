import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { runningConnection, up, type RunningLedger } from "@tokenledger/local";
import { statusLine } from "../output/progress.ts";
import { useLedger, withLedger, type LedgerOptions } from "../options.ts";
import { printReport } from "../report.ts";

/** `tokenledger run -- CMD`: runs a program under the hook and says what it cost. */
export function addRun(program: Command): void {
  withLedger(program.command("run"))
    .description("run a program under the hook, and report what it cost")
    .argument("<command...>", "the program and its arguments, behind --")
    .addHelpText(
      "after",
      `
Examples:
  tokenledger run -- node app.js
  tokenledger run --json -- npm test      the report as JSON on standard output

The program's own output, exit code and signals are passed through.`,
    )
    .action(run);
}

async function run(command: string[], options: LedgerOptions): Promise<void> {
  const running = await runningConnection(options.directory);
  const ledger = running ? undefined : await startLedger(options.directory);
  const started = new Date();
  let ended: { code: number | null; signal: NodeJS.Signals | null };
  try {
    ended = await runUnderHook(command, options.directory);
    await useLedger(options, (opened) =>
      printReport(opened.target, { from: started, to: new Date(Date.now() + 60_000), label: "this run" }, options),
    );
  } finally {
    await ledger?.stop();
  }
  process.exitCode = ended.code ?? 128 + constants.signals[ended.signal ?? "SIGTERM"];
}

async function startLedger(directory: string): Promise<RunningLedger> {
  const status = statusLine();
  try {
    return await up({ directory, port: 0, onProgress: status.show });
  } finally {
    status.end();
  }
}

function runUnderHook(
  [executable = "", ...parameters]: string[],
  directory: string,
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const hook = pathToFileURL(createRequire(import.meta.url).resolve("tokenledger/register")).href;
  const nodeOptions = `${process.env["NODE_OPTIONS"] ?? ""} --import ${hook}`.trim();
  return new Promise((resolve, reject) => {
    const child = spawn(executable, parameters, {
      stdio: "inherit",
      env: { ...process.env, NODE_OPTIONS: nodeOptions, TOKENLEDGER_HOME: directory },
    });
    // The terminal sends Ctrl-C to the whole group: the child decides, we wait for what it does.
    const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
    process.on("SIGINT", () => undefined);
    process.on("SIGTERM", passOn);
    child.once("error", (error) =>
      reject(
        new Error(
          `cannot run "${executable}": ${error.message}. Write the program behind --: tokenledger run -- node app.js`,
        ),
      ),
    );
    child.once("exit", (code, signal) => {
      process.off("SIGTERM", passOn);
      resolve({ code, signal });
    });
  });
}
