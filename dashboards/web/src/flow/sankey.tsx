import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { useWidth } from "../components/use-drawing.ts";
import { atLeast } from "../data/money.ts";
import type { Flow } from "./agent-flows.ts";
import { flowGraph } from "./flow-graph.ts";
import { type PlacedLink, type PlacedNode, sankeyLayout } from "./sankey-layout.ts";
import "./flow.css";

interface SankeyProperties {
  /** What flows where, for those who cannot see it. */
  readonly label: string;
  readonly flows: readonly Flow[];
  /** A flow in words, with its money. */
  readonly say: (flow: Flow) => string;
  /** The agent that is looked at; empty: none. */
  readonly selected: string;
  readonly onSelect: (agent: string) => void;
}

/** Money from place to place, as bands of its width. Its table is beside it: what it shows stands there too. */
export function Sankey({ label, flows, say, selected, onSelect }: SankeyProperties): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const measured = useWidth(frame).value;
  const [pointed, setPointed] = useState<number>();
  const width = Math.max(measured, leastWidth);
  const height = Math.min(Math.max(160, 44 * new Set(flows.map(({ to }) => to.id)).size + 60), 460);
  const { nodes, links } = useMemo(() => sankeyLayout(flowGraph(flows), width, height), [flows, width, height]);
  const told = links.find(({ index }) => index === pointed);
  const touches = (link: PlacedLink): boolean =>
    selected === "" || link.from.agent === selected || link.to.agent === selected;
  return (
    <figure class="sankey">
      <div ref={frame} class="sankey-scroll" tabIndex={0} role="region" aria-label={label}>
        <svg class="drawing" width={width} height={height} role="img" aria-label={label}>
          {links.map((link) => (
            <g
              key={link.index}
              class={`flow flow-${link.kind}${touches(link) ? "" : " flow-faint"}`}
              onPointerEnter={() => setPointed(link.index)}
              onPointerLeave={() => setPointed(undefined)}
            >
              <title>{say(link)}</title>
              <path d={link.path} stroke-width={link.width} />
              {link.incomplete ? <path class="flow-unknown" d={link.path} /> : null}
            </g>
          ))}
          {nodes.map((node) => (
            <SankeyNode key={node.id} node={node} isSelected={node.agent === selected} onSelect={onSelect} />
          ))}
        </svg>
      </div>
      <figcaption>
        <span>{told === undefined ? hint : say(told)}</span>
        <Kinds flows={flows} />
      </figcaption>
    </figure>
  );
}

/** What the colours of bands mean, where there are several. */
function Kinds({ flows }: { readonly flows: readonly Flow[] }): JSX.Element | null {
  const kinds = [...new Set(flows.map(({ kind }) => kind))];
  if (kinds.length < 2) return null;
  return (
    <ul class="flow-kinds">
      {kinds.map((kind) => (
        <li key={kind} class={`flow-key-${kind}`}>
          {kindNames[kind]}
        </li>
      ))}
    </ul>
  );
}

const kindNames: Readonly<Record<Flow["kind"], string>> = {
  handoff: "handed over",
  delegation: "delegated to one underneath",
  start: "started by nobody known",
  context: "context",
  cost: "cost",
};

interface NodeProperties {
  readonly node: PlacedNode;
  readonly isSelected: boolean;
  readonly onSelect: (agent: string) => void;
}

function SankeyNode({ node, isSelected, onSelect }: NodeProperties): JSX.Element {
  const { x, y, width, height, kept, isLast, agent, label, again, amount, incomplete } = node;
  const isAgent = agent !== "";
  return (
    <g
      class={`place${isAgent ? " place-agent" : ""}${isSelected && isAgent ? " place-selected" : ""}`}
      onClick={isAgent ? () => onSelect(agent) : undefined}
    >
      <title>{`${label}: ${atLeast(amount, incomplete)}`}</title>
      <rect x={x} y={y} width={width} height={height} rx={2} />
      {kept > 0 && kept < 1 ? (
        <rect class="place-kept" x={x} y={y + height * (1 - kept)} width={width} height={height * kept} rx={2} />
      ) : null}
      <text x={isLast ? x - 6 : x + width + 6} y={y + height / 2} text-anchor={isLast ? "end" : "start"} dy="0.35em">
        {shortened(again ? `${label} again` : label)}
        <tspan class="place-amount" dx="6">
          {atLeast(amount, incomplete)}
        </tspan>
      </text>
    </g>
  );
}

const shortened = (text: string): string => (text.length > longestName ? `${text.slice(0, longestName - 1)}…` : text);
const longestName = 26;
const hint = "Point at a band for its figures; click an agent to follow it.";
/** Pixels below which names would lie over one another: what is narrower scrolls. */
const leastWidth = 640;
