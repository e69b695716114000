import type { JSX } from "preact";
import { selection } from "../data/selection.ts";

/** Asks a view for every trace, conversation and service. */
export const everywhere = { in_trace: "", in_conversation: "", in_service: "" } as const;

/** Says, where the page is narrowed, that what follows is not: its views know no part of the ledger but a range of time. */
export function WholeRangeNote(): JSX.Element | null {
  const { in_trace, in_conversation, in_service } = selection.value;
  if (in_trace === "" && in_conversation === "" && in_service === "") return null;
  return (
    <p class="not-narrowed" role="note">
      These figures are of everything in the range of time, not of the part that is selected.
    </p>
  );
}
