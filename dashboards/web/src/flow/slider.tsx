import type { JSX } from "preact";
import { positionOf, stopAt, type Stops } from "./stops.ts";

interface SliderProperties {
  readonly label: string;
  readonly stops: Stops;
  readonly value: number;
  /** What a value means, in words: shown beside it and read out. */
  readonly say: (value: number) => string;
  readonly onChange: (value: number) => void;
}

/** A slider over a list of values, finer where it matters. */
export function Slider({ label, stops, value, say, onChange }: SliderProperties): JSX.Element {
  return (
    <label class="slider">
      <span class="slider-label">{label}</span>
      <output>{say(value)}</output>
      <input
        type="range"
        min={0}
        max={stops.length - 1}
        step={1}
        value={positionOf(stops, value)}
        aria-label={label}
        aria-valuetext={say(value)}
        onInput={({ currentTarget }) => onChange(stopAt(stops, Number(currentTarget.value)))}
      />
    </label>
  );
}
