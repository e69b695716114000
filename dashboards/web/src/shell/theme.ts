import { type ReadonlySignal, signal } from "@preact/signals";

/** `system` follows the browser. */
export type ThemeChoice = "system" | "light" | "dark";

const storageKey = "tokenledger.theme";
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const choices: readonly ThemeChoice[] = ["system", "light", "dark"];

const stored = (): ThemeChoice => choices.find((choice) => choice === localStorage.getItem(storageKey)) ?? "system";
const choiceSignal = signal<ThemeChoice>(stored());
const shownSignal = signal<"light" | "dark">("light");

export const themeChoice: ReadonlySignal<ThemeChoice> = choiceSignal;
/** What canvases read their colours by: they are drawn again when it changes. */
export const theme: ReadonlySignal<"light" | "dark"> = shownSignal;

/** Shows the chosen theme, and follows the browser's where none is chosen. */
export function applyTheme(): void {
  const choice = choiceSignal.value;
  const shown = choice === "system" ? (prefersDark.matches ? "dark" : "light") : choice;
  document.documentElement.dataset["theme"] = shown;
  shownSignal.value = shown;
}

prefersDark.addEventListener("change", applyTheme);

/** The next of system, light, dark. */
export function nextTheme(): void {
  const next = choices[(choices.indexOf(choiceSignal.value) + 1) % choices.length] ?? "system";
  choiceSignal.value = next;
  localStorage.setItem(storageKey, next);
  applyTheme();
}

/** A colour of `theme.css` for a canvas: `--series-1`. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The categorical palette; what is beyond it shares the last colour, so say which series are named. */
export const seriesColours: readonly string[] = [1, 2, 3, 4, 5, 6, 7, 8].map((index) => `--series-${index}`);
export const restColour = "--series-rest";
