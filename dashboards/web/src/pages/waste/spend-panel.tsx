import type { JSX } from "preact";
import { Panel } from "../../components/panel.tsx";
import { atLeast, share, sumUsd } from "../../data/money.ts";
import { selection } from "../../data/selection.ts";
import { addressWith } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { causeText } from "../../data/words.ts";
import { causeColour, causeMeaning } from "../../flow/causes.ts";
import { Treemap, type TreemapPart } from "../../flow/treemap.tsx";
import { Divide, Trail } from "./trail.tsx";
import { nameless, type Opened, openedAs } from "./opened.ts";

/** A row of the view `spend_by_cause`. */
interface CauseSpend {
  readonly name: string;
  readonly cause: string;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
  readonly is_waste: number;
}

/** Where the money went, as areas: by cause, or by name within one. */
export function SpendPanel({ opened }: { readonly opened: Opened }): JSX.Element {
  const isWhole = opened.cause === "";
  const view = useView<CauseSpend>("spend_by_cause", { ...selection.value, by: isWhole ? "" : opened.by });
  const rows = isWhole ? view.rows : view.rows.filter(({ cause }) => cause === opened.cause);
  const whole = sumUsd(rows.map(({ known_cost_usd }) => known_cost_usd));
  const title = isWhole ? "Where the money went, and why" : `Paid for: ${causeText(opened.cause)}`;
  return (
    <Panel
      title={title}
      question={isWhole ? "Every token and fee by what it was paid for; open an area." : causeMeaning(opened.cause)}
      view={view}
      controls={isWhole ? undefined : <Divide opened={opened} />}
      note={certainty(rows)}
    >
      <Trail opened={opened} />
      <p class="sum">{isWhole ? <WasteSum rows={rows} whole={whole} /> : <Total rows={rows} whole={whole} />}</p>
      <Treemap label={title} parts={isWhole ? causeParts(rows, whole) : nameParts(rows, whole, opened)} />
    </Panel>
  );
}

function WasteSum({ rows, whole }: { readonly rows: readonly CauseSpend[]; readonly whole: string }): JSX.Element {
  const waste = rows.filter(({ is_waste }) => is_waste === 1);
  const lost = sumUsd(waste.map(({ known_cost_usd }) => known_cost_usd));
  return (
    <>
      <b data-figure="waste">{atLeast(lost, isIncomplete(waste))}</b>, {share(lost, whole)} of{" "}
      <b data-figure="spent">{atLeast(whole, isIncomplete(rows))}</b>, was paid again, failed or never used: the striped
      areas.
    </>
  );
}

const Total = ({ rows, whole }: { readonly rows: readonly CauseSpend[]; readonly whole: string }): JSX.Element => (
  <>
    <b data-figure="spent">{atLeast(whole, isIncomplete(rows))}</b> in all.
  </>
);

/** What is not known about the sum. */
function certainty(rows: readonly CauseSpend[]): string | undefined {
  const unpriced = rows.filter(({ unpriced_calls }) => unpriced_calls !== "0");
  if (unpriced.length === 0) return undefined;
  const names = [...new Set(unpriced.map(({ cause }) => causeText(cause)))];
  return `Calls without usage or without a price are in ${names.join(", ")}: their part is unknown, not zero.`;
}

const isIncomplete = (rows: readonly CauseSpend[]): boolean =>
  rows.some(({ unpriced_calls }) => unpriced_calls !== "0");

const causeParts = (rows: readonly CauseSpend[], whole: string): TreemapPart[] =>
  rows.map((row) => ({
    key: row.cause,
    group: row.is_waste === 1 ? "waste" : "used",
    label: causeText(row.cause),
    colour: causeColour(row.cause),
    isMarked: row.is_waste === 1,
    href: addressWith(openedAs({ cause: row.cause, by: "agent", name: undefined })),
    ...amounts(row, whole),
  }));

const nameParts = (rows: readonly CauseSpend[], whole: string, opened: Opened): TreemapPart[] =>
  rows.slice(0, mostAreas).map((row) => ({
    key: row.name,
    group: "",
    label: row.name === "" ? nameless[opened.by] : row.name,
    colour: causeColour(opened.cause),
    isMarked: false,
    href: addressWith(openedAs({ ...opened, name: row.name })),
    ...amounts(row, whole),
  }));

const amounts = (row: CauseSpend, whole: string): Pick<TreemapPart, "amount" | "amountText" | "shareText"> => ({
  amount: row.known_cost_usd,
  amountText: atLeast(row.known_cost_usd, row.unpriced_calls !== "0"),
  shareText: share(row.known_cost_usd, whole),
});

/** Smaller ones could not be seen: they are in the table. */
const mostAreas = 80;
