import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Flow } from "./agent-flows.ts";
import { flowGraph } from "./flow-graph.ts";
import { useWidth } from "./measured-width.ts";
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
  const [frame, measured] = useWidth<HTMLDivElement>();
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
            <path
              key={link.index}
              class={`flow flow-${link.kind}${touches(link) ? "" : " flow-faint"}${link.incomplete ? " flow-unknown" : ""}`}
              d={link.path}
              stroke-width={link.width}
              onPointerEnter={() => setPointed(link.index)}
              onPointerLeave={() => setPointed(undefined)}
            >
              <title>{say(link)}</title>
            </path>
          ))}
          {nodes.map((node) => (
            <SankeyNode key={node.id} node={node} isSelected={node.agent === selected} onSelect={onSelect} />
          ))}
        </svg>
      </div>
      <figcaption>{told === undefined ? hint : say(told)}</figcaption>
    </figure>
  );
}

interface NodeProperties {
  readonly node: PlacedNode;
  readonly isSelected: boolean;
  readonly onSelect: (agent: string) => void;
}

function SankeyNode({ node, isSelected, onSelect }: NodeProperties): JSX.Element {
  const { x, y, width, height, kept, isLast, agent, label, again } = node;
  const isAgent = agent !== "";
  return (
    <g
      class={`place${isAgent ? " place-agent" : ""}${isSelected && isAgent ? " place-selected" : ""}`}
      onClick={isAgent ? () => onSelect(agent) : undefined}
    >
      <rect x={x} y={y} width={width} height={height} rx={2} />
      {kept > 0 && kept < 1 ? (
        <rect class="place-kept" x={x} y={y + height * (1 - kept)} width={width} height={height * kept} rx={2} />
      ) : null}
      <text x={isLast ? x - 6 : x + width + 6} y={y + height / 2} text-anchor={isLast ? "end" : "start"} dy="0.35em">
        {again ? `${label} again` : label}
      </text>
    </g>
  );
}

const hint = "Point at a band for its figures; click an agent to follow it.";
/** Pixels below which names would lie over one another: what is narrower scrolls. */
const leastWidth = 520;
