import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { Boxes } from "./boxes.ts";
import { boxAt } from "./find-box.ts";
import { fitted, type Viewport } from "./viewport.ts";

/** What the view lies in, from the whole down; each leads back to all of it. */
export function Breadcrumb({
  boxes,
  view,
  choose,
}: {
  boxes: Boxes;
  view: Signal<Viewport>;
  choose: (id: string) => void;
}): JSX.Element {
  const crumbs = around(boxes, view.value);
  return (
    <nav class="breadcrumb" aria-label="Part that is shown">
      <ol>
        {crumbs.map((box, index) => (
          <li key={boxes.nodes[box]?.id}>
            <button
              type="button"
              class="quiet"
              aria-current={index === crumbs.length - 1 ? "true" : undefined}
              onClick={() => {
                view.value = fitted(view.value, boxes.start[box] ?? 0, boxes.end[box] ?? 1);
                choose(boxes.nodes[box]?.id ?? "");
              }}
            >
              {boxes.nodes[box]?.label}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The boxes that reach from end to end of what is seen, from the whole down. */
function around(boxes: Boxes, { start, end }: Viewport): number[] {
  const middle = (start + end) / 2;
  const slack = 1e-9;
  const found: number[] = [];
  for (let row = 0; row < boxes.rows.length; row += 1) {
    const box = boxAt(boxes, middle, row);
    if (box < 0 || (boxes.start[box] ?? 1) > start + slack || (boxes.end[box] ?? 0) < end - slack) break;
    found.push(box);
  }
  return found;
}
