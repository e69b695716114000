import type { ComponentChildren, JSX } from "preact";
import { Choice } from "../../components/choice.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { useDescription } from "../../data/catalogue.ts";
import { selection } from "../../data/selection.ts";
import { useUrlState } from "../../data/url-state.ts";
import { type Parameters, useView } from "../../data/view.ts";
import { type Alternative, outcomeBetween, outcomeOf } from "./alternative.ts";
import { alternativeColumns } from "./alternative-columns.tsx";
import { HistorySliders, useHistoryCut } from "./history-sliders.tsx";
import { ModelPicker } from "./model-picker.tsx";
import { OutcomeSummary } from "./outcome.tsx";
import { lifetimes, type Question, questions, tiers } from "./questions.ts";

/** One alternative at a time, with what it assumes to be changed: each change is asked of the ledger. */
export function AlternativesPanel(): JSX.Element {
  const [asked] = useUrlState("ask", questions[0].key);
  const question = questions.find(({ key }) => key === asked) ?? questions[0];
  switch (question.key) {
    case "model":
      return <AnotherModel question={question} />;
    case "cache":
      return <OtherCaching question={question} />;
    case "tier":
      return <OtherTier question={question} />;
    case "history":
      return <ShorterHistory question={question} />;
    default:
      return <Answer key={question.key} question={question} parameters={{}} />;
  }
}

interface Asked {
  readonly question: Question;
}

function AnotherModel({ question }: Asked): JSX.Element {
  const [model] = useUrlState("model");
  const [provider] = useUrlState("provider");
  return (
    <Answer question={question} parameters={model === "" ? undefined : { model, provider }}>
      <ModelPicker chosen={{ model, provider }} />
    </Answer>
  );
}

function OtherCaching({ question }: Asked): JSX.Element {
  const [key, choose] = useUrlState("ttl", lifetimes[0].key);
  const { plan, best } = lifetimes.find((one) => one.key === key) ?? lifetimes[0];
  return (
    <Answer question={question} parameters={{}} plans={[plan, best]}>
      <Choice
        label="Kept for"
        value={key}
        options={lifetimes.map((one) => [one.key, one.title] as const)}
        onChoose={choose}
      />
    </Answer>
  );
}

function OtherTier({ question }: Asked): JSX.Element {
  const [text, choose] = useUrlState("tier", tiers[0]);
  const tier = tiers.find((one) => one === text) ?? tiers[0];
  return (
    <Answer question={question} parameters={{ tier }}>
      <Choice label="Tier" value={tier} options={tiers.map((one) => [one, one] as const)} onChoose={choose} />
    </Answer>
  );
}

const ShorterHistory = ({ question }: Asked): JSX.Element => (
  <Answer question={question} parameters={{ ...useHistoryCut() }}>
    <HistorySliders />
  </Answer>
);

interface AnswerProperties extends Asked {
  /** Beside the selection; undefined as long as something is to be chosen. */
  readonly parameters: Parameters | undefined;
  /** Of rows with plans the one that is asked for, and the one that bounds it. */
  readonly plans?: readonly [plan: string, best: string];
  /** What can be changed. */
  readonly children?: ComponentChildren;
}

function Answer({ question, parameters, plans, children }: AnswerProperties): JSX.Element {
  const view = useView<Alternative>(question.view, parameters && { ...selection.value, ...parameters });
  const assumes = useDescription(question.view)?.assumes ?? "";
  const [rows, bound] = (plans ?? [undefined, undefined]).map((plan) =>
    plan === undefined ? view.rows : view.rows.filter((row) => row.plan === plan),
  ) as [readonly Alternative[], readonly Alternative[]];
  const changed = rows.filter(({ changed_calls }) => changed_calls !== "0");
  return (
    <div class="answer">
      {children === undefined ? null : <div class="answer-controls">{children}</div>}
      <Panel
        title={question.title}
        question={question.asks}
        view={parameters === undefined ? { ...view, status: "ready" } : view}
        empty={
          parameters === undefined
            ? "Choose a model to compare with."
            : "No calls to ask that of in this range of time."
        }
        note={assumes === "" ? undefined : <>Assumes: {assumes}</>}
      >
        <OutcomeSummary outcome={outcomeBetween(outcomeOf(rows), outcomeOf(bound))} why={question.estimated ?? ""} />
        {changed.length === 0 ? (
          <p class="sum">Nothing would change.</p>
        ) : (
          <DataTable
            label={question.title}
            id="alternatives"
            rows={changed}
            columns={alternativeColumns(changed)}
            order="-saved"
            maxHeight={360}
          />
        )}
      </Panel>
    </div>
  );
}
