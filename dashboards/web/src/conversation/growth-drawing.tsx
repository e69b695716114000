import type { JSX, TargetedMouseEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import { useWidth } from "../components/use-drawing.ts";
import { compact } from "../data/money.ts";
import { go } from "../data/url-state.ts";
import { CacheLanes } from "./cache-lanes.tsx";
import { Columns } from "./columns.tsx";
import { LaneName } from "./lane-name.tsx";
import { stack, ticks, type Reading } from "./growth.ts";
import { places } from "./growth-places.ts";
import { lineOf } from "./turn-text.ts";
import type { Turn } from "./turn.ts";

interface GrowthDrawingProps {
  readonly turns: readonly Turn[];
  readonly reading: Reading;
  /** Address of the call behind a turn. */
  readonly hrefOf: (turn: Turn) => string;
}

const { left, stackHeight, axisTop, wholeHeight } = places;
const narrowestColumn = 3;
const widestColumn = 48;

/** How the context of a conversation grew turn by turn, and below it, turn under turn, how the cache lived. */
export function GrowthDrawing({ turns, reading, hrefOf }: GrowthDrawingProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState(-1);
  const room = useWidth(frame).value - left;
  const column = Math.min(widestColumn, Math.max(narrowestColumn, room / Math.max(1, turns.length)));
  const { layers, highest } = stack(turns, reading);
  const width = left + Math.max(room, column * turns.length);
  const indexAt = (event: TargetedMouseEvent<SVGSVGElement>): number => {
    const index = Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left - left) / column);
    return index >= 0 && index < turns.length ? index : -1;
  };
  const chosen = turns[pointed];
  return (
    <div class="growth">
      <ul class="legend" aria-label="Layers, from the ground up">
        {layers.map((layer) => (
          <li key={layer.column}>
            <i style={{ background: `var(${layer.colour})` }} aria-hidden="true" />
            {layer.name} <small>{compact(layer.sum)}</small>
          </li>
        ))}
      </ul>
      <div class="growth-scroll" ref={frame} tabIndex={0} role="group" aria-label="Drawing of the turns">
        <svg
          class="drawing"
          role="img"
          aria-label={`Context of ${turns.length} calls, up to ${compact(highest)} tokens. The table below holds the same.`}
          width={width}
          height={wholeHeight}
          viewBox={`0 0 ${width} ${wholeHeight}`}
          onPointerMove={(event) => setPointed(indexAt(event))}
          onPointerLeave={() => setPointed(-1)}
          onClick={(event) => {
            const turn = turns[indexAt(event)];
            if (turn !== undefined) go(hrefOf(turn));
          }}
        >
          <Axis highest={highest} width={width} />
          {pointed < 0 ? null : (
            <rect class="growth-pointed" x={left + pointed * column} y={0} width={column} height={axisTop} />
          )}
          <g transform={`translate(${left} 0)`}>
            <Columns layers={layers} column={column} height={stackHeight} highest={highest} />
          </g>
          <CacheLanes turns={turns} column={column} />
          <TurnPlaces turns={turns} column={column} />
        </svg>
      </div>
      <p class="pointed" aria-hidden="true">
        {chosen === undefined ? "Point at a turn to read it, click it to open the call." : lineOf(chosen, layers)}
      </p>
    </div>
  );
}

function Axis({ highest, width }: { highest: number; width: number }): JSX.Element {
  const y = (tokens: number): number => stackHeight - (stackHeight * tokens) / Math.max(1, highest);
  return (
    <g class="growth-axis">
      {ticks(highest).map((tokens) => (
        <g key={tokens}>
          <line x1={left} x2={width} y1={y(tokens)} y2={y(tokens)} />
          <text x={left - 8} y={Math.max(10, y(tokens) + 4)} text-anchor="end">
            {tokens >= 1000 ? `${tokens / 1000} k` : tokens}
          </text>
        </g>
      ))}
      <line x1={left} x2={width} y1={stackHeight} y2={stackHeight} />
    </g>
  );
}

function TurnPlaces({ turns, column }: { turns: readonly Turn[]; column: number }): JSX.Element {
  const every = Math.max(1, Math.ceil(28 / column));
  return (
    <g class="growth-axis">
      {turns.map((turn, index) =>
        index % every === 0 ? (
          <text key={turn.span_id} x={left + (index + 0.5) * column} y={axisTop + 12} text-anchor="middle">
            {turn.turn}
          </text>
        ) : null,
      )}
      <LaneName y={axisTop + 8} name="Turn" />
    </g>
  );
}
