import type { ComponentChildren, JSX } from "preact";
import "./figures.css";

export interface Figure {
  readonly name: string;
  readonly value: ComponentChildren;
  /** What is to be said beside it, smaller. */
  readonly note?: ComponentChildren;
}

/** The few numbers that a page is about. */
export function Figures({ figures }: { figures: readonly Figure[] }): JSX.Element {
  return (
    <dl class="figures">
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span data-figure={name}>{value}</span>
            {note === undefined ? null : <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
