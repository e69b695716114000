import type { ComponentChildren, JSX } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { linkTo } from "../data/selection.ts";

/** The API asks for a key that this browser does not have. */
export const Locked = (): JSX.Element => (
  <div class="notice" role="alert">
    <h2>This page needs its key</h2>
    <p>
      Open the address that <code>tokenledger up</code> printed: it ends in <code>#key=…</code>. This browser then keeps
      the key, so that other programs and users of this machine cannot read the ledger.
    </p>
  </div>
);

export const NoSuchPage = ({ path }: { path: string }): JSX.Element => (
  <div class="notice">
    <h2>There is no page {path}</h2>
    <p>
      <a href={linkTo("/")}>Go to the overview</a>
    </p>
  </div>
);

/** A fault of ours in one page leaves the way to the others, and says what it was. */
export function Guarded({ children }: { children: ComponentChildren }): JSX.Element {
  const [error, again] = useErrorBoundary();
  if (error === undefined) return <>{children}</>;
  return (
    <div class="notice" role="alert">
      <h2>This page could not be drawn</h2>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <p class="faint">The same numbers are in tokenledger report. Please report the fault, with this text.</p>
      <button type="button" onClick={again}>
        Try again
      </button>
    </div>
  );
}
