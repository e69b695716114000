import type { JSX } from "preact";
import { Panel } from "../../components/panel.tsx";
import { count, share, usd } from "../../data/money.ts";
import type { Saving } from "../../data/rows.ts";
import { selection } from "../../data/selection.ts";
import { addressWith } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { counted, measureNames, nameOr } from "../../data/words.ts";
import { RangeBar } from "../../flow/range-bar.tsx";
import { HistorySliders, useHistoryCut } from "./history-sliders.tsx";
import { questionOfMeasure } from "./questions.ts";

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
          <SavingItem key={saving.query} {...{ saving, spent }} />
        ))}
      </ol>
    </Panel>
  );
}

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
            {nameOr(saving.agent_name, "no agent")} on {saving.model}, {counted(saving.calls, "call")}
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
