import type { JSX } from "preact";
import { drawn, sumUsd, usd } from "../../data/money.ts";
import "./waterfall.css";

export interface WaterfallProps {
  readonly first: readonly [name: string, amount: string];
  /** What leads from the first to the last; they sum to the difference. */
  readonly steps: readonly (readonly [name: string, amount: string])[];
  readonly last: readonly [name: string, amount: string];
}

/** From one amount to another, step by step: each begins where the one before it ended. */
export function Waterfall({ first, steps, last }: WaterfallProps): JSX.Element {
  const levels = steps.reduce<string[]>(
    (sums, [, amount]) => [...sums, sumUsd([sums.at(-1) ?? "0", amount])],
    [first[1]],
  );
  const heights = levels.map(drawn);
  const [low, high] = [Math.min(0, ...heights), Math.max(...heights, drawn(last[1]), Number.MIN_VALUE)];
  const place = (value: number): number => (100 * (value - low)) / (high - low);
  const bar = (from: number, to: number): Record<string, string> => ({
    left: `${place(Math.min(from, to))}%`,
    width: `max(2px, ${Math.abs(place(to) - place(from))}%)`,
  });
  return (
    <ol class="waterfall" aria-label="From the period before to this one">
      <Row name={first[0]} text={usd(first[1])} style={bar(0, drawn(first[1]))} kind="total" />
      {steps.map(([name, amount], index) => (
        <Row
          key={name}
          name={name}
          text={amount.startsWith("-") ? usd(amount) : `+${usd(amount)}`}
          style={bar(heights[index] ?? 0, heights[index + 1] ?? 0)}
          kind={kindOf(amount)}
        />
      ))}
      <Row name={last[0]} text={usd(last[1])} style={bar(0, drawn(last[1]))} kind="total" />
    </ol>
  );
}

function kindOf(amount: string): "more" | "less" | "same" {
  if (!/[1-9]/.test(amount)) return "same";
  return amount.startsWith("-") ? "less" : "more";
}

interface RowProps {
  readonly name: string;
  readonly text: string;
  readonly style: Record<string, string>;
  readonly kind: "total" | "more" | "less" | "same";
}

const Row = ({ name, text, style, kind }: RowProps): JSX.Element => (
  <li data-kind={kind}>
    <span>{name}</span>
    <span class="waterfall-track" aria-hidden="true">
      {kind === "same" ? null : <i style={style} />}
    </span>
    <span class="number">{text}</span>
  </li>
);
