import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "../components/icon.tsx";
import { linkTo, rangeProblem } from "../data/selection.ts";
import { pages } from "../pages/index.ts";
import { Keys } from "./keys.tsx";
import { LiveState } from "./live-state.tsx";
import { RangePicker } from "./range-picker.tsx";
import { SelectionFilters } from "./selection-filters.tsx";
import { nextTheme, themeChoice } from "./theme.ts";
import "./shell.css";

/** The frame of every page: navigation, what part of the ledger is on view, and whether it is live. */
export function Shell({
  title,
  path,
  isWhole,
  children,
}: {
  title: string;
  path: string;
  /** Whether the page shows all of something: then there is no part of the ledger to choose. */
  isWhole: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const main = useRef<HTMLElement>(null);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => skipTo(event, main.current)}>
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href={linkTo("/")}>
          Tokenledger
        </a>
        <nav aria-label="Pages">
          <ul>
            {pages.map(({ path: target, title: name, icon }) =>
              icon === undefined ? null : (
                <li key={target}>
                  <a href={linkTo(target)} aria-current={target === path ? "page" : undefined}>
                    <Icon name={icon} />
                    {name}
                  </a>
                </li>
              ),
            )}
          </ul>
        </nav>
        <div class="top-end">
          <LiveState />
          <button type="button" class="quiet" onClick={nextTheme} title={`Theme: ${themeChoice.value}`}>
            <Icon name="theme" />
            <span class="visually-hidden">Theme: {themeChoice.value}</span>
          </button>
          <Keys />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <div class="page-head">
          <h1>{title}</h1>
          {isWhole ? null : <SelectionFilters />}
          {isWhole ? null : <RangePicker />}
        </div>
        {isWhole || rangeProblem.value === undefined ? null : (
          <p class="notice warn" role="alert">
            {rangeProblem.value}
          </p>
        )}
        {children}
      </main>
    </>
  );
}

function skipTo(event: MouseEvent, main: HTMLElement | null): void {
  event.preventDefault();
  event.stopPropagation();
  main?.focus();
}
