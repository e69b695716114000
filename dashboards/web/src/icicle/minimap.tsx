import type { Signal } from "@preact/signals";
import type { JSX, TargetedPointerEvent } from "preact";
import { useRef } from "preact/hooks";
import { useDrawing, useWidth } from "../components/use-drawing.ts";
import type { Boxes } from "./boxes.ts";
import { draw, type Paint, type Scene } from "./draw.ts";
import { panned, wholeView, type Viewport } from "./viewport.ts";

const height = 36;

interface MinimapProps {
  readonly boxes: Boxes;
  readonly view: Signal<Viewport>;
  readonly paint: Paint;
}

/** The whole of a drawing, small, with the part that is seen; it is moved by dragging. Keys do the same above. */
export function Minimap({ boxes, view, paint }: MinimapProps): JSX.Element {
  const { start, end } = view.value;
  const moveTo = (event: TargetedPointerEvent<HTMLDivElement>): void => {
    if (event.buttons === 0) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const by = (event.clientX - left) / width - (start + end) / 2;
    view.value = panned(view.value, by / (end - start));
  };
  return (
    <div class="minimap" aria-hidden="true" onPointerDown={moveTo} onPointerMove={moveTo}>
      <Whole boxes={boxes} paint={paint} />
      <i style={{ left: `${100 * start}%`, width: `${100 * (end - start)}%` }} />
    </div>
  );
}

/** Drawn once: what moves lies over it. */
function Whole({ boxes, paint }: Pick<MinimapProps, "boxes" | "paint">): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene: Scene = {
    boxes,
    width: useWidth(frame).value,
    height,
    view: wholeView,
    rowHeight: height / Math.max(1, boxes.rows.length),
    chosen: -1,
    pointed: -1,
    found: undefined,
    amountOf: () => "",
  };
  useDrawing(canvas, scene, (context) => draw(context, scene, paint));
  return (
    <div ref={frame}>
      <canvas ref={canvas} style={{ height: `${height}px` }} />
    </div>
  );
}
