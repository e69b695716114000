import type { Signal } from "@preact/signals";
import type { CanvasHTMLAttributes, JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import type { Boxes } from "./boxes.ts";
import { draw, readable, type Paint, type Scene } from "./draw.ts";
import { boxAt } from "./find-box.ts";
import { keys, pressed } from "./keyboard.ts";
import type { SpanNode } from "./span-tree.ts";
import { useDrawing, useWidth } from "../components/use-drawing.ts";
import { fitted, panned, scrolled, wholeView, zoomed, type Viewport } from "./viewport.ts";

/** What charts of one trace share, so that pointing at a span in one shows it in all. */
export interface SharedChoice {
  /** Id of the node that is pointed at; empty: none. */
  readonly pointed: Signal<string>;
  readonly chosen: string;
  readonly choose: (id: string) => void;
  readonly found: ReadonlySet<string> | undefined;
  readonly paint: Paint;
}

interface SpanChartProps {
  readonly boxes: Boxes;
  /** What it shows, for those who do not see it: kind, extent and sum. */
  readonly label: string;
  readonly view: Signal<Viewport>;
  readonly choice: SharedChoice;
  /** Rows that are seen at once, at most. */
  readonly mostRows: number;
  readonly amountOf: (node: SpanNode) => string;
  /** What is said of the node under the pointer, and aloud of the chosen one. */
  readonly describe: (node: SpanNode) => string;
}

/** How far the pointer moves before it drags instead of choosing, in pixels. */
const dragFrom = 4;

/** A drawing of spans as boxes, to be walked through with pointer, wheel and keys. */
export function SpanChart(props: SpanChartProps): JSX.Element {
  const { boxes, view, choice, label, describe } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const help = useId();
  const width = useWidth(frame).value;
  const seen = Math.max(1, Math.min(props.mostRows, boxes.rows.length));
  const scene: Scene = {
    boxes,
    view: view.value,
    width,
    height: seen * readable,
    rowHeight: readable,
    chosen: boxes.indexOf.get(choice.chosen) ?? -1,
    pointed: boxes.indexOf.get(choice.pointed.value) ?? -1,
    found: choice.found,
    amountOf: props.amountOf,
  };
  useDrawing(canvas, scene, (context) => draw(context, scene, choice.paint));
  const chosen = boxes.nodes[scene.chosen];
  return (
    <div
      ref={frame}
      class="span-chart"
      role="group"
      tabIndex={0}
      aria-label={label}
      aria-describedby={help}
      onKeyDown={(event) => press(event, props, scene, seen)}
      onWheel={(event) => wheel(event, props, scene, seen)}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        style={{ height: `${scene.height}px` }}
        {...pointerHandlers(props, scene)}
      />
      <p class="visually-hidden" id={help}>
        {keys.map((entry) => `${entry.keys}: ${entry.does}`).join(". ")}. The tree below holds the same.
      </p>
      <p class="visually-hidden" role="status">
        {chosen === undefined ? "" : describe(chosen)}
      </p>
    </div>
  );
}

function press(event: KeyboardEvent, { boxes, view, choice }: SpanChartProps, scene: Scene, seen: number): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const place = pressed(event.key, { view: view.value, chosen: scene.chosen }, boxes, seen);
  if (place === undefined) return;
  event.preventDefault();
  view.value = place.view;
  const node = boxes.nodes[place.chosen];
  if (node !== undefined && place.chosen !== scene.chosen) choice.choose(node.id);
}

/** Pinching and Ctrl with the wheel go closer; sideways moves. A plain wheel scrolls the rows, then the page. */
function wheel(event: WheelEvent, { boxes, view }: SpanChartProps, scene: Scene, seen: number): void {
  const before = view.value;
  if (event.ctrlKey || event.metaKey) view.value = zoomed(before, Math.exp(event.deltaY / 200), placeOf(event, scene));
  else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) view.value = panned(before, event.deltaX / scene.width);
  else view.value = scrolled(before, Math.sign(event.deltaY), boxes.rows.length, seen);
  const { start, end, top } = view.value;
  if (start !== before.start || end !== before.end || top !== before.top) event.preventDefault();
}

function pointerHandlers(
  { boxes, view, choice }: SpanChartProps,
  scene: Scene,
): Pick<CanvasHTMLAttributes, "onPointerDown" | "onPointerMove" | "onPointerLeave" | "onDblClick"> {
  const nodeUnder = (event: MouseEvent): SpanNode | undefined => {
    const row = Math.floor(event.offsetY / scene.rowHeight + scene.view.top);
    const within = (2 * (scene.view.end - scene.view.start)) / scene.width;
    return boxes.nodes[boxAt(boxes, placeOf(event, scene), row, within)];
  };
  return {
    onPointerMove: (event) => (choice.pointed.value = nodeUnder(event)?.id ?? ""),
    onPointerLeave: () => (choice.pointed.value = ""),
    onPointerDown: (event) => {
      const start = { x: event.clientX, view: view.value };
      let isDrag = false;
      const move = (moved: PointerEvent): void => {
        isDrag ||= Math.abs(moved.clientX - start.x) > dragFrom;
        if (isDrag) view.value = panned(start.view, (start.x - moved.clientX) / scene.width);
      };
      const target = event.currentTarget;
      const stop = new AbortController();
      target.addEventListener("pointermove", move, { signal: stop.signal });
      const end = (): void => {
        stop.abort();
        const node = isDrag ? undefined : nodeUnder(event);
        if (node !== undefined) choice.choose(node.id);
      };
      target.addEventListener("pointerup", end, { signal: stop.signal });
      target.addEventListener("pointercancel", () => stop.abort(), { signal: stop.signal });
      target.setPointerCapture(event.pointerId);
    },
    onDblClick: (event) => {
      const box = boxes.indexOf.get(nodeUnder(event)?.id ?? "");
      view.value = box === undefined ? wholeView : fitted(view.value, boxes.start[box] ?? 0, boxes.end[box] ?? 1);
    },
  };
}

const placeOf = (event: MouseEvent, { view, width }: Scene): number =>
  view.start + (event.offsetX / width) * (view.end - view.start);
