import { colour, restColour, seriesColours } from "../shell/theme.ts";
import type { Paint } from "./draw.ts";
import type { SpanNode } from "./span-tree.ts";

/** How much of its agent's colour a node takes; the rest is paper, so that ink is read on it in either theme. */
const strengths: Readonly<Record<SpanNode["kind"], number>> = {
  trace: 0,
  agent: 0.5,
  step: 0.18,
  call: 0.34,
  tool: 0.12,
  other: 0.08,
};

/** The agents of a trace with the name of the colour of each, dearest first; those beyond the palette share one. */
export function agentColours(root: SpanNode): ReadonlyMap<string, string> {
  const spent = new Map<string, bigint>();
  const visit = (node: SpanNode): void => {
    if (node.agent !== "") spent.set(node.agent, (spent.get(node.agent) ?? 0n) + node.self.cost);
    node.children.forEach(visit);
  };
  visit(root);
  const dearest = [...spent].toSorted(([, one], [, other]) => Number(other - one));
  return new Map(dearest.map(([agent], place) => [agent, seriesColours[place] ?? restColour]));
}

/** The colours of the theme on view. Read it again when the theme changes. */
export function paintOf(agents: ReadonlyMap<string, string>): Paint {
  const paper = colour("--paper");
  const mixed = new Map<string, string>();
  const mix = (name: string, strength: number): string => {
    const key = `${name} ${strength}`;
    const known = mixed.get(key) ?? blend(colour(name), paper, strength);
    mixed.set(key, known);
    return known;
  };
  return {
    fillOf: (node) => {
      if (node.kind === "trace") return mix("--line", 1);
      if (isFailed(node)) return mix("--bad", strengths.call);
      return mix(agents.get(node.agent) ?? restColour, strengths[node.kind]);
    },
    ink: colour("--ink"),
    veil: `${blend(paper, paper, 1)}a8`,
    outline: colour("--ink"),
    font: `12px ${colour("--font")}`,
  };
}

/** Whether a call failed or its answer was abandoned. */
const isFailed = ({ span }: SpanNode): boolean => span?.outcome === "failed" || span?.outcome === "abandoned";

/** So much of a colour over another; both as `#rrggbb` or `#rgb`, which is what builds make of some. */
function blend(over: string, under: string, strength: number): string {
  const [above, below] = [channelsOf(over), channelsOf(under)];
  const channels = above.map((value, at) => Math.round(value * strength + (below[at] ?? 0) * (1 - strength)));
  return `#${channels.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function channelsOf(code: string): number[] {
  const digits = (code.length === 4 ? code.replaceAll(/[^#]/g, "$&$&") : code).match(/[^#]{2}/g);
  return (digits ?? []).map((digit) => Number.parseInt(digit, 16));
}
