import type { JSX } from "preact";
import { connection, type Connection } from "../data/live.ts";

const texts: Readonly<Record<Connection, string>> = {
  asking: "connecting",
  live: "live",
  lost: "no answer",
  locked: "locked",
};

/** Whether new data will appear by itself. */
export const LiveState = (): JSX.Element => (
  <span class="live" data-state={connection.value} role="status">
    <i aria-hidden="true" />
    {texts[connection.value]}
  </span>
);
