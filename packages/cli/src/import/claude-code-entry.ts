import { object, text, time } from "./json-fields.ts";

/** One message of the conversation, whichever way the transcript wraps it. */
export interface Entry {
  type: "assistant" | "user";
  message: Record<string, unknown>;
  at: number;
  uuid: string | undefined;
  /** `null` where a conversation starts. */
  parentUuid: string | null | undefined;
  agentId: string | undefined;
  parentToolCallId: string | undefined;
  /** The provider's id of the request that it answers. */
  requestId: string | undefined;
}

/** The message of a record, `undefined` where it holds none. */
export function entryOf(record: Record<string, unknown>): Entry | undefined {
  const data = object(record["data"]);
  const nested =
    record["type"] === "progress" && data?.["type"] === "agent_progress" ? object(data["message"]) : undefined;
  const holder = nested ?? record;
  const type = holder["type"];
  const message = object(holder["message"]);
  const at = time(holder["timestamp"]) ?? time(record["timestamp"]);
  if ((type !== "assistant" && type !== "user") || !message || at === undefined) return undefined;
  return {
    type,
    message,
    at,
    uuid: text(holder["uuid"]),
    parentUuid: nested ? undefined : placeOf(record).parentUuid,
    agentId: text(nested ? data?.["agentId"] : record["agentId"]),
    parentToolCallId: text(record["parentToolUseID"]),
    requestId: text(holder["requestId"]),
  };
}

/** What a record is called, and which one it follows. */
export const placeOf = (record: Record<string, unknown>): Pick<Entry, "uuid" | "parentUuid"> => ({
  uuid: text(record["uuid"]),
  parentUuid: record["parentUuid"] === null ? null : text(record["parentUuid"]),
});

/** Blocks of one type in a message. */
export function blocks(message: Record<string, unknown>, type: string): Record<string, unknown>[] {
  const content = Array.isArray(message["content"]) ? (message["content"] as unknown[]) : [];
  return content.flatMap((block) => {
    const found = object(block);
    return found?.["type"] === type ? [found] : [];
  });
}
