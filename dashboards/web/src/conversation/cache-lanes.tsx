import type { JSX } from "preact";
import { drawn, usd } from "../data/money.ts";
import { gapsOf, type Gap } from "./cache-life.ts";
import { Columns } from "./columns.tsx";
import { places } from "./growth-places.ts";
import { LaneName } from "./lane-name.tsx";
import type { TokenColumn, Turn } from "./turn.ts";

/** What was read from the cache and written to it, how long it lived between calls, and what its end cost. */
export function CacheLanes({ turns, column }: { turns: readonly Turn[]; column: number }): JSX.Element {
  const { left, cacheTop, cacheHeight, gapsTop, gapsHeight, lossTop, lossHeight } = places;
  const of = (name: TokenColumn): number[] => turns.map((turn) => Number(turn[name] ?? 0));
  const read = of("cache_read_tokens");
  const written = of("cache_write_tokens");
  const rewritten = of("rewritten_tokens").map((tokens, index) => Math.min(tokens, written[index] ?? 0));
  const both = read.map((tokens, index) => tokens + (written[index] ?? 0));
  const expired = read.map((tokens, index) => tokens + (rewritten[index] ?? 0));
  const gaps = gapsOf(turns);
  const dearest = Math.max(...gaps.map(({ lossUsd }) => drawn(lossUsd)), 0);
  return (
    <>
      <g class="growth-axis">
        <LaneName y={cacheTop + cacheHeight / 2} name="Cache" />
        <LaneName y={gapsTop + gapsHeight / 2} name="Kept, expired" />
        <LaneName y={lossTop + lossHeight / 2} name="Cost of expiry" />
      </g>
      <g transform={`translate(${left} ${cacheTop})`}>
        <Columns
          layers={[
            { column: "cache_read_tokens", name: "read", colour: "--series-1", from: read.map(() => 0), to: read },
            { column: "rewritten_tokens", name: "written again", colour: "--bad", from: read, to: expired },
            { column: "cache_write_tokens", name: "written", colour: "--series-2", from: expired, to: both },
          ]}
          column={column}
          height={cacheHeight}
          highest={Math.max(...both, 0)}
        />
      </g>
      <g transform={`translate(${left} 0)`}>
        {gaps.map((gap) => (
          <GapBar key={gap.to} gap={gap} column={column} dearest={dearest} />
        ))}
      </g>
    </>
  );
}

/** From the middle of one turn to that of the next: as long as the cache lived, and then its end. */
function GapBar({ gap, column, dearest }: { gap: Gap; column: number; dearest: number }): JSX.Element {
  const { gapsTop, gapsHeight, lossTop, lossHeight } = places;
  const from = (gap.from + 0.5) * column;
  const width = (gap.to - gap.from) * column;
  const loss = drawn(gap.lossUsd);
  const height = dearest > 0 && loss > 0 ? Math.max(2, (lossHeight * loss) / dearest) : 0;
  const end = from + width * gap.alive;
  return (
    <>
      <rect class="cache-alive" x={from} y={gapsTop} width={width * gap.alive} height={gapsHeight} />
      {gap.alive === 1 ? null : (
        <rect class="cache-expired" x={end} y={gapsTop} width={from + width - end} height={gapsHeight} />
      )}
      {height === 0 ? null : (
        <rect
          class="cache-loss"
          x={gap.to * column}
          y={lossTop + lossHeight - height}
          width={Math.max(1, column - 1)}
          height={height}
        >
          <title>{usd(gap.lossUsd)}</title>
        </rect>
      )}
    </>
  );
}
