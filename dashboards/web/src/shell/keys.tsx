import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { linkTo } from "../data/selection.ts";
import { go } from "../data/url-state.ts";
import { pages } from "../pages/index.ts";

const shown = pages.filter(({ icon }) => icon !== undefined);

/** Keys that work on every page, and the list of them behind `?`. */
export function Keys(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === "?") dialog.current?.showModal();
      const page = shown[Number(event.key) - 1];
      if (page !== undefined) go(linkTo(page.path));
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return (
    <>
      <button type="button" class="quiet" onClick={() => dialog.current?.showModal()} aria-label="Keys" title="Keys">
        ?
      </button>
      <dialog ref={dialog} aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <dl class="keys">
          {shown.map(({ title }, index) => (
            <div key={title}>
              <dt>{index + 1}</dt>
              <dd>{title}</dd>
            </div>
          ))}
          <div>
            <dt>↑ ↓</dt>
            <dd>Walk the rows of a table; Enter opens one</dd>
          </div>
          <div>
            <dt>Esc</dt>
            <dd>Close</dd>
          </div>
        </dl>
        <form method="dialog" class="dialog-end">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </>
  );
}

const isTyping = ({ target }: Event): boolean =>
  target instanceof Element && target.closest("input, select, textarea, dialog[open], [contenteditable]") !== null;
