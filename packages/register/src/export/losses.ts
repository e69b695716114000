import { join } from "node:path";
import { diag, writePrivateFile } from "@tokenledger/core";

/** Why spans were given up. */
export type LossReason = "rejected" | "refused" | "too_large" | "spool_failed";

/**
 * Declares the spans of this process that no one will ever see: in `<home>/notices`, where `doctor`
 * reads them, and through `diag`. Written at every change, so that it outlives a kill.
 */
export class Losses {
  readonly #path: string;
  readonly #processId: string;
  readonly #counts = new Map<LossReason, number>();

  constructor(home: string, processId: string) {
    this.#path = join(home, "notices", `lost-${processId}.json`);
    this.#processId = processId;
  }

  declare(reason: LossReason, spans: number, detail: string): void {
    if (spans === 0) return;
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + spans);
    diag.error(`tokenledger: ${spans} spans lost (${reason}): ${detail}`);
    const notice = {
      kind: "lost",
      process_id: this.#processId,
      pid: process.pid,
      time: new Date().toISOString(),
      spans: Object.fromEntries(this.#counts),
      detail,
    };
    try {
      writePrivateFile(this.#path, `${JSON.stringify(notice)}\n`);
    } catch (error) {
      diag.error("tokenledger: the loss could not be written down", error);
    }
  }
}
