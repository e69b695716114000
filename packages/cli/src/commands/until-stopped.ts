import { once } from "node:events";

/** Settles when the user or the system asks the command to end. */
export const untilStopped = async (): Promise<void> => {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
};
