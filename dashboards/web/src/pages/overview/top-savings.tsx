import type { JSX } from "preact";
import { BarList } from "../../components/bar-list.tsx";
import { Panel } from "../../components/panel.tsx";
import { usd } from "../../data/money.ts";
import type { Saving } from "../../data/rows.ts";
import { everywhere } from "../../flow/whole-range.tsx";
import { linkTo, range } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";
import { counted, measureNames, nameOr, usualHistory } from "../../data/words.ts";

const shown = 6;

/** The largest savings, no dollar counted twice; all of them are under What if. */
export function TopSavings(props: { class: string }): JSX.Element {
  const view = useView<Saving>("savings", { ...range.value, ...everywhere, ...usualHistory });
  const together = view.rows[0]?.together_usd ?? null;
  return (
    <Panel
      class={props.class}
      title="What to change first"
      question="The largest savings that the ledger can prove, each from what the ones above it left."
      view={view}
      empty="No measure would have saved anything that the ledger can prove."
      note={
        <>
          Estimated: all {view.rows.length} together {usd(together)}.{" "}
          <a href={linkTo("/what-if")}>All of them, with what they assume</a>
        </>
      }
    >
      <BarList
        label="Savings, largest first"
        bars={view.rows.slice(0, shown).map((saving) => ({
          key: `${saving.measure} ${saving.model} ${saving.agent_name}`,
          name: measureNames[saving.measure] ?? saving.measure,
          amount: saving.saved_usd,
          text: savedText(saving),
          note: `${nameOr(saving.agent_name, "no agent")} on ${saving.model}, ${counted(saving.calls, "call")}. Assumes: ${saving.assumes}`,
          colour: "--series-3",
        }))}
      />
    </Panel>
  );
}

const savedText = ({ saved_usd: saved, least_usd: least, most_usd: most }: Saving): string =>
  least === most ? usd(saved) : `${usd(least)} to ${usd(most)}`;
