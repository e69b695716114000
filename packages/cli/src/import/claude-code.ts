import { recordedSession } from "./claude-code-recorded.ts";
import { Session } from "./claude-code-session.ts";
import { text } from "./json-fields.ts";
import type { RecordedSession } from "./recorded-session.ts";
import type { Transcripts } from "./transcripts.ts";

/**
 * The transcripts of Claude Code. Its sub-agents may write files of their own; every record names its
 * session. A message in several files is told apart by its id, which the ledger bills once.
 */
export class ClaudeCodeTranscripts implements Transcripts {
  readonly #sessions: Map<string, Session> = new Map();

  add(record: Record<string, unknown>): void {
    const id = text(record["sessionId"]);
    if (id === undefined) return;
    const session = this.#sessions.get(id) ?? new Session(id);
    this.#sessions.set(id, session);
    session.add(record);
  }

  *sessions(): Iterable<RecordedSession> {
    for (const session of this.#sessions.values()) yield recordedSession(session);
  }

  /** A message in two sessions has one id, and the ledger elects the bill. */
  repeatedCalls(): number {
    return 0;
  }
}
