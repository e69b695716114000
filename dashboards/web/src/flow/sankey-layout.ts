import { sankey, sankeyLeft, sankeyLinkHorizontal, type SankeyLink, type SankeyNode } from "d3-sankey";
import type { FlowGraph, FlowLink, FlowNode } from "./flow-graph.ts";

/** A place with where it is drawn, in pixels. */
export interface PlacedNode extends FlowNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Share of the height that does not go on: what the place keeps for itself. */
  readonly kept: number;
  /** In the last column, where there is no room for words on the right. */
  readonly isLast: boolean;
}

/** A flow with its line. */
export interface PlacedLink extends FlowLink {
  /** Index, in order of drawing. */
  readonly index: number;
  /** SVG path of its middle. */
  readonly path: string;
  /** Width of the stroke, in pixels. */
  readonly width: number;
}

export interface SankeyDrawing {
  readonly nodes: readonly PlacedNode[];
  readonly links: readonly PlacedLink[];
}

type Node = SankeyNode<FlowNode, LinkValue>;
interface LinkValue extends FlowLink {
  readonly value: number;
}

/** Places a graph of flows in a rectangle, from left to right; flows too small to see are drawn as hairlines. */
export function sankeyLayout(graph: FlowGraph, width: number, height: number): SankeyDrawing {
  if (graph.links.length === 0) return { nodes: [], links: [] };
  const total = graph.links.reduce((sum, { amount }) => sum + Number(amount), 0);
  // Never nothing: the layout divides by it.
  const least = total > 0 ? total / leastShare : 1;
  const place = sankey<FlowNode, LinkValue>()
    .nodeId(({ id }) => id)
    .nodeAlign(sankeyLeft)
    .nodeWidth(nodeWidth)
    .nodePadding(Math.min(nodePadding, height / (graph.nodes.length + 1)))
    .extent([
      [0, edge],
      [width, height - edge],
    ]);
  const placed = place({
    nodes: graph.nodes.map((node) => ({ ...node })),
    links: graph.links.map((link) => ({ ...link, value: Math.max(Number(link.amount), least) })),
  });
  const columns = Math.max(...placed.nodes.map(({ depth = 0 }) => depth));
  const line = sankeyLinkHorizontal<FlowNode, LinkValue>();
  return {
    nodes: placed.nodes.map((node) => placedNode(node, columns)),
    links: placed.links.map((link, index) => ({
      ...flowOf(link),
      index,
      path: line(link) ?? "",
      width: Math.max(link.width ?? 0, 1),
    })),
  };
}

function placedNode(node: Node, columns: number): PlacedNode {
  const { x0 = 0, x1 = 0, y0 = 0, y1 = 0, sourceLinks = [], targetLinks = [], depth = 0 } = node;
  const [leaves, arrives] = [sourceLinks, targetLinks].map((links) => links.reduce((sum, { value }) => sum + value, 0));
  const kept = arrives === undefined || leaves === undefined || arrives === 0 ? 0 : 1 - leaves / arrives;
  const { id, agent, label, again, amount, incomplete } = node;
  return {
    id,
    agent,
    label,
    again,
    amount,
    incomplete,
    x: x0,
    y: y0,
    width: x1 - x0,
    height: Math.max(y1 - y0, 1),
    kept: Math.max(kept, 0),
    isLast: depth === columns && columns > 0,
  };
}

/** The flow again, with its ends by name: the layout puts the places there. */
function flowOf(link: SankeyLink<FlowNode, LinkValue>): FlowLink {
  const { kind, from, to, amount, incomplete } = link;
  return { kind, from, to, amount, incomplete, source: idOf(link.source), target: idOf(link.target) };
}

const idOf = (end: string | number | FlowNode): string => (typeof end === "object" ? end.id : String(end));

const nodeWidth = 10;
const nodePadding = 26;
const edge = 8;
/** A flow is drawn as wide as this share of all at least. */
const leastShare = 400;
