import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useSeenPart } from "../../icicle/use-seen-part.ts";
import { Choice } from "../../components/choice.tsx";
import { icicle, type Order } from "../../icicle/boxes.ts";
import { amountOf, describe, weightNames } from "../../icicle/describe.ts";
import { Breadcrumb } from "../../icicle/breadcrumb.tsx";
import { keys } from "../../icicle/keyboard.ts";
import { weights, type Weight } from "../../icicle/measures.ts";
import { Minimap } from "../../icicle/minimap.tsx";
import { SpanChart, type SharedChoice } from "../../icicle/span-chart.tsx";
import type { SpanNode } from "../../icicle/span-tree.ts";
import { timeline } from "../../icicle/timeline.ts";
import { wholeView, type Viewport } from "../../icicle/viewport.ts";
import { nodeById } from "./trace-time.ts";

interface TraceChartsProps {
  /** As the icicle shows it: with steps, or with what is alike as one. */
  readonly root: SpanNode;
  readonly flat: SpanNode;
  readonly agents: ReadonlyMap<string, string>;
  readonly choice: SharedChoice;
  readonly weight: Weight;
  readonly setWeight: (weight: Weight) => void;
  readonly order: string;
  readonly setOrder: (order: string) => void;
  readonly words: string;
  readonly setWords: (words: string) => void;
  /** Which part of the whole the search found. */
  readonly share: number;
}

const orders: readonly (readonly [order: Order, name: string])[] = [
  ["time", "In order of time"],
  ["weight", "Heaviest first"],
];

/** The icicle of a trace and the timeline of the same spans: what is chosen or pointed at in one is so in both. */
export function TraceCharts(props: TraceChartsProps): JSX.Element {
  const { root, flat, choice, weight, order } = props;
  const view = useSeenPart(`${weight} ${order}`);
  const timeView = useSignal<Viewport>(wholeView);
  const boxes = useMemo(() => icicle(root, weight, order === "weight" ? "weight" : "time"), [root, weight, order]);
  const times = useMemo(() => timeline(flat), [flat]);
  const amounts = useMemo(() => remembered((node) => amountOf(node, weight)), [weight, root]);
  const costs = useMemo(() => remembered((node) => amountOf(node, "cost")), [flat]);
  const saying = (node: SpanNode): string => describe(node, root, weight);
  const pointed = choice.pointed.value;
  const pointedAt = pointed === "" ? undefined : (nodeById(root, pointed) ?? nodeById(flat, pointed));
  return (
    <div class="trace-charts">
      <Controls {...props} />
      <Breadcrumb boxes={boxes} view={view} choose={choice.choose} />
      <SpanChart
        {...{ boxes, view, choice }}
        label={`Icicle by ${weightNames[weight]}: ${amountOf(root, weight) || "none"} in all`}
        mostRows={16}
        amountOf={amounts}
        describe={saying}
      />
      <Minimap boxes={boxes} view={view} paint={choice.paint} />
      <p class="pointed" aria-hidden="true">
        {pointedAt === undefined ? "Point at a box to read it, click it to open it." : saying(pointedAt)}
      </p>
      <h3>When it ran</h3>
      <SpanChart
        boxes={times}
        view={timeView}
        choice={choice}
        label={`Timeline of the same spans: ${amountOf(flat, "time")} of work`}
        mostRows={9}
        amountOf={costs}
        describe={saying}
      />
      <Legend agents={props.agents} />
    </div>
  );
}

/** Texts of amounts are asked for with every frame, and stay the same. */
function remembered(textOf: (node: SpanNode) => string): (node: SpanNode) => string {
  const texts = new WeakMap<SpanNode, string>();
  return (node) => {
    const text = texts.get(node) ?? textOf(node);
    texts.set(node, text);
    return text;
  };
}

function Controls({ weight, setWeight, order, setOrder, words, setWords, share }: TraceChartsProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : document.body;
      const isTaken = target.closest("input, select, textarea, dialog[open], .span-chart") !== null;
      if (isTaken && !target.matches(".span-chart")) return;
      if (event.key === "/") {
        event.preventDefault();
        field.current?.focus();
      } else if (!isTaken && /^[wasd]$/i.test(event.key) && !event.ctrlKey && !event.metaKey) {
        // Moves the icicle from wherever one is.
        const chart = document.querySelector<HTMLElement>(".span-chart");
        chart?.focus({ preventScroll: true });
        chart?.dispatchEvent(new KeyboardEvent("keydown", { key: event.key }));
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return (
    <div class="chart-controls">
      <Choice
        label="Width shows"
        value={weight}
        options={weights.map((one) => [one, weightNames[one]] as const)}
        onChoose={setWeight}
      />
      <Choice
        label="Order"
        value={orders.find(([one]) => one === order)?.[0] ?? "time"}
        options={orders}
        onChoose={setOrder}
      />
      <label>
        Search{" "}
        <input
          ref={field}
          type="search"
          value={words}
          placeholder="name, agent or model"
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      <output aria-live="polite">
        {words === "" ? "" : `${(100 * share).toFixed(1)} % of ${weightNames[weight]}`}
      </output>
      <details class="chart-keys">
        <summary>Keys</summary>
        <dl>
          {keys.map((entry) => (
            <div key={entry.keys}>
              <dt>{entry.keys}</dt>
              <dd>{entry.does}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}

function Legend({ agents }: { agents: ReadonlyMap<string, string> }): JSX.Element | null {
  if (agents.size === 0) return null;
  return (
    <ul class="legend" aria-label="Colours of agents">
      {[...agents].map(([agent, colourName]) => (
        <li key={agent}>
          <i style={{ background: `var(${colourName})` }} aria-hidden="true" />
          {agent}
        </li>
      ))}
    </ul>
  );
}
