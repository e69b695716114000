import { addMeasures } from "./measures.ts";
import { extentOf, sealed, type SpanNode } from "./span-tree.ts";

/**
 * The tree with siblings of the same name as one, and no steps: what an agent spends on the whole, wherever in its
 * loop. Costs stay as they are.
 */
export function mergeAlike(node: SpanNode): SpanNode {
  return sealed({ ...node, children: merged(withoutSteps(node.children)) });
}

const withoutSteps = (nodes: readonly SpanNode[]): readonly SpanNode[] =>
  nodes.flatMap((node) => (node.kind === "step" ? withoutSteps(node.children) : [node]));

function merged(siblings: readonly SpanNode[]): readonly SpanNode[] {
  const alike = new Map<string, SpanNode[]>();
  for (const node of siblings) {
    const key = `${node.kind} ${node.agent} ${node.label}`;
    const group = alike.get(key);
    if (group) group.push(node);
    else alike.set(key, [node]);
  }
  return [...alike.values()].map(asOne);
}

function asOne(group: readonly SpanNode[]): SpanNode {
  const [first] = group;
  if (first === undefined) throw new Error("a group of spans is never empty");
  return sealed({
    ...first,
    span: group.length === 1 ? first.span : undefined,
    count: group.reduce((sum, node) => sum + node.count, 0),
    ...extentOf(group),
    self: group.map((node) => node.self).reduce(addMeasures),
    children: merged(withoutSteps(group.flatMap((node) => node.children))),
  });
}
