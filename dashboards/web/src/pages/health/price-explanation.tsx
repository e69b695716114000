import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { count } from "../../data/money.ts";
import type { PriceCoverage } from "../../data/rows.ts";
import { range } from "../../data/selection.ts";
import { useUrlState } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import "./price-explanation.css";

interface Explained {
  readonly provider: string;
  readonly spelling: string;
  readonly spelling_kind: string;
  readonly price_card_id: string;
  readonly service_tier: string;
  readonly component: string;
  readonly context_from: string;
  readonly usd_per_million: string;
  readonly valid_from: string;
  readonly layer: string;
  readonly source: string;
  readonly checked_on: string;
}

/** What a call of a model is priced with, and where each price was read. */
export function PriceExplanation(): JSX.Element {
  const models = useView<PriceCoverage>("price_coverage", { ...range.value });
  const dearest = models.rows.find(({ reason, model }) => reason === "" && model !== "")?.model ?? "";
  const [chosen, choose] = useUrlState("model");
  const model = chosen === "" ? dearest : chosen;
  const at = range.value.to < new Date().toISOString() ? range.value.to : todayText();
  const view = useView<Explained>(
    "price_explanation",
    model === "" ? undefined : { model, provider: "", service_tier: "standard", region: "", at },
  );
  const rows = view.rows.filter(({ component }) => component !== "");
  return (
    <Panel
      title="Where a price comes from"
      question={`What a call of ${model === "" ? "a model" : model} is priced with at the end of the range, and where each price was read.`}
      view={{ ...view, rows }}
      controls={
        <ModelField models={[...new Set(models.rows.map((row) => row.model))]} model={model} onChoose={choose} />
      }
      empty={`The catalogue prices no model called ${model}. tokenledger prices explain says what to do.`}
      note="Dollars for a million tokens, or for one use where the component is a fee."
    >
      <DataTable
        label={`Prices of ${model}`}
        id="prices"
        rows={rows}
        maxHeight={360}
        columns={[
          { key: "provider", title: "provider", value: (row) => row.provider },
          { key: "component", title: "for", value: (row) => componentText(row) },
          { key: "price", title: "$ per million", isNumber: true, value: (row) => row.usd_per_million },
          { key: "spelling", title: "name read as", value: (row) => `${row.spelling} (${row.spelling_kind})` },
          { key: "since", title: "since", value: (row) => sinceText(row.valid_from) },
          { key: "checked", title: "checked", value: (row) => row.checked_on },
          { key: "layer", title: "layer", value: (row) => row.layer },
          {
            key: "source",
            title: "source",
            value: (row) => row.source,
            render: (row) => <Source source={row.source} />,
          },
        ]}
      />
    </Panel>
  );
}

/** 1970 stands where the catalogue knows of no earlier price. */
const sinceText = (at: string): string => (at.startsWith("1970-01-01") ? "always" : at.slice(0, 10));

const todayText = (): string => new Date().toISOString().slice(0, 10);

const componentText = ({ component, context_from: from }: Explained): string =>
  `${component.replaceAll("_", " ")}${from === "0" || Number(from) === 0 ? "" : `, prompts above ${count(from)}`}`;

/** Sources are addresses or names of files; an address is left by whoever means to. */
const Source = ({ source }: { source: string }): JSX.Element =>
  source.startsWith("https://") ? (
    <a href={source} target="_blank" rel="noreferrer noopener">
      {URL.parse(source)?.hostname ?? source}
    </a>
  ) : (
    <>{source}</>
  );

interface ModelFieldProps {
  readonly models: readonly string[];
  readonly model: string;
  readonly onChoose: (model: string) => void;
}

function ModelField({ models, model, onChoose }: ModelFieldProps): JSX.Element {
  const id = useId();
  return (
    <span class="choice model-field">
      <label for={id}>model</label>
      <input
        id={id}
        list={`${id}-known`}
        value={model}
        onChange={({ currentTarget }) => onChoose(currentTarget.value.trim())}
      />
      <datalist id={`${id}-known`}>
        {models.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </span>
  );
}
