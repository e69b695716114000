/** One line of the bench: what was measured, beside the bar it has to clear. */
export interface BenchResult {
  name: string;
  /** As printed, with its interval. */
  measured: string;
  bar: string;
  /** Absent where there is no bar: the figure is reported only. */
  met?: boolean;
}

export function printResults(title: string, results: readonly BenchResult[]): void {
  console.log(`\n${title}`);
  const width = Math.max(...results.map((result) => result.name.length));
  for (const { name, measured, bar, met } of results) {
    const verdict = met === undefined ? "   " : met ? "met" : "NOT";
    console.log(`  ${verdict}  ${name.padEnd(width)}  ${measured}   bar: ${bar}`);
  }
}
