import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Says that an answer is on its way, and for how long, where a question takes the ledger a while. */
export function Waiting(): JSX.Element {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="panel-loading" role="status">
      <span class="visually-hidden">Loading</span>
      {seconds < patienceSeconds ? null : (
        // Read out once, as loading: not with every second.
        <span aria-hidden="true">Asking the ledger, for {seconds} s so far …</span>
      )}
    </div>
  );
}

const patienceSeconds = 3;
