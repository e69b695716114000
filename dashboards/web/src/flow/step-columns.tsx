import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useWidth } from "../components/use-drawing.ts";
import { compact } from "../data/money.ts";

/** What one step of a loop reads. */
export interface Step {
  readonly step: number;
  readonly tokens: number;
  /** Of them, from the cache. */
  readonly cached: number;
  /** All of it in words. */
  readonly words: string;
}

/** A column for each step, what was cached below what was not. Its table is beside it. */
export function StepColumns({
  label,
  steps,
}: {
  readonly label: string;
  readonly steps: readonly Step[];
}): JSX.Element {
  const frame = useRef<HTMLElement>(null);
  const width = useWidth(frame).value;
  const most = Math.max(...steps.map(({ tokens }) => tokens), 1);
  const room = (width - axis) / steps.length;
  const heightOf = (tokens: number): number => (tokens / most) * plot;
  const every = Math.max(1, Math.ceil(labelRoom / Math.max(room, 1)));
  return (
    <figure class="steps" ref={frame}>
      <svg class="drawing" width={width} height={plot + 34} role="img" aria-label={label}>
        <line class="steps-line" x1={axis} x2={width} y1={top} y2={top} />
        <text x={axis - 6} y={top} dy="0.35em" text-anchor="end">
          {compact(Math.round(most))}
        </text>
        {width === 0
          ? null
          : steps.map((step, at) => (
              <g key={step.step} transform={`translate(${axis + at * room}, ${top + plot})`}>
                <title>{step.words}</title>
                <rect class="steps-new" {...column(room, heightOf(step.cached), heightOf(step.tokens))} />
                <rect class="steps-cached" {...column(room, 0, heightOf(step.cached))} />
                {at % every === 0 ? (
                  <text x={room / 2} y={16} text-anchor="middle">
                    {step.step}
                  </text>
                ) : null}
              </g>
            ))}
        <line class="steps-line" x1={axis} x2={width} y1={top + plot} y2={top + plot} />
      </svg>
      <figcaption class="legend">
        <span class="steps-key-cached">read from the cache</span>
        <span class="steps-key-new">read in full or written</span>
      </figcaption>
    </figure>
  );
}

/** From one height to another, above the line. */
function column(room: number, from: number, to: number): Record<"x" | "y" | "width" | "height", number> {
  const width = Math.max(1, Math.min(room * 0.8, widest));
  return { x: (room - width) / 2, y: -to, width, height: Math.max(0, to - from) };
}

const [axis, top, plot, widest, labelRoom] = [56, 8, 140, 44, 26];
