/** Results go to standard output, and nothing else does. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Progress, notes and warnings go to standard error, so that output can be piped. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** Lets a reader leave early, as `| head` does: what it no longer wants to hear is not an error of ours. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
