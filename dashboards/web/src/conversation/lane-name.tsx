import type { JSX } from "preact";
import { places } from "./growth-places.ts";

/** The name of a lane, left of it, at the height of its middle. */
export const LaneName = ({ y, name }: { y: number; name: string }): JSX.Element => (
  <text x={places.left - 8} y={y + 4} text-anchor="end">
    {name}
  </text>
);
