import type { OtlpImportReport } from "../import/otlp.ts";
import type { TranscriptReport } from "../import/transcripts.ts";
import { count } from "../output/numbers.ts";
import { note, print } from "../output/print.ts";
import { warn } from "../output/style.ts";
import { plain } from "../output/text.ts";

/** What an import of transcripts brought in, and what it set aside. */
export function showTranscripts(report: TranscriptReport): void {
  print(
    `Imported ${count(report.calls)} model calls of ${count(report.sessions)} sessions` +
      (report.refusedRequests > 0 ? ` and ${count(report.refusedRequests)} requests the API refused` : "") +
      ` (${count(report.records)} records in ${count(report.files)} files).`,
  );
  if (report.repeatedCalls > 0)
    print(`${count(report.repeatedCalls)} calls stand in copies of other sessions' history and are counted there.`);
  const { rejected, unreadable, unfinished } = report;
  warnOf(
    rejected,
    ({ file, offset, bytes, reason }) => `set aside: ${plain(file)}, byte ${offset}: ${count(bytes)} bytes, ${reason}`,
  );
  warnOf(listed(unreadable), ({ file, problem }) => `cannot be read: ${plain(file)}: ${plain(problem)}`);
  warnOf(listed(unfinished), (file) => `still being written, read up to its last whole record: ${plain(file)}`);
  print("Next: tokenledger report, or tokenledger agents");
}

/** What an import of trace files brought in, and what it set aside. */
export function showOtlp({ spans, logs, files, rejected, unreadable }: OtlpImportReport): void {
  print(
    `Imported ${count(spans.stored)} spans from ${count(files)} files; ${count(spans.duplicates)} were there already.`,
  );
  if (logs.received > 0) print(`${count(logs.stored)} log records were read, ${count(logs.duplicates)} of them known.`);
  for (const [noun, { rejected: reasons }] of [
    ["spans", spans],
    ["log records", logs],
  ] as const) {
    for (const [reason, number] of Object.entries(reasons))
      note(warn(`set aside: ${count(number)} ${noun}, ${reason}`, process.stderr));
  }
  warnOf(rejected, ({ file, place, reason }) => `set aside: ${plain(file)}, ${place}: ${plain(reason)}`);
  warnOf(listed(unreadable), ({ file, problem }) => `cannot be read: ${plain(file)}: ${plain(problem)}`);
  print("Next: tokenledger report");
}

/** So many are named; a file of rubbish must not scroll everything else away. */
const named = 10;

function warnOf<Item>(
  { count: all, first }: { count: number; first: readonly Item[] },
  say: (item: Item) => string,
): void {
  for (const item of first.slice(0, named)) note(warn(say(item), process.stderr));
  if (all > named) note(warn(`… and ${count(all - named)} more like that; --json names them`, process.stderr));
}

const listed = <Item>(items: readonly Item[]): { count: number; first: readonly Item[] } => ({
  count: items.length,
  first: items,
});
