import { unitsOf } from "../data/money.ts";
import { addMeasures, noMeasures, type Measures } from "./measures.ts";
import { millisecondsOf, type TraceSpan } from "./trace-span.ts";

/** What a node of the tree stands for; a step is the turn of an agent's loop that its spans belong to. */
type NodeKind = "trace" | "agent" | "step" | "call" | "tool" | "other";

/** A node of a trace: a span, a step of an agent's loop, or the trace itself. */
export interface SpanNode {
  /** The span's id; of a step, its agent's and its number; of several alike as one, that of the first. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** The agent it belongs to; empty where none is known. */
  readonly agent: string;
  /** Absent for the trace, a step, and several alike. */
  readonly span: TraceSpan | undefined;
  /** Spans that it stands for: more than 1 where several alike are shown as one. */
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Of the span alone. */
  readonly self: Measures;
  /** Of the span and all under it, each bill counted once. */
  readonly total: Measures;
  /** Of the calls of this agent itself, without those of agents under it; of any other node, as `self`. */
  readonly own: Measures;
  readonly children: readonly SpanNode[];
}

/** What is known of a node before its sums are. */
export type NodeSeed = Omit<SpanNode, "total" | "own">;

const kinds: Readonly<Record<string, NodeKind>> = { llm_call: "call", agent_run: "agent", tool_call: "tool" };

/** The place of each call in its agent's loop, by span id; 0 or absent where it is not known. */
export type Steps = ReadonlyMap<string, number>;

/**
 * The tree of a trace from the rows of `trace_tree`, which come parents before children and siblings in order of time.
 * Where an agent went through several steps, they stand between it and its spans.
 */
export function spanTree(rows: readonly TraceSpan[], steps: Steps = new Map()): SpanNode {
  const under = new Map<string, TraceSpan[]>();
  for (const row of rows) {
    // A span whose parent never arrived stands at depth 0, whatever its parent's id.
    const parent = Number(row.depth) === 0 ? "" : row.parent_span_id;
    const siblings = under.get(parent);
    if (siblings) siblings.push(row);
    else under.set(parent, [row]);
  }
  const children = (under.get("") ?? []).map(builder(under, steps));
  return group({ id: "trace", kind: "trace", label: "Trace", agent: "" }, children);
}

/** A node that is no span: the sum of its children. */
const group = (
  { id, kind, label, agent }: Pick<SpanNode, "id" | "kind" | "label" | "agent">,
  children: readonly SpanNode[],
): SpanNode =>
  sealed({ id, kind, label, agent, span: undefined, count: 1, self: noMeasures, ...extentOf(children), children });

/** When the first of them began and the last one ended. */
export function extentOf(nodes: readonly SpanNode[]): { startedAt: number; endedAt: number } {
  const [first] = nodes;
  if (first === undefined) return { startedAt: 0, endedAt: 0 };
  return nodes.reduce(
    ({ startedAt, endedAt }, node) => ({
      startedAt: Math.min(startedAt, node.startedAt),
      endedAt: Math.max(endedAt, node.endedAt),
    }),
    { startedAt: first.startedAt, endedAt: first.endedAt },
  );
}

/** Sums up a node whose children are known. */
export function sealed(seed: NodeSeed): SpanNode {
  const total = seed.children.reduce((sum, child) => addMeasures(sum, child.total), seed.self);
  const own = seed.children.reduce(
    (sum, child) => (child.kind === "agent" ? sum : addMeasures(sum, child.own)),
    seed.self,
  );
  return { ...seed, total, own };
}

function builder(under: ReadonlyMap<string, readonly TraceSpan[]>, steps: Steps): (row: TraceSpan) => SpanNode {
  const nodeOf = (row: TraceSpan): SpanNode => {
    const children = (under.get(row.span_id) ?? []).map(nodeOf);
    const startedAt = millisecondsOf(row.started_at);
    const endedAt = startedAt + row.duration_ms;
    const kind = kinds[row.kind] ?? "other";
    return sealed({
      id: row.span_id,
      kind,
      label: row.name,
      agent: row.agent_name,
      span: row,
      count: 1,
      startedAt,
      endedAt,
      self: measuresOf(row, startedAt, endedAt, children),
      children: kind === "agent" ? inSteps(row, children, steps) : children,
    });
  };
  return nodeOf;
}

function measuresOf(row: TraceSpan, startedAt: number, endedAt: number, children: readonly SpanNode[]): Measures {
  const time = row.duration_ms - covered(children, startedAt, endedAt);
  if (row.kind !== "llm_call" || row.billed_by !== "") return { ...noMeasures, time };
  return {
    cost: unitsOf(row.self_known_cost_usd ?? "0"),
    input: Number(row.input_tokens ?? 0),
    cached: Number(row.cache_read_tokens ?? 0),
    output: Number(row.output_tokens ?? 0),
    time,
    calls: 1,
    unpriced: row.self_cost_usd === null ? 1 : 0,
  };
}

/** How much of a span's time its children took, what they did at the same time counted once. */
function covered(children: readonly SpanNode[], startedAt: number, endedAt: number): number {
  let reached = startedAt;
  let sum = 0;
  for (const child of children) {
    const from = Math.max(child.startedAt, reached);
    const to = Math.min(child.endedAt, endedAt);
    if (to > from) sum += to - from;
    reached = Math.max(reached, to);
  }
  return sum;
}

/** Puts the children of an agent into its steps: one begins with its first call, and holds what follows until the next. */
function inSteps(agent: TraceSpan, children: readonly SpanNode[], steps: Steps): readonly SpanNode[] {
  const groups: { step: number; members: SpanNode[] }[] = [{ step: 0, members: [] }];
  for (const child of children) {
    const step = steps.get(child.id) ?? 0;
    const last = groups.at(-1);
    if (step > 0 && step !== last?.step) groups.push({ step, members: [child] });
    else last?.members.push(child);
  }
  if (groups.length < 3) return children;
  return groups.flatMap(({ step, members }, place) =>
    step === 0
      ? members
      : [
          group(
            { id: `${agent.span_id}/${place}`, kind: "step", label: `step ${step}`, agent: agent.agent_name },
            members,
          ),
        ],
  );
}
