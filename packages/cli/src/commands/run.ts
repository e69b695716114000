import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { settings } from "@tokenledger/core";
import { runningConnection, up, type RunningLedger } from "@tokenledger/local";
import { statusLine } from "../output/progress.ts";
import { note } from "../output/print.ts";
import { messageOf, plain } from "../output/text.ts";
import { useLedger, withDirectory, type LocalOptions } from "../options.ts";
import { printReport } from "../report.ts";

/** `tokenledger run -- CMD`: runs a program under the hook and says what it cost. */
export function addRun(program: Command): void {
  withDirectory(program.command("run"))
    .description("run a program under the hook, and report what it cost")
    .argument("<command...>", "the program and its arguments")
    .passThroughOptions()
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

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

async function run(command: string[], options: LocalOptions): Promise<void> {
  const running = await runningConnection(options.directory);
  const ledger = running ? undefined : await startLedger(options.directory);
  const from = new Date();
  try {
    const { code, signal } = await runUnderHook(command, options.directory);
    process.exitCode = code ?? 128 + constants.signals[signal ?? "SIGTERM"];
    await useLedger(options, ({ reader }) =>
      printReport(reader, { from, to: new Date(Date.now() + 60_000), label: "while the program ran" }, options),
    ).catch((error: unknown) =>
      // The program did its work: its exit code stands.
      note(`tokenledger: no report: ${plain(messageOf(error))}. The calls are kept: tokenledger report`),
    );
  } finally {
    await ledger?.stop();
  }
}

async function startLedger(directory: string): Promise<RunningLedger> {
  const status = statusLine();
  try {
    return await up({ directory, port: 0, onProgress: status.show });
  } finally {
    status.end();
  }
}

function runUnderHook([executable = "", ...parameters]: string[], directory: string): Promise<Ended> {
  const { environment } = settings();
  const hook = pathToFileURL(createRequire(import.meta.url).resolve("tokenledger/register")).href;
  const nodeOptions = `${environment["NODE_OPTIONS"] ?? ""} --import ${hook}`.trim();
  return new Promise((resolve, reject) => {
    const child = spawn(executable, parameters, {
      stdio: "inherit",
      env: { ...environment, NODE_OPTIONS: nodeOptions, TOKENLEDGER_HOME: directory },
    });
    // The terminal sends Ctrl-C to the whole group: the child decides, we wait for what it does.
    const leaveToChild = (): void => undefined;
    const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on("SIGINT", leaveToChild).on("SIGTERM", passOn).on("SIGHUP", passOn);
    child.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? "there is no such program" : error.message;
      reject(new Error(`cannot run "${executable}": ${reason}. For example: tokenledger run -- node app.js`));
    });
    child.once("exit", (code, signal) => {
      process.off("SIGINT", leaveToChild).off("SIGTERM", passOn).off("SIGHUP", passOn);
      resolve({ code, signal });
    });
  });
}
