/** Results go to standard output, and nothing else does. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Progress, notes and warnings go to standard error, so that output can be piped. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`);
