import { compareUsd, sumUsd } from "../data/money.ts";

/** How work or context came to an agent: handed over, delegated to one underneath, or started by nobody known. */
export type FlowKind = "handoff" | "delegation" | "start" | "context" | "cost";

/** Money that went from one place to another, as a view says it. */
export interface Flow {
  readonly kind: FlowKind;
  readonly from: Place;
  readonly to: Place;
  /** Exact decimal string of USD: what is known of it. */
  readonly amount: string;
  /** Whether a part of it has no known cost. */
  readonly incomplete: boolean;
}

/** Where flows begin and end: an agent, wherever it is drawn, or what stands for none. */
export interface Place {
  /** Unequal for places that are drawn apart. */
  readonly id: string;
  /** The agent's name; empty where there is no agent. */
  readonly agent: string;
  /** What is written beside it. */
  readonly label: string;
}

/** A row of the view `handoffs`, as far as it is drawn. */
export interface HandoffRow {
  readonly kind: string;
  readonly from_agent: string;
  readonly to_agent: string;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
}

/** A row of the view `handoff_cost`, as far as it is drawn. */
export interface HandedContextRow {
  readonly from_agent: string;
  readonly to_agent: string;
  readonly unpriced: string;
  readonly known_cost_usd: string;
}

/** A row of the view `agent_path_cost`, as far as it is drawn. */
export interface AgentPathRow {
  readonly agent_path: readonly string[];
  readonly inclusive_unpriced_calls: string;
  readonly inclusive_known_cost_usd: string;
}

/** Who gave work to whom; each flow is what the receiver's own calls cost. */
export function workFlows(rows: readonly HandoffRow[]): Flow[] {
  return rows.map((row) => ({
    kind: row.kind === "handoff" || row.kind === "delegation" ? row.kind : "start",
    from: row.kind === "start" ? program : agentPlace(row.from_agent),
    to: agentPlace(row.to_agent),
    amount: row.known_cost_usd,
    incomplete: row.unpriced_calls !== "0",
  }));
}

/** Who read what whom had read or said before; each flow is what the first reading cost. */
export function contextFlows(rows: readonly HandedContextRow[]): Flow[] {
  return rows.map((row) => ({
    kind: "context",
    from: row.from_agent === "" ? unknownGiver : agentPlace(row.from_agent),
    to: agentPlace(row.to_agent),
    amount: row.known_cost_usd,
    incomplete: row.unpriced !== "0",
  }));
}

/**
 * How the cost of everything divides down the agents: a flow is the inclusive cost of the agents at its end, so what
 * arrives at a place and does not go on is what its own calls cost. Agents of one name at one depth are one place.
 */
export function costFlows(rows: readonly AgentPathRow[]): Flow[] {
  const flows = new Map<string, Flow>();
  for (const { agent_path: path, inclusive_known_cost_usd: amount, inclusive_unpriced_calls: unpriced } of rows) {
    const [from, to] = [path.length < 2 ? everything : placeAt(path, path.length - 1), placeAt(path, path.length)];
    const key = JSON.stringify([from.id, to.id]);
    const before = flows.get(key);
    flows.set(key, {
      kind: "cost",
      from,
      to,
      amount: before === undefined ? amount : sumUsd([before.amount, amount]),
      incomplete: unpriced !== "0" || before?.incomplete === true,
    });
  }
  return [...flows.values()];
}

/** The dearest flows, and how many are left out. */
export function dearest(
  flows: readonly Flow[],
  most: number,
): { readonly shown: readonly Flow[]; readonly rest: number } {
  const shown = flows.toSorted((one, other) => compareUsd(other.amount, one.amount)).slice(0, most);
  return { shown, rest: flows.length - shown.length };
}

const agentPlace = (agent: string): Place => ({ id: `agent ${agent}`, agent, label: agent || noAgent });

const placeAt = (path: readonly string[], depth: number): Place => {
  const agent = path[depth - 1] ?? "";
  return { id: `${depth} ${agent}`, agent, label: agent || noAgent };
};

/** What stands for calls outside every agent. */
const noAgent = "no agent";
const program: Place = { id: "program", agent: "", label: "your program" };
const unknownGiver: Place = { id: "unknown", agent: "", label: "not known" };
const everything: Place = { id: "everything", agent: "", label: "everything" };
