import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { BarList } from "../../components/bar-list.tsx";
import { Panel } from "../../components/panel.tsx";
import { atLeast, compareUsd, share, sumUsd } from "../../data/money.ts";
import { linkTo, range } from "../../data/selection.ts";
import { addressWith } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { openedAs } from "./opened.ts";
import type { NamedWaste } from "./named-wastes.ts";

/** A row of any such view, by its columns: names are text, money and counts decimal strings. */
type WasteRow = Readonly<Record<string, string | number | null>>;

/** What a waste was found to come to; undefined: nothing of it was found. */
export type Found = string | undefined;

interface NamedWasteProperties {
  readonly waste: NamedWaste;
  /** Whether it may be asked for yet. */
  readonly isDue: boolean;
  /** Called when it has its answer, or failed to get one, with its figure. */
  readonly onSettled: (view: string, found: Found) => void;
  /** What was spent in all; empty as long as nobody knows. */
  readonly spent: string;
}

/** One named waste: its figure, what it is most of, and the way to its calls. Nothing where there is none of it. */
export function NamedWastePanel({ waste, isDue, onSettled, spent }: NamedWasteProperties): JSX.Element | null {
  const view = useView<WasteRow>(waste.view, isDue ? { ...range.value } : undefined);
  const figures = waste.figures.map((one) => ({
    ...one,
    amount: sumUsd(view.rows.map((row) => moneyOf(row[one.column]))),
  }));
  const isUnknown = isIncomplete(view.rows, waste);
  const isNone = view.status === "ready" && !isUnknown && figures.every(({ amount }) => compareUsd(amount, "0") === 0);
  // What comes to nothing is not told.
  const figure = figures.find(({ amount }) => compareUsd(amount, "0") !== 0) ?? figures[0];
  const others = figures.filter((one) => one !== figure && compareUsd(one.amount, "0") !== 0);
  useEffect(() => {
    if (view.status !== "loading") onSettled(waste.view, isNone ? undefined : (figure?.amount ?? "0"));
  }, [view.status, isNone, figure?.amount]);
  if (isNone || figure === undefined || (!isDue && view.status === "loading")) return null;
  return (
    <Panel class="third" title={waste.title} question={waste.question} view={view} note={<Advice waste={waste} />}>
      <p class="waste-figure">
        <b data-figure={waste.view}>{atLeast(figure.amount, isUnknown)}</b> {figure.title}
        {figure.isEstimate ? <Estimate /> : null}
        {spent === "" || compareUsd(figure.amount, "0") === 0 ? null : (
          <span class="faint"> · {share(figure.amount, spent)} of all</span>
        )}
      </p>
      {others.map((one) => (
        <p key={one.column} class="waste-other">
          {atLeast(one.amount, isUnknown)} {one.title}
          {one.isEstimate ? <Estimate /> : null}
        </p>
      ))}
      <Most waste={waste} rows={view.rows} />
    </Panel>
  );
}

/** What the figure is most of. */
function Most({ waste, rows }: { readonly waste: NamedWaste; readonly rows: readonly WasteRow[] }): JSX.Element | null {
  const column = waste.figures[0]?.column ?? "";
  const amountOf = (row: WasteRow): string => moneyOf(row[column]);
  const most = rows
    .filter((row) => compareUsd(amountOf(row), "0") > 0)
    .toSorted((one, other) => compareUsd(amountOf(other), amountOf(one)))
    .slice(0, mostRows);
  if (most.length === 0) return null;
  return (
    <BarList
      label={`Most of ${waste.title}`}
      bars={most.map((row, at) => {
        const href = addressOf(row, waste);
        return {
          key: String(at),
          name: nameOf(row, waste),
          amount: amountOf(row),
          text: atLeast(amountOf(row), isIncomplete([row], waste)),
          colour: "--series-2",
          ...(href !== undefined && { href }),
        };
      })}
    />
  );
}

/** The trace where a row is one's, else the calls of its agent that paid for the same cause. */
function addressOf(row: WasteRow, { links }: NamedWaste): string | undefined {
  const trace = links.trace === undefined ? "" : String(row[links.trace] ?? "");
  if (trace !== "") return linkTo(`/trace/${trace}`);
  if (links.cause === undefined) return undefined;
  return addressWith(openedAs({ cause: links.cause, by: "agent", name: String(row["agent_name"] ?? "") }));
}

function Advice({ waste }: { readonly waste: NamedWaste }): JSX.Element {
  const { cause, whatIf } = waste.links;
  return (
    <>
      {waste.advice}{" "}
      {cause === undefined ? null : (
        <a href={addressWith(openedAs({ cause, by: "agent", name: undefined }))}>Its calls</a>
      )}
      {cause === undefined || whatIf === undefined ? null : " · "}
      {whatIf === undefined ? null : <a href={linkTo("/what-if", { ask: whatIf })}>What it would save</a>}
    </>
  );
}

const Estimate = (): JSX.Element => (
  <span class="estimate" title="Rests on estimated sizes">
    estimate
  </span>
);

const isIncomplete = (rows: readonly WasteRow[], { unknown }: NamedWaste): boolean =>
  rows.some((row) => unknown.some((column) => Number(row[column] ?? 0) > 0));

const moneyOf = (value: string | number | null | undefined): string => String(value ?? "0");

const nameOf = (row: WasteRow, { names }: NamedWaste): string =>
  names
    .map((name) => textOf(name, String(row[name] ?? "")))
    .filter((text) => text !== "")
    .join(" · ");

function textOf(name: string, text: string): string {
  if (name === "turn") return `turn ${text}`;
  return name === "agent_name" && text === "" ? "no agent" : text.replaceAll("_", " ");
}

const mostRows = 4;
