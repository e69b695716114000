import type { JSX } from "preact";

/** 16 by 16, drawn with strokes of the text's colour. */
const paths = {
  overview: "M2 14V9m4 5V5m4 9V8m4 6V2",
  traces: "M2 3h9M4 8h10M6 13h6",
  agents: "M8 2v4m0 0L4 10m4-4l4 4M4 10v4m8-4v4",
  waste: "M2 4h12M5 4V2h6v2M4 4l1 10h6l1-10",
  whatif: "M2 8h4l3-5h5M6 8l3 5h5",
  customers: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-6 6c0-3 3-4 6-4s6 1 6 4",
  health: "M1 8h3l2-5 3 10 2-5h4",
  menu: "M3 8h.01M8 8h.01M13 8h.01",
  theme: "M8 2v12M8 2a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z",
  link: "M6 10l4-4M7 4l1-1a3 3 0 0 1 5 5l-1 1M9 12l-1 1a3 3 0 0 1-5-5l1-1",
  up: "M4 10l4-4 4 4",
  down: "M4 6l4 4 4-4",
  warning: "M8 2l7 12H1L8 2Zm0 5v3m0 2v.01",
  close: "M3 3l10 10M13 3L3 13",
} as const;

export type IconName = keyof typeof paths;

/** A drawing beside a text that says the same; screen readers pass it by. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
    </svg>
  );
}
