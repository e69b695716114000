import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "./living-process.ts";
import { writePrivateFile } from "./private-file.ts";

/** The spool of the local receiver, wherever that runs and whatever its port. */
export const localSpool = "local";

/** Bytes that held spans of one destination may take on disk. */
const largestSpool = 256 * 1024 * 1024;

/** A file of held spans that this process, and no other, has at hand. */
export interface ClaimedFile {
  /** OTLP JSON requests. */
  readonly lines: readonly string[];
  /**
   * Ends the claim: the lines that are still to be sent stay in the spool, and those that nobody will
   * take are kept beside it, in a `.rejected` file that is never sent.
   */
  release(unsent: readonly string[], rejected?: readonly string[]): void;
}

/**
 * Spans that could not be sent in time, as lines of OTLP JSON in files that only their owner can
 * read. Whichever process starts next and has the same destination sends them; the local ledger takes
 * its own when it is opened. A file is complete as soon as it has its name.
 */
export class Spool {
  readonly #directory: string;

  /** @param home Tokenledger's folder. @param key The destination's. */
  constructor(home: string, key: string) {
    this.#directory = join(home, "spool", key);
  }

  /** Writes at once, without waiting for anything. Throws where the disk refuses or the spool is full. */
  write(lines: readonly string[]): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const text = textOf(lines);
    if (this.#size() + text.length > largestSpool) throw new Error(`the spool in ${this.#directory} is full`);
    // No name twice: threads and copies of this module write within one millisecond.
    writePrivateFile(join(this.#directory, `${Date.now()}-${randomUUID()}.jsonl`), text);
  }

  /** The oldest file that no living process is sending. */
  claim(): ClaimedFile | undefined {
    for (const name of this.#names()) {
      const [file = name, owner] = name.split(".sending-");
      if (owner !== undefined && isAlive(Number(owner))) continue;
      if (!file.endsWith(".jsonl")) continue;
      const claimed = join(this.#directory, `${file}.sending-${process.pid}`);
      try {
        renameSync(join(this.#directory, name), claimed);
      } catch {
        continue; // Another process was faster.
      }
      return this.#open(claimed, join(this.#directory, file));
    }
    return undefined;
  }

  #open(claimed: string, original: string): ClaimedFile {
    return {
      lines: readFileSync(claimed, "utf8").split("\n").filter(Boolean),
      release: (unsent, rejected = []) => {
        if (rejected.length > 0) appendFileSync(`${original}.rejected`, textOf(rejected), { mode: 0o600 });
        if (unsent.length > 0) writePrivateFile(original, textOf(unsent));
        rmSync(claimed, { force: true });
      },
    };
  }

  #names(): string[] {
    try {
      return readdirSync(this.#directory).toSorted();
    } catch {
      return []; // Nothing was ever held.
    }
  }

  #size(): number {
    return this.#names().reduce((sum, name) => {
      const file = statSync(join(this.#directory, name), { throwIfNoEntry: false });
      return sum + (file?.size ?? 0);
    }, 0);
  }
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
