import type { JSX } from "preact";
import { columnsPath, type Layer, type StackedLayer } from "./growth.ts";

interface ColumnsProps {
  readonly layers: readonly (Layer & Pick<StackedLayer, "from" | "to">)[];
  /** In CSS pixels: of one turn, and of the highest. */
  readonly column: number;
  readonly height: number;
  /** Tokens. */
  readonly highest: number;
}

/** Stacked columns, one a turn; each layer is one path, so that hundreds of turns draw as fast as ten. */
export function Columns({ layers, column, height, highest }: ColumnsProps): JSX.Element {
  const size = { width: column, height, highest, gap: column > 5 ? 1 : 0 };
  return (
    <>
      {layers.map((layer) => (
        <path key={layer.column} d={columnsPath(layer, size)} style={{ fill: `var(${layer.colour})` }} />
      ))}
    </>
  );
}
