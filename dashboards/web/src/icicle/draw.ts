import type { Boxes } from "./boxes.ts";
import { firstEndingAfter } from "./find-box.ts";
import type { SpanNode } from "./span-tree.ts";
import type { Viewport } from "./viewport.ts";

/** Height of a row that carries text, with the gap below it, in CSS pixels. */
export const readable = 22;
const gap = 1;
/** Boxes narrower than this are drawn this wide, and those that would fall on the same place are drawn once. */
const narrowest = 0.75;
/** Narrower boxes carry no text. */
const narrowestText = 28;
const padding = 6;

/** Colours of one theme; a box takes the fill of its node and the ink that is read on it. */
export interface Paint {
  readonly fillOf: (node: SpanNode) => string;
  readonly ink: string;
  /** Over what a search did not find. */
  readonly veil: string;
  readonly outline: string;
  readonly font: string;
}

/** What to draw and where. */
export interface Scene {
  readonly boxes: Boxes;
  readonly view: Viewport;
  /** In CSS pixels, the gap below a row included. */
  readonly width: number;
  readonly height: number;
  readonly rowHeight: number;
  /** Boxes chosen and pointed at, -1 for none. */
  readonly chosen: number;
  readonly pointed: number;
  /** Ids that a search found; undefined without a search. */
  readonly found: ReadonlySet<string> | undefined;
  /** What stands at the right end of a box, where there is room. */
  readonly amountOf: (node: SpanNode) => string;
}

/** Draws the part of an icicle or timeline that is seen; only what is seen costs time. */
export function draw(context: CanvasRenderingContext2D, scene: Scene, paint: Paint): void {
  context.clearRect(0, 0, scene.width, scene.height);
  const seen = visible(scene);
  fill(context, scene, paint, seen);
  if (scene.rowHeight >= readable) write(context, scene, paint, seen);
  if (scene.found) veil(context, scene, paint, seen, scene.found);
  for (const box of [scene.pointed, scene.chosen]) {
    if (box >= 0) outline(context, scene, paint, box, box === scene.chosen ? 2 : 1);
  }
}

/** A box on the screen. */
interface Seen {
  readonly node: SpanNode;
  readonly left: number;
  readonly width: number;
  readonly top: number;
}

function visible(scene: Scene): Seen[] {
  const { boxes, view } = scene;
  const scale = scene.width / (view.end - view.start);
  const last = Math.min(boxes.rows.length - 1, Math.floor(view.top + scene.height / scene.rowHeight));
  const seen: Seen[] = [];
  for (let row = Math.floor(view.top); row <= last; row += 1) {
    const inRow = boxes.rows[row] ?? new Int32Array();
    let drawnTo = -1;
    for (let place = firstEndingAfter(boxes, row, view.start); place < inRow.length; place += 1) {
      const box = inRow[place] ?? 0;
      const start = boxes.start[box] ?? 0;
      if (start >= view.end) break;
      const left = Math.max(0, (start - view.start) * scale);
      const right = Math.min(scene.width, ((boxes.end[box] ?? 0) - view.start) * scale);
      const node = boxes.nodes[box];
      if (node === undefined || right - drawnTo < narrowest) continue;
      drawnTo = Math.max(right, left + narrowest);
      seen.push({ node, left, width: drawnTo - left, top: (row - view.top) * scene.rowHeight });
    }
  }
  return seen;
}

function fill(context: CanvasRenderingContext2D, scene: Scene, paint: Paint, seen: readonly Seen[]): void {
  const byFill = new Map<string, Seen[]>();
  for (const box of seen) {
    const colour = paint.fillOf(box.node);
    const batch = byFill.get(colour);
    if (batch) batch.push(box);
    else byFill.set(colour, [box]);
  }
  for (const [colour, batch] of byFill) {
    context.fillStyle = colour;
    context.beginPath();
    // Wide boxes stand apart; narrow ones would lose what they show to the gap.
    for (const { left, width, top } of batch) {
      context.rect(left, top, width > 3 ? width - gap : width, heightOf(scene));
    }
    context.fill();
  }
}

function write(context: CanvasRenderingContext2D, scene: Scene, paint: Paint, seen: readonly Seen[]): void {
  takeFont(context, paint.font);
  context.fillStyle = paint.ink;
  context.textBaseline = "middle";
  for (const { node, left, width, top } of seen) {
    if (width < narrowestText) continue;
    const room = width - 2 * padding;
    const label = node.count > 1 ? `${node.label} × ${node.count}` : node.label;
    const middle = top + heightOf(scene) / 2 + 0.5;
    context.fillText(shortened(context, label, room), left + padding, middle);
    const rest = room - widthOf(context, label) - 2 * padding;
    if (rest < narrowestText) continue;
    const amount = scene.amountOf(node);
    if (widthOf(context, amount) <= rest)
      context.fillText(amount, left + width - padding - widthOf(context, amount), middle);
  }
}

function veil(
  context: CanvasRenderingContext2D,
  scene: Scene,
  paint: Paint,
  seen: readonly Seen[],
  found: ReadonlySet<string>,
): void {
  context.fillStyle = paint.veil;
  context.beginPath();
  for (const { node, left, width, top } of seen) {
    if (!found.has(node.id)) context.rect(left, top, width, heightOf(scene));
  }
  context.fill();
}

function outline(context: CanvasRenderingContext2D, scene: Scene, paint: Paint, box: number, line: number): void {
  const { boxes, view } = scene;
  const scale = scene.width / (view.end - view.start);
  const left = ((boxes.start[box] ?? 0) - view.start) * scale;
  const width = Math.max(3, ((boxes.end[box] ?? 0) - (boxes.start[box] ?? 0)) * scale - gap);
  context.strokeStyle = paint.outline;
  context.lineWidth = line;
  const top = ((boxes.row[box] ?? 0) - view.top) * scene.rowHeight;
  context.strokeRect(left + line / 2, top + line / 2, width - line, heightOf(scene) - line);
}

const heightOf = ({ rowHeight }: Scene): number => (rowHeight > 4 ? rowHeight - gap : rowHeight);

/** Widths of texts as measured before, in one font: names of spans are few, and measuring is what a frame waits for. */
const measured = { font: "", widths: new Map<string, number>() };
const mostMeasured = 20_000;

function widthOf(context: CanvasRenderingContext2D, text: string): number {
  const known = measured.widths.get(text);
  if (known !== undefined) return known;
  const { width } = context.measureText(text);
  measured.widths.set(text, width);
  return width;
}

/** Setting a font is slow, and so is reading it: both happen once a frame. */
function takeFont(context: CanvasRenderingContext2D, font: string): void {
  context.font = font;
  if (measured.font === font && measured.widths.size < mostMeasured) return;
  measured.font = font;
  measured.widths.clear();
}

/** As much of a text as there is room for. */
function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  const width = widthOf(context, text);
  if (width <= room) return text;
  const fits = Math.floor((text.length * (room - widthOf(context, "…"))) / width);
  return fits > 0 ? `${text.slice(0, fits)}…` : "";
}
