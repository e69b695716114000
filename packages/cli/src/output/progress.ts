/** Progress of long work, in bytes or rows, on standard error; silent where nobody watches a terminal. */
export interface ProgressBar {
  advance: (amount: number) => void;
  end: () => void;
}

/** Draws at most ten times a second. */
const intervalMs = 100;

export function progressBar(label: string, total: number): ProgressBar {
  let done = 0;
  let drawn = 0;
  const draw = (): void => {
    const percent = total > 0 ? Math.floor((100 * Math.min(done, total)) / total) : 100;
    process.stderr.write(`\r${label} ${"█".repeat(Math.floor(percent / 5)).padEnd(20, "░")} ${percent} %`);
  };
  return {
    advance(amount) {
      done += amount;
      if (!process.stderr.isTTY || performance.now() - drawn < intervalMs) return;
      drawn = performance.now();
      draw();
    },
    end() {
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}

/**
 * Shows what long work is at: the current step on one line of a terminal, which `end` takes away again.
 * Where nobody watches, the first step is said and the rest is silence.
 */
export function statusLine(): { show: (step: string) => void; end: () => void } {
  let said = false;
  return {
    show(step) {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${step} …`);
      else if (!said) process.stderr.write("Preparing the ledger …\n");
      said = true;
    },
    end() {
      if (said && process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}
