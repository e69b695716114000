import type { JSX } from "preact";
import { useCallback, useState } from "preact/hooks";
import { compareUsd } from "../../data/money.ts";
import { range } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";
import { everywhere, WholeRangeNote } from "../../flow/whole-range.tsx";
import { type Found, NamedWastePanel } from "./named-waste-panel.tsx";
import { type NamedWaste, namedWastes } from "./named-wastes.ts";

/** What each named waste came to, by its view, as far as it is known. */
type Findings = ReadonlyMap<string, Found>;

/** The named wastes, largest first, and those that were looked for and not found. */
export function NamedWastesSection(): JSX.Element {
  const [findings, setFindings] = useState<Findings>(new Map());
  const settle = useCallback(
    (view: string, found: Found): void => setFindings((before) => new Map([...before, [view, found]])),
    [],
  );
  const [total] = useView<{ readonly known_cost_usd: string }>("selection_total", {
    ...range.value,
    ...everywhere,
  }).rows;
  const missing = namedWastes.filter(({ view }) => findings.has(view) && findings.get(view) === undefined);
  const left = namedWastes.length - findings.size;
  return (
    <>
      <div class="section-head">
        <h2>Wastes by name</h2>
        <p>Parts of the causes above, looked at one by one: they overlap, so they do not add up.</p>
        <WholeRangeNote />
      </div>
      {ordered(findings).map((waste) => (
        <NamedWastePanel
          key={waste.view}
          waste={waste}
          // Each takes much of the server: those further down wait.
          isDue={namedWastes.indexOf(waste) < findings.size + atOnce}
          onSettled={settle}
          spent={total?.known_cost_usd ?? ""}
        />
      ))}
      <p class="section-foot" role="status">
        {left > 0 ? `Looking for ${left} more …` : ""}
        {missing.length > 0
          ? ` Looked for and not found: ${missing.map(({ title }) => title.toLowerCase()).join(", ")}.`
          : ""}
      </p>
    </>
  );
}

/** Largest first once all are known: nothing moves while it is being read. */
function ordered(findings: Findings): readonly NamedWaste[] {
  if (findings.size < namedWastes.length) return namedWastes;
  const amount = ({ view }: NamedWaste): string => findings.get(view) ?? "0";
  return namedWastes.toSorted((one, other) => compareUsd(amount(other), amount(one)));
}

const atOnce = 2;
