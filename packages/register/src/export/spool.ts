import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { writePrivateFile } from "./private-file.ts";

/** Bytes that held spans of one destination may take on disk. */
const largestSpool = 256 * 1024 * 1024;

/** A file of held spans that this process, and no other, is sending. */
export interface ClaimedFile {
  /** OTLP JSON requests. */
  readonly lines: readonly string[];
  /** Ends the claim: the lines that are still to be sent stay in the spool. */
  release(unsent: readonly string[]): void;
}

/**
 * Spans that could not be sent in time, as lines of OTLP JSON in files that only their owner can
 * read. Whichever process starts next and has the same destination sends them.
 */
export class Spool {
  readonly #directory: string;
  #files = 0;

  /** @param home Tokenledger's folder. @param key The destination's. */
  constructor(home: string, key: string) {
    this.#directory = join(home, "spool", key);
  }

  /** Writes at once, without waiting for anything. Throws where the disk refuses or the spool is full. */
  write(lines: readonly string[]): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const text = lines.map((line) => `${line}\n`).join("");
    if (this.#size() + text.length > largestSpool) throw new Error(`the spool in ${this.#directory} is full`);
    this.#files += 1;
    writePrivateFile(join(this.#directory, `${Date.now()}-${process.pid}-${threadId}-${this.#files}.jsonl`), text);
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
      release: (unsent) => {
        if (unsent.length > 0) writePrivateFile(original, unsent.map((line) => `${line}\n`).join(""));
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

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};
