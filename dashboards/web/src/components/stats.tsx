import type { ComponentChildren, JSX } from "preact";
import "./stats.css";

export interface Stat {
  readonly name: string;
  readonly value: ComponentChildren;
  readonly note?: ComponentChildren;
  /** Where it leads. */
  readonly href?: string;
  /** What is not certain stands out. */
  readonly isWarning?: boolean;
  /** The one that the others explain. */
  readonly isMain?: boolean;
}

/** The figures of a page in a row. */
export const Stats = ({ stats }: { stats: readonly Stat[] }): JSX.Element => (
  <dl class="stats">
    {stats.map(({ name, value, note, href, isWarning = false, isMain = false }) => (
      <div key={name} class={`stat ${isWarning ? "stat-warning" : ""} ${isMain ? "stat-main" : ""}`}>
        <dt>{name}</dt>
        <dd>
          <strong>{href === undefined ? value : <a href={href}>{value}</a>}</strong>
          {note === undefined ? null : <span>{note}</span>}
        </dd>
      </div>
    ))}
  </dl>
);
