import type { ComponentChildren, JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import type { ViewState } from "../data/view.ts";
import { PanelMenu } from "./panel-menu.tsx";
import { ViewTable } from "./view-table.tsx";
import { Waiting } from "./waiting.tsx";
import "./panel.css";

export interface PanelProps {
  readonly title: string;
  /** What it answers, in a sentence. */
  readonly question: string;
  /** The view behind it; what else it shows beside is its page's. */
  readonly view: ViewState<object>;
  /** Shown where the view has no rows: why that may be, and what to do. */
  readonly empty?: ComponentChildren;
  /** What is estimated, unpriced or unreported about what it shows. */
  readonly note?: ComponentChildren;
  /** Controls of this panel alone, beside its title. */
  readonly controls?: ComponentChildren;
  /** `half`, `third` or `two-thirds` of the page's width. */
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** The frame of everything that shows a view: loading, failed, empty and ready, and what can be taken from it. */
export function Panel({ title, question, view, empty, note, controls, children, ...props }: PanelProps): JSX.Element {
  const titleId = useId();
  const body = useRef<HTMLDivElement>(null);
  const [isTable, setIsTable] = useState(false);
  const isReady = view.status === "ready" && view.rows.length > 0;
  return (
    <section
      class={`panel ${props.class ?? ""}`}
      aria-labelledby={titleId}
      aria-busy={isBusy(view)}
      data-view={view.name}
    >
      <header class="panel-head">
        <div class="panel-title">
          <h2 id={titleId}>{title}</h2>
          <p>{question}</p>
        </div>
        {controls}
        <PanelMenu view={view} title={title} body={body} isTable={isTable} onTable={setIsTable} />
      </header>
      <div class="panel-body" ref={body}>
        {isReady ? isTable ? <ViewTable view={view} title={title} /> : children : <Absent view={view} empty={empty} />}
      </div>
      {isReady && note !== undefined && note !== null ? <footer class="panel-note">{note}</footer> : null}
    </section>
  );
}

const isBusy = (view: ViewState<object>): boolean => view.status === "loading" || view.isRefreshing;

function Absent({ view, empty }: { view: ViewState<object>; empty: ComponentChildren }): JSX.Element {
  if (view.status === "loading") return <Waiting />;
  if (view.status === "failed") {
    return (
      <div class="panel-failed" role="alert">
        <p>{view.message}</p>
        <button type="button" onClick={view.refresh}>
          Ask again
        </button>
      </div>
    );
  }
  return <div class="panel-empty">{empty ?? "Nothing in this range of time."}</div>;
}
