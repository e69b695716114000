import type { JSX } from "preact";
import { count } from "../../data/money.ts";
import { useUrlState } from "../../data/url-state.ts";
import { usualHistory } from "../../data/words.ts";
import { useDebounced } from "../../flow/debounced.ts";
import { Slider } from "../../flow/slider.tsx";
import { nearestStop, summaryStops, turnStops } from "../../flow/stops.ts";

/** How history would be cut, as the views take it. */
export interface HistoryCut {
  readonly turns: number;
  readonly summary_tokens: number;
}

/** The cut that the address asks for. */
export function useHistoryCut(): HistoryCut {
  const [turns] = useUrlState("turns", String(usualHistory.turns));
  const [summary] = useUrlState("summary", String(usualHistory.summary_tokens));
  const cut = {
    turns: nearestStop(turnStops, Number(turns)),
    summary_tokens: nearestStop(summaryStops, Number(summary)),
  };
  // A slider under way asks the ledger nothing.
  return { turns: useDebounced(cut.turns, settleMs), summary_tokens: useDebounced(cut.summary_tokens, settleMs) };
}

/** How many turns stay, and how long the summary of the others is. */
export function HistorySliders(): JSX.Element {
  const [turns, setTurns] = useUrlState("turns", String(usualHistory.turns));
  const [summary, setSummary] = useUrlState("summary", String(usualHistory.summary_tokens));
  return (
    <div class="sliders">
      <Slider
        label="History kept"
        stops={turnStops}
        value={Number(turns)}
        say={(value) => (value === 0 ? "all of it" : `${count(value)} calls`)}
        onChange={(value) => setTurns(String(value))}
      />
      <Slider
        label="Summary of the rest"
        stops={summaryStops}
        value={Number(summary)}
        say={(value) => (value === 0 ? "none" : `${count(value)} tokens`)}
        onChange={(value) => setSummary(String(value))}
      />
    </div>
  );
}

const settleMs = 350;
