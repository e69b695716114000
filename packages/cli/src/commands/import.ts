import { homedir } from "node:os";
import type { Command } from "commander";
import { landSpans, settle } from "@tokenledger/clickhouse";
import { importClaudeCode, type ImportReport } from "../import/claude-code.ts";
import { importOtlp, type OtlpImportReport } from "../import/otlp.ts";
import { filesBelow } from "../import/transcript-files.ts";
import { useLedger, withLedger, type LedgerOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { count } from "../output/numbers.ts";
import { note, print } from "../output/print.ts";
import { progressBar } from "../output/progress.ts";
import { warn } from "../output/style.ts";
import { plain } from "../output/text.ts";
import { UsageError } from "../usage-error.ts";

/** `tokenledger import SOURCE PATH`: data that already lies on disk, into the same ledger. */
export function addImport(program: Command): void {
  const command = program.command("import").description("bring session logs and OTLP files into the ledger");
  withLedger(command.command("claude-code"))
    .description("Claude Code's own session logs: main agent, sub-agents, tools, caches")
    .argument("[path]", "a transcript or a folder of them", "~/.claude/projects")
    .addHelpText("after", "\nImporting again changes nothing: every call keeps the id the provider gave it.")
    .action(importTranscripts);
  withLedger(command.command("otlp"))
    .description("OTLP trace files: JSON, JSON lines (the collector's file exporter) or protobuf")
    .argument("<path>", "a file, or a folder of .json, .jsonl, .pb and .bin files")
    .addHelpText("after", "\nImporting again changes nothing: every span keeps its own id.")
    .action(importOtlpFiles);
}

async function importTranscripts(path: string, options: LedgerOptions): Promise<void> {
  const files = await filesBelow(expandHome(path), [".jsonl"]);
  if (files.length === 0) throw new UsageError(`${path} holds no .jsonl transcript`);
  const bar = progressBar(
    "reading",
    files.reduce((sum, file) => sum + file.bytes, 0),
  );
  const report = await useLedger(options, async ({ target }) => {
    const result = await importClaudeCode(files, (rows) => landSpans(target, rows), bar.advance);
    bar.end();
    await settle(target);
    return result;
  });
  if (options.json === true) printJson({ ...report });
  else show(report);
  const nothingRead = report.records === 0 && report.bytes > 0;
  if (report.unreadable.length > 0 || nothingRead) process.exitCode = 1;
}

async function importOtlpFiles(path: string, options: LedgerOptions): Promise<void> {
  const files = await filesBelow(expandHome(path), [".json", ".jsonl", ".pb", ".bin"]);
  if (files.length === 0) throw new UsageError(`${path} holds no .json, .jsonl, .pb or .bin file`);
  const bar = progressBar(
    "reading",
    files.reduce((sum, file) => sum + file.bytes, 0),
  );
  const report = await useLedger(options, async ({ target }) => {
    const result = await importOtlp(target, files, bar.advance);
    bar.end();
    await settle(target);
    return result;
  });
  if (options.json === true) printJson({ ...report });
  else showOtlp(report);
  if (report.requests === 0) process.exitCode = 1;
}

function showOtlp({ spans, files, rejected }: OtlpImportReport): void {
  print(
    `Imported ${count(spans.stored)} spans from ${count(files)} files; ${count(spans.duplicates)} were there already.`,
  );
  for (const [reason, number] of Object.entries(spans.rejected))
    note(warn(`set aside: ${count(number)} spans, ${reason}`, process.stderr));
  for (const { file, line, reason } of rejected)
    note(warn(`set aside: ${plain(file)}, line ${line}: ${plain(reason)}`, process.stderr));
  print("Next: tokenledger report");
}

function show(report: ImportReport): void {
  print(
    `Imported ${count(report.calls)} model calls of ${count(report.sessions)} sessions` +
      (report.refusedRequests > 0 ? ` and ${count(report.refusedRequests)} requests the API refused` : "") +
      ` (${count(report.records)} records in ${count(report.files)} files).`,
  );
  for (const { file, offset, bytes, reason } of report.rejected) {
    note(warn(`set aside: ${plain(file)}, byte ${offset}: ${count(bytes)} bytes, ${reason}`, process.stderr));
  }
  for (const { file, problem } of report.unreadable) {
    note(warn(`cannot be read: ${plain(file)}: ${plain(problem)}`, process.stderr));
  }
  for (const file of report.unfinished) note(`still being written, read up to its last whole record: ${plain(file)}`);
  print("Next: tokenledger report, or tokenledger agents");
}

const expandHome = (path: string): string => (path.startsWith("~/") ? `${homedir()}${path.slice(1)}` : path);
