import { weightOf, type Weight } from "./measures.ts";
import type { SpanNode } from "./span-tree.ts";

/** What a search found. */
export interface Found {
  /** Ids of the nodes whose name, agent or model has the words in it. */
  readonly ids: ReadonlySet<string>;
  /** Which part of the whole is theirs and of what is under them, each counted once: from 0 to 1. */
  readonly share: number;
}

/** Finds nodes by all words of a text, in any case and order. No words find nothing. */
export function search(root: SpanNode, text: string, weight: Weight): Found {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const ids = new Set<string>();
  if (words.length === 0) return { ids, share: 0 };
  const visit = (node: SpanNode): number => {
    const name = `${node.label} ${node.agent} ${node.span?.model ?? ""}`.toLowerCase();
    const matches = node.kind !== "trace" && words.every((word) => name.includes(word));
    if (matches) ids.add(node.id);
    const under = node.children.reduce((sum, child) => sum + visit(child), 0);
    return matches ? weightOf(node.total, weight) : under;
  };
  const found = visit(root);
  const whole = weightOf(root.total, weight);
  return { ids, share: whole > 0 ? found / whole : 0 };
}
