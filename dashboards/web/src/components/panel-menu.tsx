import type { JSX, RefObject } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { saveCsv, savePng } from "../data/export.ts";
import type { ViewState } from "../data/view.ts";
import { Icon } from "./icon.tsx";

interface PanelMenuProps {
  readonly view: ViewState<object>;
  readonly title: string;
  readonly body: RefObject<HTMLElement | null>;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
}

/** What can be taken from a panel: its rows, its picture, its query, its address. */
export function PanelMenu({ view, title, body, isTable, onTable }: PanelMenuProps): JSX.Element {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState("");
  const items: readonly (readonly [label: string, done: string, act: () => unknown])[] = [
    [isTable ? "Show as drawn" : "Show as table", "", () => onTable(!isTable)],
    ["Copy SQL", "SQL copied", () => navigator.clipboard.writeText(view.sql)],
    ["Copy link", "Link copied", () => navigator.clipboard.writeText(location.href)],
    ["Save CSV", "CSV saved", () => saveCsv(view)],
    ["Save PNG", "PNG saved", () => savePng(body.current, title)],
  ];
  const act = async (done: string, work: () => unknown): Promise<void> => {
    list.current?.hidePopover();
    try {
      await work();
      setSaid(done);
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div class="panel-menu">
      <button
        type="button"
        class="quiet"
        popovertarget={id}
        aria-label={`Take from ${title}`}
        title="Table, CSV, PNG, SQL, link"
        onClick={(event) => place(event.currentTarget, list.current)}
      >
        <Icon name="menu" />
      </button>
      <div id={id} popover="auto" ref={list} role="group" aria-label={`Take from ${title}`}>
        {items.map(([label, done, work]) => (
          <button type="button" key={label} onClick={() => void act(done, work)}>
            {label}
          </button>
        ))}
      </div>
      <span class="visually-hidden" role="status">
        {said}
      </span>
    </div>
  );
}

/** Popovers are laid over everything, in the window's own coordinates. */
function place(button: HTMLElement, list: HTMLElement | null): void {
  if (list === null) return;
  const { bottom, right } = button.getBoundingClientRect();
  list.style.position = "fixed";
  list.style.top = `${bottom + 4}px`;
  list.style.right = `${document.documentElement.clientWidth - right}px`;
}
