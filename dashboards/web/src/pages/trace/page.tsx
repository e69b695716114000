import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Panel } from "../../components/panel.tsx";
import { useUrlState } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { mergeAlike } from "../../icicle/merge-alike.ts";
import { agentColours, paintOf } from "../../icicle/paint.ts";
import { search } from "../../icicle/search.ts";
import type { SharedChoice } from "../../icicle/span-chart.tsx";
import { SpanGrid } from "../../icicle/span-grid.tsx";
import { spanTree, type SpanNode } from "../../icicle/span-tree.ts";
import type { TraceSpan } from "../../icicle/trace-span.ts";
import { theme } from "../../shell/theme.ts";
import type { PageProps } from "../index.ts";
import type { CallRow } from "./call-row.ts";
import { NodeDetails } from "./node-details.tsx";
import { nodeById, timeOf } from "./trace-time.ts";
import { TraceCharts } from "./trace-charts.tsx";
import { TraceGrowth } from "./trace-growth.tsx";
import { TraceHead } from "./trace-head.tsx";
import { useWeight } from "./use-weight.ts";
import "./trace.css";

/** One trace: what each of its agents, steps and calls cost, when they ran, and why a call cost what it did. */
export function TracePage({ names }: PageProps): JSX.Element {
  const traceId = names["trace_id"] ?? "";
  const tree = useView<TraceSpan>("trace_tree", { trace_id: traceId });
  const calls = useView<CallRow>("call_detail", { trace_id: traceId });
  const [chosen, choose] = useUrlState("span");
  const [words, setWords] = useUrlState("find");
  const [order, setOrder] = useUrlState("order", "time");
  const [weight, setWeight] = useWeight();
  const pointed = useSignal("");

  const root = useMemo(() => spanTree(tree.rows, stepsOf(calls.rows)), [tree.rows, calls.rows]);
  // Time needs no steps: what follows a call may run beside the next.
  const flat = useMemo(() => spanTree(tree.rows), [tree.rows]);
  const drawn = useMemo(() => (order === "weight" ? mergeAlike(flat) : root), [order, flat, root]);
  const agents = useMemo(() => agentColours(flat), [flat]);
  const paint = useMemo(() => paintOf(agents), [agents, theme.value]);
  const found = useMemo(() => search(drawn, words, weight), [drawn, words, weight]);
  const choice: SharedChoice = { pointed, chosen, choose, found: words === "" ? undefined : found.ids, paint };
  const node = chosenNode(chosen, [drawn, root]);
  const time = timeOf(tree.rows);
  return (
    <div class="grid trace-page">
      <TraceHead traceId={traceId} root={root} calls={calls.rows} time={time} />
      <Panel
        title="Where the money went"
        question="Each box is as wide as what it cost with all under it."
        view={tree}
        empty={`The ledger holds no trace ${traceId}.`}
        note={root.total.unpriced === 0 ? undefined : <Unseen root={root} />}
      >
        <TraceCharts
          {...{ root: drawn, flat, agents, choice, weight, setWeight, order, setOrder, words, setWords }}
          share={found.share}
        />
      </Panel>
      <Panel
        class="two-thirds"
        title="Spans"
        question="The same spans as a tree, and when each of them ran."
        view={tree}
      >
        <SpanGrid root={root} choice={choice} />
      </Panel>
      <NodeDetails traceId={traceId} node={node} root={root} calls={calls} />
      <TraceGrowth traceId={traceId} time={time} />
    </div>
  );
}

const stepsOf = (calls: readonly CallRow[]): ReadonlyMap<string, number> =>
  new Map(calls.map(({ span_id, agent_step }) => [span_id, Number(agent_step)]));

const chosenNode = (id: string, roots: readonly SpanNode[]): SpanNode | undefined =>
  id === "" ? undefined : roots.map((root) => nodeById(root, id)).find((node) => node !== undefined);

/** What has no width because nobody knows what it cost. */
function Unseen({ root }: { root: SpanNode }): JSX.Element {
  const { unpriced } = root.total;
  return (
    <>
      {unpriced === 1 ? "1 call" : `${unpriced} calls`} of unknown cost: by cost, only what is known of{" "}
      {unpriced === 1 ? "it" : "them"} has a width. Every sum with such a call says “at least”.
    </>
  );
}
