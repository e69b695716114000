import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import type { ProviderApi, ProviderName } from "./script.ts";
import type { TrueUsage } from "./usage.ts";

/** One billed call. A retry that failed is not billed; a stream that was left early is. */
export interface BillLine extends TrueUsage {
  /** Place on the bill, from 1. */
  readonly sequence: number;
  /** When it was billed, ISO 8601. */
  readonly time: string;
  readonly provider: ProviderName;
  readonly api: ProviderApi;
  readonly model: string;
  /** Absent for OpenAI's embeddings, whose responses carry no id. */
  readonly responseId: string | undefined;
  readonly requestId: string;
  readonly serviceTier: string;
  readonly stream: boolean;
  /** `cancelled`: the client hung up in mid-stream. `failed`: the double broke the stream. */
  readonly outcome: "completed" | "cancelled" | "failed";
}

/**
 * The provider's own record of what it charged: the oracle that every ledger is compared with.
 *
 * A line is on disk before the last byte of its response leaves, so a call that any client saw
 * complete is on the bill even when both sides are killed right after.
 */
export class Bill {
  readonly #lines: BillLine[] = [];
  readonly #file: number | undefined;

  /** @param path JSON-lines file to append to; without one the bill is kept in memory only. */
  constructor(path?: string) {
    this.#file = path === undefined ? undefined : openSync(path, "a", 0o600);
  }

  add(line: Omit<BillLine, "sequence" | "time">): void {
    const full: BillLine = { sequence: this.#lines.length + 1, time: new Date().toISOString(), ...line };
    this.#lines.push(full);
    if (this.#file === undefined) return;
    writeSync(this.#file, `${JSON.stringify(full)}\n`);
    fsyncSync(this.#file);
  }

  lines(): BillLine[] {
    return [...this.#lines];
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}
