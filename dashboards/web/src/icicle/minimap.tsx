import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Boxes } from "./boxes.ts";
import { draw, type Paint, type Scene } from "./draw.ts";
import { useDrawing, useWidth } from "../components/use-drawing.ts";
import { panned, wholeView, type Viewport } from "./viewport.ts";

const height = 36;

/** The whole of a drawing, small, with the part that is seen; it is moved by dragging. Keys do the same above. */
export function Minimap({ boxes, view, paint }: { boxes: Boxes; view: Signal<Viewport>; paint: Paint }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(frame).value;
  const { start, end } = view.value;
  const scene: Scene = {
    boxes,
    width,
    height,
    view: wholeView,
    rowHeight: height / Math.max(1, boxes.rows.length),
    chosen: -1,
    pointed: -1,
    found: undefined,
    amountOf: () => "",
  };
  useDrawing(canvas, scene, (context) => {
    draw(context, scene, paint);
    context.fillStyle = paint.veil;
    context.fillRect(0, 0, start * width, height);
    context.fillRect(end * width, 0, (1 - end) * width, height);
    context.strokeStyle = paint.outline;
    context.lineWidth = 1;
    context.strokeRect(start * width + 0.5, 0.5, Math.max(2, (end - start) * width - 1), height - 1);
  });
  const moveTo = (event: PointerEvent): void => {
    if (event.buttons === 0) return;
    const center = event.offsetX / width;
    view.value = panned(
      view.value,
      (center - (view.value.start + view.value.end) / 2) / (view.value.end - view.value.start),
    );
  };
  return (
    <div ref={frame} class="minimap" aria-hidden="true">
      <canvas ref={canvas} style={{ height: `${height}px` }} onPointerDown={moveTo} onPointerMove={moveTo} />
    </div>
  );
}
