import type { JSX } from "preact";
import { instantOf } from "../../data/instant.ts";
import { compact, sumUsd, usd } from "../../data/money.ts";
import { pieceKind } from "../../conversation/piece-kinds.ts";
import type { CallRow } from "./call-row.ts";
import { DetailSection } from "./detail-section.tsx";

/** What the page reads of a row of `call_pieces`: lists over the pieces of a prompt. */
interface PiecesRow {
  readonly span_id: string;
  readonly kinds: readonly string[];
  readonly names: readonly string[];
  readonly carried: readonly (boolean | number)[];
  readonly tokens: readonly string[];
  readonly known_costs_usd: readonly string[];
}

/** Ids of spans as `call_pieces` has them: numbers of 64 bits. */
const idOf = (number: string): string => BigInt(number).toString(16).padStart(16, "0");

/** What the prompt of a call was made of, in the order in which the provider read it. */
export function CallPieces({ call }: { call: CallRow }): JSX.Element {
  return (
    <DetailSection<PiecesRow>
      title="What the prompt was made of"
      name="call_pieces"
      parameters={{ ...instantOf(call.started_at) }}
    >
      {(rows) => {
        const row = rows.find(({ span_id }) => idOf(span_id) === call.span_id);
        return row === undefined ? (
          <p class="faint">This call does not say how its prompt was made.</p>
        ) : (
          <Pieces row={row} />
        );
      }}
    </DetailSection>
  );
}

function Pieces({ row }: { row: PiecesRow }): JSX.Element {
  const tokens = row.tokens.map(Number);
  const whole = Math.max(
    1,
    tokens.reduce((sum, size) => sum + size, 0),
  );
  return (
    <>
      <div class="pieces" aria-hidden="true">
        {row.kinds.map((kind, index) => (
          <i
            key={index}
            title={`${pieceKind(kind).name} ${row.names[index] ?? ""}: ${compact(tokens[index] ?? 0)} tokens`}
            style={{ flexGrow: (tokens[index] ?? 0) / whole, background: `var(${pieceKind(kind).colour})` }}
          />
        ))}
      </div>
      <table class="small-table">
        <thead>
          <tr>
            <th scope="col">Pieces</th>
            <th scope="col" class="number">
              Tokens
            </th>
            <th scope="col" class="number">
              Carried along
            </th>
            <th scope="col" class="number">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {[...Map.groupBy(row.kinds.keys(), (index) => pieceKind(row.kinds[index] ?? ""))].map(([kind, places]) => (
            <tr key={kind.name}>
              <th scope="row">
                <i class="swatch" style={{ background: `var(${kind.colour})` }} aria-hidden="true" />
                {kind.name} <small>× {places.length}</small>
              </th>
              <td class="number">{compact(sum(places, tokens))}</td>
              <td class="number">
                {compact(
                  sum(
                    places.filter((place) => Boolean(row.carried[place])),
                    tokens,
                  ),
                )}
              </td>
              <td class="number">{usd(sumUsd(places.map((place) => row.known_costs_usd[place] ?? "0")), 6)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="faint">Sizes of pieces are estimates, stretched to what was billed: they sum to the bill.</p>
    </>
  );
}

const sum = (places: readonly number[], sizes: readonly number[]): number =>
  places.reduce((total, place) => total + (sizes[place] ?? 0), 0);
