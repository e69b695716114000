import { quietly } from "./guard.ts";
import type { Observer } from "./observer.ts";
import { observeStream } from "./stream.ts";

/** What a Stainless SDK knows of a response before anybody has parsed its body. */
export interface RawResponse {
  readonly response?: { readonly body?: (AsyncIterable<Uint8Array> & object) | null };
  readonly options?: { readonly stream?: boolean };
}

/**
 * Observes a streamed response that a helper of the SDK parses by itself, past the promise it came
 * from: its server-sent events, as the helper reads the body. False where nothing is streamed.
 */
export function observeRawStream(raw: RawResponse, observer: Observer): boolean {
  const body = raw.options?.stream === true ? raw.response?.body : undefined;
  if (!body) return false;
  const events = new EventReader();
  observeStream(body, {
    context: observer.context,
    entersEveryStep: observer.entersEveryStep,
    streamIn: () => undefined,
    complete: () => undefined,
    close: (outcome) => observer.close(outcome),
    fail: (error) => observer.fail(error),
    chunk: (bytes) => {
      for (const event of quietly("reading a raw stream", () => events.read(bytes as Uint8Array)) ?? []) {
        if (event.name === "error") observer.fail({ name: "APIError", error: event.data });
        else observer.chunk(event.data);
      }
      return false;
    },
  });
  return true;
}

interface ServerSentEvent {
  readonly name: string;
  readonly data: unknown;
}

/** Cuts the bytes of a body into the events that are complete so far. */
class EventReader {
  readonly #decoder = new TextDecoder();
  #text = "";

  read(bytes: Uint8Array): ServerSentEvent[] {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    const records = this.#text.split(/\r?\n\r?\n/);
    this.#text = records.pop() ?? "";
    return records.map(eventOf).filter((event) => event !== undefined);
  }
}

function eventOf(record: string): ServerSentEvent | undefined {
  const fields = record.split(/\r?\n/);
  const valueOf = (name: string): string[] =>
    fields.flatMap((field) => (field.startsWith(`${name}:`) ? field.slice(name.length + 1).trimStart() : []));
  const data = valueOf("data").join("\n");
  // Only JSON is of interest; `[DONE]` and the like are not.
  return data.startsWith("{") ? { name: valueOf("event")[0] ?? "", data: JSON.parse(data) } : undefined;
}
