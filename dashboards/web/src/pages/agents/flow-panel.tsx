import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Panel } from "../../components/panel.tsx";
import { atLeast } from "../../data/money.ts";
import { range } from "../../data/selection.ts";
import { addressWith, go, useUrlState } from "../../data/url-state.ts";
import { useView, type ViewState } from "../../data/view.ts";
import {
  type AgentPathRow,
  contextFlows,
  costFlows,
  dearest,
  type Flow,
  type HandedContextRow,
  type HandoffRow,
  workFlows,
} from "../../flow/agent-flows.ts";
import { Sankey } from "../../flow/sankey.tsx";

/** What can be seen to flow between agents. */
const flowKinds = {
  cost: {
    title: "cost",
    question: "How the cost of everything divides down the agents; what does not go on, an agent's own calls cost.",
    empty: "No model calls in this range of time.",
    say: ({ from, to }: Flow): string => `${from.label} → ${to.label}, with all that ran under it`,
  },
  work: {
    title: "hand-offs",
    question: "Who gave work to whom; a band is what the receiver's own calls cost.",
    empty: "No model calls in this range of time.",
    say: ({ kind, from, to }: Flow): string =>
      kind === "start" ? `${to.label}, started by nobody known` : `${from.label} → ${to.label}, ${kind}`,
  },
  context: {
    title: "context",
    question: "Context that agents paid for though another had read or said it; a band is the first reading.",
    empty: "No agent read what another one had read or said, as far as records of prompts tell.",
    say: ({ from, to }: Flow): string => `${to.label} read what ${from.label} had read or said`,
  },
} as const;

type FlowName = keyof typeof flowKinds;
const flowNames: readonly FlowName[] = ["cost", "work", "context"];

/** What flows between agents, as bands from left to right. */
export function FlowPanel({ selected }: { readonly selected: string | undefined }): JSX.Element {
  const [text, setText] = useUrlState("flow", "cost");
  const name = flowNames.find((one) => one === text) ?? "cost";
  const choice = (
    <div class="segments" role="group" aria-label="What flows">
      {flowNames.map((one) => (
        <button key={one} type="button" aria-pressed={one === name} onClick={() => setText(one)}>
          {flowKinds[one].title}
        </button>
      ))}
    </div>
  );
  const panel = { choice, selected };
  if (name === "work") return <WorkFlow {...panel} />;
  return name === "context" ? <ContextFlow {...panel} /> : <CostFlow {...panel} />;
}

interface FlowProperties {
  readonly choice: ComponentChildren;
  readonly selected: string | undefined;
}

function CostFlow(properties: FlowProperties): JSX.Element {
  const view = useView<AgentPathRow>("agent_path_cost", { ...range.value });
  return <Drawn {...properties} name="cost" view={view} flows={useMemo(() => costFlows(view.rows), [view.rows])} />;
}

function WorkFlow(properties: FlowProperties): JSX.Element {
  const view = useView<HandoffRow>("handoffs", { ...range.value });
  return <Drawn {...properties} name="work" view={view} flows={useMemo(() => workFlows(view.rows), [view.rows])} />;
}

function ContextFlow(properties: FlowProperties): JSX.Element {
  const view = useView<HandedContextRow>("handoff_cost", { ...range.value });
  return (
    <Drawn {...properties} name="context" view={view} flows={useMemo(() => contextFlows(view.rows), [view.rows])} />
  );
}

interface DrawnProperties extends FlowProperties {
  readonly name: FlowName;
  readonly view: ViewState<object>;
  readonly flows: readonly Flow[];
}

function Drawn({ choice, selected, name, view, flows }: DrawnProperties): JSX.Element {
  const { question, empty, say } = flowKinds[name];
  const { shown, rest } = useMemo(() => dearest(flows, mostFlows), [flows]);
  const unknown = flows.some(({ incomplete }) => incomplete);
  return (
    <Panel
      title="What flows between agents"
      question={question}
      view={view}
      empty={empty}
      controls={choice}
      note={
        unknown || rest > 0 ? (
          <>
            {unknown ? "Bands with a broken line in them hold calls of unknown cost. " : ""}
            {rest > 0 ? `${rest} smaller flows are in the table alone.` : ""}
          </>
        ) : undefined
      }
    >
      <Sankey
        label={question}
        flows={shown}
        selected={selected ?? ""}
        say={(flow) => `${say(flow)}: ${atLeast(flow.amount, flow.incomplete)}`}
        onSelect={(agent) => go(addressWith({ agent: agent === selected ? "" : `=${agent}` }), "replace")}
      />
    </Panel>
  );
}

/** More could not be told apart. */
const mostFlows = 60;
