import { type ReadonlySignal, signal } from "@preact/signals";

/** Where the page is: the whole of what it shows follows from it. */
export interface Place {
  readonly path: string;
  readonly parameters: URLSearchParams;
}

/** `push` for a place one wants to come back to, `replace` for a choice within one. */
export type Step = "push" | "replace";

const here = (): Place => ({ path: location.pathname, parameters: new URLSearchParams(location.search) });
const placeSignal = signal<Place>(here());
window.addEventListener("popstate", () => (placeSignal.value = here()));

export const place: ReadonlySignal<Place> = placeSignal;

/** Goes to an address of the page, `/trace/…?…`. */
export function go(address: string, step: Step = "push"): void {
  if (step === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  const isOther = placeSignal.value.path !== location.pathname;
  placeSignal.value = here();
  if (step === "push" && isOther) scrollTo(0, 0);
}

/** The address of here with some parameters changed; an empty one is left out. */
export function addressWith(changes: Readonly<Record<string, string>>): string {
  const parameters = new URLSearchParams(placeSignal.value.parameters);
  for (const [key, value] of Object.entries(changes)) {
    if (value === "") parameters.delete(key);
    else parameters.set(key, value);
  }
  return addressOf(placeSignal.value.path, parameters);
}

export const addressOf = (path: string, parameters: URLSearchParams): string =>
  parameters.size === 0 ? path : `${path}?${parameters.toString()}`;

/**
 * A piece of state that lives in the address, so that a link restores it. The initial value is not written there.
 *
 * Used in a component, it is drawn again when the value changes.
 */
export function useUrlState(key: string, initial = ""): [value: string, set: (value: string, step?: Step) => void] {
  const value = place.value.parameters.get(key) ?? initial;
  return [value, (next, step = "replace") => go(addressWith({ [key]: next === initial ? "" : next }), step)];
}

/** Turns clicks on the page's own links into steps without loading; anything with a modifier stays the browser's. */
export function followLinks(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (link === null || !isPlain || link.hasAttribute("target") || link.hasAttribute("download")) return;
  // By its attribute: a link in a drawing has no parts of an address.
  const { origin, pathname, search } = new URL(link.getAttribute("href") ?? "", location.href);
  if (origin !== location.origin) return;
  event.preventDefault();
  go(pathname + search);
}
