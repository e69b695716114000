import { sumUsd } from "../data/money.ts";
import type { Flow, Place } from "./agent-flows.ts";

/** A place as it is drawn. */
export interface FlowNode extends Place {
  /** Drawn once more, further on, since flows come back to a place that they came through. */
  readonly again: boolean;
  /** What arrives there, or leaves it where nothing arrives: exact decimal string of USD. */
  readonly amount: string;
  /** Whether a part of that has no known cost. */
  readonly incomplete: boolean;
}

/** A flow between drawn places; never in a circle. */
export interface FlowLink extends Flow {
  readonly source: string;
  readonly target: string;
}

export interface FlowGraph {
  readonly nodes: readonly FlowNode[];
  readonly links: readonly FlowLink[];
}

/**
 * Places and flows without circles, so that they can be drawn from left to right: where an agent hands back to one
 * that it came from, or to itself, the flow ends at a second drawing of that one.
 */
export function flowGraph(flows: readonly Flow[]): FlowGraph {
  const leaving = Map.groupBy(flows, ({ from }) => from.id);
  const isReached = new Set(flows.map(({ to }) => to.id));
  const [nodes, links] = [new Map<string, Omit<FlowNode, "amount" | "incomplete">>(), [] as FlowLink[]];
  const done = new Set<string>();
  const above = new Set<string>();
  const draw = (place: Place, again: boolean): string => {
    const id = again ? `${place.id} again` : place.id;
    if (!nodes.has(id)) nodes.set(id, { ...place, id, again });
    return id;
  };
  const follow = (place: Place): void => {
    if (done.has(place.id)) return;
    done.add(place.id);
    above.add(place.id);
    for (const flow of leaving.get(place.id) ?? []) {
      const target = draw(flow.to, above.has(flow.to.id));
      links.push({ ...flow, source: draw(place, false), target });
      follow(flow.to);
    }
    above.delete(place.id);
  };
  const places = flows.map(({ from }) => from);
  // Places that nothing flows to come first: what is left then lies on circles alone.
  for (const place of [...places.filter(({ id }) => !isReached.has(id)), ...places]) follow(place);
  return { nodes: [...nodes.values()].map((node) => ({ ...node, ...throughput(node.id, links) })), links };
}

function throughput(id: string, links: readonly FlowLink[]): Pick<FlowNode, "amount" | "incomplete"> {
  const arriving = links.filter(({ target }) => target === id);
  const through = arriving.length > 0 ? arriving : links.filter(({ source }) => source === id);
  return {
    amount: sumUsd(through.map(({ amount }) => amount)),
    incomplete: through.some(({ incomplete }) => incomplete),
  };
}
