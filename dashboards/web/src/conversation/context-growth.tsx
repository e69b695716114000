import type { JSX } from "preact";
import { Choice } from "../components/choice.tsx";
import { Panel } from "../components/panel.tsx";
import { atLeast, compact, sumUsd } from "../data/money.ts";
import { linkTo, type Selection } from "../data/selection.ts";
import { useUrlState } from "../data/url-state.ts";
import { counted, nameOr } from "../data/words.ts";
import { useView } from "../data/view.ts";
import { GapTable } from "./gap-table.tsx";
import { GrowthDrawing } from "./growth-drawing.tsx";
import { readings } from "./growth.ts";
import { TurnTable } from "./turn-table.tsx";
import type { Turn } from "./turn.ts";
import "./conversation.css";

/** Shows every agent, in the order of time. */
const everyAgent = "*";

/** How the context of a conversation or a trace grew, what was paid for reading it again, and how the cache lived. */
export function ContextGrowth({ selection }: { selection: Selection | undefined }): JSX.Element {
  const view = useView<Turn>("conversation_turns", selection && { ...selection });
  const [agent, setAgent] = useUrlState("agent");
  const [readingName, setReading] = useUrlState("reading", "pieces");
  const reading = readings.find(([one]) => one === readingName)?.[0] ?? "pieces";
  const agents = agentsBySize(view.rows);
  const shown = agent === "" ? (agents[0]?.name ?? "") : agent;
  const turns = shown === everyAgent ? view.rows : view.rows.filter(({ agent_name }) => agent_name === shown);
  const hrefOf = ({ trace_id, span_id }: Turn): string => linkTo(`/trace/${trace_id}`, { span: span_id });
  return (
    <>
      <Panel
        title="How the context grew"
        question="Every call of one agent, turn by turn: what it read, and how it was paid for."
        view={view}
        empty="No model call here."
        note={<Certainty turns={turns} all={view.rows} />}
        controls={
          <>
            <Choice label="Stacked by" value={reading} options={readings} onChoose={setReading} />
            <Choice label="Agent" value={shown} options={agentChoices(agents)} onChoose={setAgent} />
          </>
        }
      >
        <GrowthDrawing turns={turns} reading={reading} hrefOf={hrefOf} />
      </Panel>
      <Panel
        title="What each idle gap cost"
        question="While nobody asked, the cache forgot: what was written to it again, and what that cost above reading it."
        view={view}
        class="half"
      >
        <GapTable turns={turns} hrefOf={hrefOf} />
      </Panel>
      <Panel title="Turns" question="Each call, what it read and what it cost." view={view} class="half">
        <TurnTable turns={turns} hrefOf={hrefOf} />
      </Panel>
    </>
  );
}

const agentChoices = (agents: readonly { name: string; turns: number }[]): readonly (readonly [string, string])[] => [
  ...agents.map(({ name, turns }) => [name, `${nameOr(name, "no agent")}, ${counted(turns, "call")}`] as const),
  ...(agents.length > 1 ? [[everyAgent, "every agent"] as const] : []),
];

function agentsBySize(turns: readonly Turn[]): { name: string; turns: number }[] {
  return [...Map.groupBy(turns, ({ agent_name }) => agent_name)]
    .map(([name, own]) => ({
      name,
      turns: own.length,
      size: own.reduce((sum, turn) => sum + Number(turn.input_tokens ?? 0), 0),
    }))
    .toSorted((one, other) => other.size - one.size);
}

/** What is on view beside the whole, and what of it nobody knows. */
function Certainty({ turns, all }: { turns: readonly Turn[]; all: readonly Turn[] }): JSX.Element {
  const unrecorded = turns.reduce((sum, turn) => sum + Number(turn.unrecorded_tokens ?? 0), 0);
  const unreported = turns.filter(({ input_tokens }) => input_tokens === null).length;
  return (
    <>
      On view: {turns.length} {turns.length === 1 ? "call" : "calls"}, <b>{costOf(turns)}</b>
      {turns.length === all.length ? "" : ` of ${costOf(all)} in all`}. Sizes of pieces are estimates, stretched to what
      was billed.
      {unrecorded > 0 ? ` ${compact(unrecorded)} tokens are of prompts that do not say what they held.` : ""}
      {unreported > 0 ? ` ${unreported} ${unreported === 1 ? "call" : "calls"} reported no usage.` : ""}
    </>
  );
}

const costOf = (turns: readonly Turn[]): string =>
  atLeast(
    sumUsd(turns.map(({ known_cost_usd }) => known_cost_usd)),
    turns.some(({ cost_usd }) => cost_usd === null),
  );
