import type { JSX } from "preact";
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
