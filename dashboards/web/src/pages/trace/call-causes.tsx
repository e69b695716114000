import type { JSX } from "preact";
import { instantOf } from "../../data/instant.ts";
import { BarList } from "../../components/bar-list.tsx";
import { atLeast, compact, compareUsd, sumUsd, type Amount } from "../../data/money.ts";
import { causeText } from "../../data/words.ts";
import { causeColourName } from "../../flow/causes.ts";
import type { CallRow } from "./call-row.ts";
import { DetailSection } from "./detail-section.tsx";

/** A row of `call_cause_cost`. */
interface CauseRow {
  readonly span_id: string;
  readonly cause: string;
  readonly tokens: string;
  readonly fees: string;
  readonly cost_usd: Amount;
  readonly known_cost_usd: string;
}

/** Why each token and fee of a call was paid for. */
export function CallCauses({ traceId, call }: { traceId: string; call: CallRow }): JSX.Element {
  return (
    <DetailSection<CauseRow>
      title="Why it was paid for"
      name="call_cause_cost"
      parameters={{ ...instantOf(call.started_at), trace_id: traceId }}
    >
      {(rows) => (
        <BarList
          label="Causes of its cost"
          bars={byCause(rows.filter(({ span_id }) => span_id === call.span_id)).map(({ cause, parts, known }) => {
            const isPartial = parts.some(({ cost_usd }) => cost_usd === null);
            return {
              key: cause,
              name: causeText(cause),
              amount: known,
              text: atLeast(known, isPartial, 6),
              note: noteOf(parts),
              colour: causeColourName(cause),
            };
          })}
        />
      )}
    </DetailSection>
  );
}

function byCause(rows: readonly CauseRow[]): { cause: string; parts: CauseRow[]; known: string }[] {
  const causes = Map.groupBy(rows, ({ cause }) => cause);
  return [...causes]
    .map(([cause, parts]) => ({ cause, parts, known: sumUsd(parts.map(({ known_cost_usd }) => known_cost_usd)) }))
    .toSorted((one, other) => compareUsd(other.known, one.known));
}

function noteOf(parts: readonly CauseRow[]): string {
  const tokens = parts.reduce((sum, part) => sum + Number(part.tokens), 0);
  const fees = parts.reduce((sum, part) => sum + Number(part.fees), 0);
  return fees > 0 ? `${compact(fees)} ${fees === 1 ? "fee" : "fees"}` : `${compact(tokens)} tokens`;
}
