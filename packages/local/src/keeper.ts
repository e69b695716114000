// Entry of the process between a ledger and its collector, which ends when its parent does, however that ends.
import { spawn } from "node:child_process";

const stopDeadlineMs = 25_000;

const [binary = "", ...words] = process.argv.slice(2);
const collector = spawn(binary, words, { stdio: ["ignore", "ignore", "inherit"] });
const end = (): void => {
  collector.kill("SIGTERM");
  setTimeout(() => collector.kill("SIGKILL"), stopDeadlineMs).unref();
};

process.once("SIGTERM", end);
process.once("disconnect", end);
collector.once("error", (error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
collector.once("exit", (code) => process.exit(code ?? 1));
process.send?.(collector.pid);
