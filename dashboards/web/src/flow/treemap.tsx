import type { JSX } from "preact";
import { useId, useMemo, useRef } from "preact/hooks";
import { useWidth } from "../components/use-drawing.ts";
import { fittedLines } from "./fitted-lines.ts";
import { type Part, type Tile, treemapLayout } from "./treemap-layout.ts";
import "./flow.css";

/** A part of the whole as it is drawn. */
export interface TreemapPart extends Part {
  readonly label: string;
  /** The amount in words, as it is shown everywhere else. */
  readonly amountText: string;
  readonly shareText: string;
  /** CSS colour. */
  readonly colour: string;
  /** Drawn with a pattern, so that colour is not all that tells it. */
  readonly isMarked: boolean;
  /** Where it leads. */
  readonly href: string;
}

interface TreemapProperties {
  /** What is divided, for those who cannot see it. */
  readonly label: string;
  readonly parts: readonly TreemapPart[];
}

/** Areas in proportion to money; each is a link to what it is made of. */
export function Treemap({ label, parts }: TreemapProperties): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame).value;
  const pattern = useId();
  const height = width < narrow ? 440 : 340;
  const tiles = useMemo(() => treemapLayout(parts, width, height), [parts, width, height]);
  return (
    <div class="treemap" ref={frame}>
      <svg class="drawing" width={width} height={height} role="group" aria-label={label}>
        <defs>
          <pattern id={pattern} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path class="treemap-stripe" d="M0 0V7" />
          </pattern>
        </defs>
        {tiles.map((tile) => (
          <TileLink key={tile.part.key} tile={tile} pattern={pattern} />
        ))}
      </svg>
    </div>
  );
}

function TileLink({ tile, pattern }: { readonly tile: Tile<TreemapPart>; readonly pattern: string }): JSX.Element {
  const { part, x, y, width, height } = tile;
  const words = `${part.label}: ${part.amountText}, ${part.shareText}`;
  const lines = [
    ...fittedLines(part.label, width - 2 * padding, Math.min(Math.floor((height - padding) / lineHeight), 2)),
  ];
  const hasRoom = height - padding >= (lines.length + 1) * lineHeight;
  const figures = lines.length > 0 && hasRoom ? fittedLines(part.amountText, width - 2 * padding, 1) : [];
  return (
    <>
      <a class="tile" href={part.href} aria-label={words}>
        <title>{words}</title>
        <rect class="tile-area" x={x} y={y} width={width} height={height} rx={3} style={{ "--tile": part.colour }} />
        {part.isMarked ? <rect x={x} y={y} width={width} height={height} rx={3} fill={`url(#${pattern})`} /> : null}
      </a>
      {/* Over the link and not in it: what is cut short to fit is no part of its name. */}
      <svg class="tile-words" x={x} y={y} width={width} height={height} aria-hidden="true">
        {lines.map((line, at) => (
          <text key={line} class="tile-label" x={padding} y={padding + (at + 0.7) * lineHeight}>
            {line}
          </text>
        ))}
        {figures.map((figure) => (
          <text key="figure" class="tile-figure" x={padding} y={padding + (lines.length + 0.7) * lineHeight}>
            {figure} {width > 150 ? part.shareText : ""}
          </text>
        ))}
      </svg>
    </>
  );
}

/** Pixels of width below which areas go down rather than across. */
const narrow = 560;
const padding = 7;
const lineHeight = 17;
