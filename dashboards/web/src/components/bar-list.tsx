import type { ComponentChildren, JSX } from "preact";
import { type Amount, drawn } from "../data/money.ts";
import "./bar-list.css";

interface Bar {
  readonly key: string;
  readonly name: ComponentChildren;
  /** How long its bar is. */
  readonly amount: Amount;
  /** The amount as it is read. */
  readonly text: ComponentChildren;
  /** What else is to be said of it. */
  readonly note?: ComponentChildren;
  readonly href?: string;
  /** A colour of the theme; the accent's without it. */
  readonly colour?: string;
}

export interface BarListProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** What a full bar stands for; the longest of them without it. */
  readonly longest?: number;
}

/** Names with amounts and bars for them, longest first as they are given. */
export function BarList({ label, bars, longest = longestOf(bars) }: BarListProps): JSX.Element {
  return (
    <ol class="bars" aria-label={label}>
      {bars.map(({ key, name, amount, text, note, href, colour = "--series-1" }) => (
        <li key={key}>
          <span class="bar-name">{href === undefined ? name : <a href={href}>{name}</a>}</span>
          <span class="bar-text">{text}</span>
          <span class="bar-track" aria-hidden="true">
            <i style={{ width: `${shareOf(amount, longest)}%`, background: `var(${colour})` }} />
          </span>
          {note === undefined ? null : <span class="bar-note">{note}</span>}
        </li>
      ))}
    </ol>
  );
}

const longestOf = (bars: readonly Bar[]): number => Math.max(...bars.map(({ amount }) => Math.abs(drawn(amount))), 0);

const shareOf = (amount: Amount, longest: number): number =>
  longest === 0 ? 0 : (100 * Math.abs(drawn(amount))) / longest;
