import type { JSX } from "preact";
import { place } from "../../data/url-state.ts";
import "../../flow/flow.css";
import { WholeRangeNote } from "../../flow/whole-range.tsx";
import { AgentsPanel } from "./agents-panel.tsx";
import { FlowPanel } from "./flow-panel.tsx";
import { OverheadPanel } from "./overhead-panel.tsx";
import { StepsPanel } from "./steps-panel.tsx";
import "./agents.css";

/** What agents cost, and what flows between them. */
export function AgentsPage(): JSX.Element {
  // With a mark before it: the empty name is that of calls of no agent.
  const selected = place.value.parameters.get("agent")?.slice(1);
  return (
    <div class="grid">
      <WholeRangeNote />
      <AgentsPanel selected={selected} />
      <FlowPanel selected={selected} />
      <StepsPanel selected={selected} />
      <OverheadPanel />
    </div>
  );
}
