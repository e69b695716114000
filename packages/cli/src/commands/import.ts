import { homedir } from "node:os";
import type { Command } from "commander";
import { explain, landSpans, settle } from "@tokenledger/clickhouse";
import type { Ledger } from "@tokenledger/local";
import { ClaudeCodeTranscripts } from "../import/claude-code.ts";
import { CodexRollouts } from "../import/codex.ts";
import { filesBelow, type InputFile } from "../import/input-files.ts";
import { importOtlp } from "../import/otlp.ts";
import { importTranscripts, type Transcripts } from "../import/transcripts.ts";
import { useLedger, withLedger, type LedgerOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { progressBar } from "../output/progress.ts";
import { UsageError } from "../usage-error.ts";
import { addTables } from "./import-tables.ts";
import { showOtlp, showTranscripts } from "./import-text.ts";

/** Which files of a folder to read, and what to call them where there is none. */
interface Wanted {
  readonly names: RegExp;
  readonly called: string;
}

const transcriptFiles: Wanted = { names: /\.jsonl(?:\.gz|\.zst)?$/, called: ".jsonl transcript" };
const rolloutFiles: Wanted = { names: /^rollout-.*\.jsonl(?:\.zst)?$/, called: "rollout-*.jsonl" };
const traceFiles: Wanted = {
  names: /\.(?:json|jsonl|ndjson|pb|bin|otlp|proto|log)(?:\.gz|\.zst|\.zstd)?$/,
  called: ".json, .jsonl, .ndjson, .pb, .bin or .otlp file",
};

/** `tokenledger import SOURCE PATH`: data that already lies on disk, into the same ledger. */
export function addImport(program: Command): void {
  const command = program.command("import").description("bring session logs and trace files into the ledger");
  const again = "\nImporting again changes nothing, so an import that was interrupted is simply started again.";
  withLedger(command.command("claude-code"))
    .description("Claude Code's own session logs: main agent, sub-agents, tools, caches")
    .argument("[path]", "a transcript or a folder of them", "~/.claude/projects")
    .addHelpText("after", again)
    .action((path: string, options: LedgerOptions) =>
      importSessions(path, transcriptFiles, new ClaudeCodeTranscripts(), options),
    );
  withLedger(command.command("codex"))
    .description("Codex CLI's own session logs: main agent, sub-agents, reviews, compactions, tools")
    .argument("[path]", "a rollout or a folder of them", "~/.codex")
    .addHelpText("after", `${again} A fork's copy of another session is counted once, there.`)
    .action((path: string, options: LedgerOptions) => importSessions(path, rolloutFiles, new CodexRollouts(), options));
  withLedger(command.command("otlp"))
    .aliases(["langfuse", "openinference"])
    .description("trace and log files: OTLP in any form, and what Langfuse, Phoenix and OpenTelemetry SDKs export")
    .argument("<path>", "a file, or a folder of .json, .jsonl, .ndjson, .pb, .bin and .otlp files, packed or not")
    .addHelpText(
      "after",
      `
The content says what a file is: OTLP requests, of spans or of what coding agents log, in JSON, in JSON lines or in
protobuf, the collector's file exporter in each of its formats, a trace downloaded from Langfuse, spans of Phoenix
(OpenInference) or of an OpenTelemetry SDK's console exporter as JSON. gzip and zstd are unpacked.
${again}`,
    )
    .action(importTraces);
  addTables(command);
}

async function importSessions(
  path: string,
  wanted: Wanted,
  transcripts: Transcripts,
  options: LedgerOptions,
): Promise<void> {
  const report = await importFiles(path, wanted, options, ({ target }, files, progress) =>
    importTranscripts(transcripts, files, (rows) => landSpans(target, rows), progress),
  );
  if (options.json === true) printJson({ ...report });
  else showTranscripts(report);
  const nothingRead = report.records === 0 && report.bytes > 0;
  if (report.unreadable.length > 0 || nothingRead) process.exitCode = 1;
}

async function importTraces(path: string, options: LedgerOptions): Promise<void> {
  const report = await importFiles(path, traceFiles, options, ({ target }, files, progress) =>
    importOtlp(target, files, progress),
  );
  if (options.json === true) printJson({ ...report });
  else showOtlp(report);
  if (report.requests === 0 || report.unreadable.length > 0) process.exitCode = 1;
}

/** Finds the files, opens the ledger, shows progress, settles what several sources report, and explains what it cost. */
async function importFiles<Report>(
  path: string,
  wanted: Wanted,
  options: LedgerOptions,
  read: (ledger: Ledger, files: readonly InputFile[], progress: (bytes: number) => void) => Promise<Report>,
): Promise<Report> {
  const files = await filesBelow(expandHome(path), wanted.names);
  if (files.length === 0) throw new UsageError(`${path} holds no ${wanted.called}`);
  const bar = progressBar(
    "reading",
    files.reduce((sum, file) => sum + file.bytes, 0),
  );
  return useLedger(options, async (ledger) => {
    const report = await read(ledger, files, bar.advance).finally(bar.end);
    await settle(ledger.target);
    await explain(ledger.target);
    return report;
  });
}

const expandHome = (path: string): string => (path.startsWith("~/") ? `${homedir()}${path.slice(1)}` : path);
