import type { JSX } from "preact";
import { measureNames } from "../../../../../packages/cli/src/measures.ts";
import { Panel } from "../../components/panel.tsx";
import { count, share, usd } from "../../data/money.ts";
import { selection } from "../../data/selection.ts";
import { addressWith } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { RangeBar } from "../../flow/range-bar.tsx";
import { HistorySliders, useHistoryCut } from "./history-sliders.tsx";
import { questionOfMeasure } from "./questions.ts";

/** A row of the view `savings`. */
interface Saving {
  readonly measure: string;
  readonly provider: string;
  readonly model: string;
  readonly agent_name: string;
  readonly calls: string;
  readonly known_cost_usd: string;
  readonly saved_usd: string;
  readonly least_usd: string;
  readonly most_usd: string;
  readonly alone_usd: string;
  readonly together_usd: string;
  readonly assumes: string;
  readonly query: string;
}

/** What to change first: every measure that saves money, with the query that proves it. */
export function SavingsPanel(): JSX.Element {
  const cut = useHistoryCut();
  const view = useView<Saving>("savings", { ...selection.value, ...cut });
  const [total] = useView<{ readonly known_cost_usd: string }>("selection_total", { ...selection.value }).rows;
  const spent = total?.known_cost_usd ?? "0";
  const [first] = view.rows;
  return (
    <Panel
      title="What to change first"
      question="Every measure that would have saved money, largest first, no dollar counted twice."
      view={view}
      controls={<HistorySliders />}
      empty="No measure would have saved anything that the ledger can prove."
      note="A measure saves what those before it leave: duplicates, then caching, tools, history and batches. Other models and tiers are below: whether their answers would do is not in the ledger."
    >
      {first === undefined ? null : (
        <p class="sum">
          <b data-figure="savings">{usd(first.together_usd)}</b>, {share(first.together_usd, spent)} of{" "}
          <b>{usd(spent)}</b>, by all {count(view.rows.length)} together.
        </p>
      )}
      <ol class="savings">
        {view.rows.map((saving) => (
          <SavingItem
            key={`${saving.measure} ${saving.provider} ${saving.model} ${saving.agent_name}`}
            {...{ saving, spent }}
          />
        ))}
      </ol>
    </Panel>
  );
}

const calls = (number: string): string => `${count(number)} ${number === "1" ? "call" : "calls"}`;

function SavingItem({ saving, spent }: { readonly saving: Saving; readonly spent: string }): JSX.Element {
  const isEstimate = saving.least_usd !== saving.most_usd;
  return (
    <li>
      <b class="saving-amount">{usd(saving.saved_usd)}</b>
      <div>
        <p>
          <a href={addressWith({ ask: questionOfMeasure(saving.measure) })}>
            {measureNames[saving.measure] ?? saving.measure}
          </a>
          <span class="faint">
            {" "}
            {saving.agent_name === "" ? "calls of no agent" : saving.agent_name} on {saving.model},{" "}
            {calls(saving.calls)}
          </span>
        </p>
        <RangeBar least={saving.least_usd} most={saving.most_usd} whole={spent} />
        <p class="saving-terms">
          {share(saving.saved_usd, spent)} of all.{" "}
          {isEstimate ? (
            <>
              <span class="estimate">estimate</span> between {usd(saving.least_usd)} and {usd(saving.most_usd)}.{" "}
            </>
          ) : null}
          {saving.alone_usd === saving.saved_usd ? null : <>Alone it would save {usd(saving.alone_usd)}. </>}
          Assumes: {saving.assumes}.
        </p>
        <details>
          <summary>The query that proves it</summary>
          <pre tabIndex={0}>{saving.query}</pre>
        </details>
      </div>
    </li>
  );
}
