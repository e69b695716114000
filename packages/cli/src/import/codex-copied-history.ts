/**
 * Tells what a rollout copied from what it recorded. A fork starts with the other thread's history,
 * stamped with the time of the fork; it belongs to that thread's own file.
 *
 * The copy begins with the other thread's first record, and ends with the first turn that is younger
 * than this thread: both ids begin with their time. Versions whose turns have no ids wrote the copy in
 * one burst.
 */
export class CopiedHistory {
  underWay = false;
  #lastAt = 0;

  begin(): void {
    this.underWay = true;
  }

  enterTurn(turnId: string, threadId: string): void {
    if (timeOrdered.test(turnId) && timeOrdered.test(threadId)) this.underWay = turnId < threadId;
  }

  /** A record of that time, in that turn where it is known. */
  passTime(at: number, turnId: string | undefined): void {
    if (turnId === undefined && at - this.#lastAt > longestPause) this.underWay = false;
    this.#lastAt = at;
  }
}

/** Milliseconds between two records of a copy; whoever asked for it needs longer to say what comes next. */
const longestPause = 500;

/** Ids that begin with their time, so that the older one is the smaller text. */
const timeOrdered = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/;
