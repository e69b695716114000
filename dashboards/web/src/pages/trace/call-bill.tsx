import type { JSX } from "preact";
import { atLeast, count, usd, type Amount } from "../../data/money.ts";
import { perMillion } from "./per-million.ts";
import type { CallRow } from "./call-row.ts";
import { DetailSection } from "./detail-section.tsx";
import { Facts } from "./facts.tsx";

/** A row of `call_classes`. */
interface ClassRow {
  readonly component: string;
  readonly units: string;
  readonly usd_per_unit: Amount;
  readonly cost_usd: Amount;
  readonly context_from: string;
  readonly priced_as: string;
  readonly layer: string;
  readonly source: string;
  readonly checked_on: string | null;
  readonly confidence: string;
}

/** What a call was billed for, class by class, at which price, and where that price was read. */
export function CallBill({ traceId, call }: { traceId: string; call: CallRow }): JSX.Element {
  return (
    <DetailSection<ClassRow>
      title="What it was billed for"
      name="call_classes"
      parameters={{ trace_id: traceId, span_id: call.span_id }}
    >
      {(rows) => (
        <>
          <table class="small-table">
            <thead>
              <tr>
                <th scope="col">Class</th>
                <th scope="col" class="number">
                  Tokens
                </th>
                <th scope="col" class="number">
                  $ per million
                </th>
                <th scope="col" class="number">
                  Cost
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.component}>
                  <th scope="row">
                    {className(row.component)}
                    {row.priced_as === "" || row.priced_as === row.component ? null : (
                      <small> at the price of {className(row.priced_as)}</small>
                    )}
                  </th>
                  <td class="number">{count(row.units)}</td>
                  <td class="number">{perMillion(row.usd_per_unit)}</td>
                  <td class="number">{usd(row.cost_usd, 6)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row" colSpan={3}>
                  The call
                </th>
                <td class="number" data-figure="call">
                  {atLeast(call.known_cost_usd, call.cost_usd === null, 6)}
                </td>
              </tr>
            </tfoot>
          </table>
          <Unknowns call={call} />
          <PriceOrigin call={call} rows={rows} />
        </>
      )}
    </DetailSection>
  );
}

function Unknowns({ call }: { call: CallRow }): JSX.Element | null {
  const lines = [
    call.unpriced === "" ? "" : `Not wholly known: ${call.unpriced}.`,
    call.usage_source === "estimated" ? "The provider reported no counts: they were estimated here." : "",
    call.usage_source === "partial" ? "Only a part of the counts was reported." : "",
    call.usage_split === "assumed" ? "Some tokens were counted in two classes: which one they cost is assumed." : "",
    call.usage_inconsistent === "" ? "" : `Counts that contradict each other: ${call.usage_inconsistent}.`,
  ].filter(Boolean);
  return lines.length === 0 ? null : <p class="warn">{lines.join(" ")}</p>;
}

function PriceOrigin({ call, rows }: { call: CallRow; rows: readonly ClassRow[] }): JSX.Element | null {
  if (call.price_card_id === "0") return null;
  const sources = new Map(rows.filter(({ source }) => source !== "").map((row) => [row.source, row]));
  const [band] = rows;
  return (
    <Facts
      facts={[
        ["Price row", <code>{call.price_card_id}</code>],
        ["In the catalogue of", dayOf(call.price_version)],
        ...(band === undefined || band.context_from === "0"
          ? []
          : [["Long context", `from ${count(band.context_from)} input tokens on`] as const]),
        ...[...sources.values()].map(
          (row, index) =>
            [
              index === 0 ? "Read at" : " ",
              <>
                <Source text={row.source} />
                <small>
                  {" "}
                  {[row.layer, row.confidence, row.checked_on === null ? "" : `checked ${row.checked_on}`]
                    .filter(Boolean)
                    .join(", ")}
                </small>
              </>,
            ] as const,
        ),
      ]}
    />
  );
}

/** Addresses become links that open elsewhere: the page itself asks nobody but this machine. */
const Source = ({ text }: { text: string }): JSX.Element => (
  <>
    {text.split(/(https:\/\/[^\s,;]+)/).map((part, index) =>
      index % 2 === 0 ? (
        part
      ) : (
        <a key={part} href={part} target="_blank" rel="noreferrer noopener">
          {part.slice("https://".length)}
        </a>
      ),
    )}
  </>
);

/** A catalogue's version is the second in which it was published. */
const dayOf = (version: number): string =>
  version === 0 ? "none" : new Date(version * 1000).toISOString().slice(0, 16).replace("T", " ");

/** `cache_write_5m` in words. */
const className = (component: string): string => component.replaceAll("_", " ");
