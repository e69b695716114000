import type { Result } from "./replay.ts";

/** Counts of one provider, for people and for `--json`. */
export interface ProviderReport {
  readonly provider: string;
  readonly replayed: number;
  /** Streams that report no usage, whose span says `estimated`. */
  readonly estimated: number;
  /** By reason. */
  readonly excluded: Readonly<Record<string, number>>;
  /** By class. */
  readonly classes: Readonly<Record<string, { agree: number; differ: number }>>;
  readonly differences: readonly Difference[];
}

interface Difference {
  readonly id: string;
  readonly endpoint: string;
  readonly class: string;
  readonly expected: unknown;
  readonly emitted: unknown;
}

export function reportByProvider(results: readonly Result[]): ProviderReport[] {
  const byProvider = Map.groupBy(results, ({ interaction }) => interaction.provider);
  return [...byProvider].map(([provider, own]) => providerReport(provider, own));
}

function providerReport(provider: string, results: readonly Result[]): ProviderReport {
  const excluded: Record<string, number> = {};
  const classes: Record<string, { agree: number; differ: number }> = {};
  const differences: Difference[] = [];
  let replayed = 0;
  let estimated = 0;
  for (const result of results) {
    if ("excluded" in result) {
      excluded[result.excluded] = (excluded[result.excluded] ?? 0) + 1;
      continue;
    }
    replayed += 1;
    if (result.estimated) estimated += 1;
    for (const { agrees, class: name, expected, emitted } of result.comparisons) {
      (classes[name] ??= { agree: 0, differ: 0 })[agrees ? "agree" : "differ"] += 1;
      const { id, endpoint } = result.interaction;
      if (!agrees) differences.push({ id, endpoint, class: name, expected, emitted });
    }
  }
  return { provider, replayed, estimated, excluded, classes, differences };
}

/** The reports as text: per provider a table of classes, then every difference. */
export function formatReports(reports: readonly ProviderReport[]): string {
  return reports.map(formatReport).join("\n\n");
}

function formatReport({ provider, replayed, estimated, excluded, classes, differences }: ProviderReport): string {
  const rows = Object.entries(classes).map(
    ([name, { agree, differ }]) => `  ${name.padEnd(24)}${column(agree)}${column(differ)}`,
  );
  return [
    `${provider}: ${replayed} replayed, ${differences.length} differences`,
    ...(rows.length > 0 ? [`  ${"class".padEnd(24)}${column("agree")}${column("differ")}`, ...rows] : []),
    ...(estimated > 0 ? [`  ${estimated} without reported usage, marked as estimated`] : []),
    ...Object.entries(excluded).map(([reason, count]) => `  ${count} excluded: ${reason}`),
    ...differences.map(
      ({ id, endpoint, class: name, expected, emitted }) =>
        `  ${id} (${endpoint}) ${name}: expected ${JSON.stringify(expected)}, span says ${JSON.stringify(emitted)}`,
    ),
  ].join("\n");
}

const column = (value: string | number): string => String(value).padStart(8);
