import { MalformedInput } from "./malformed.ts";
import { bytesTag, WireReader } from "./wire-reader.ts";

/** The way to the first record of a request, which is the same for all signals: resource, scope, record. */
const toRecord = [bytesTag(1), bytesTag(2), bytesTag(2)];
const traceIdOfSpan = bytesTag(1);

/**
 * Whether a request in protobuf, which does not say what it is of, is of logs. Its first record tells: a span has the
 * id of its trace where a log record has a time, which is of another wire type.
 */
export function holdsLogs(body: Buffer): boolean {
  const reader = new WireReader(body);
  try {
    return toRecord.every((tag) => enter(reader, tag)) && !find(reader, traceIdOfSpan);
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
    return false;
  }
}

function enter(reader: WireReader, tag: number): boolean {
  const found = find(reader, tag);
  if (found) reader.enter();
  return found;
}

/** Moves to the first field of that tag: senders write fields in any order. */
function find(reader: WireReader, tag: number): boolean {
  while (reader.next()) {
    if (reader.tag === tag) return true;
    reader.skip();
  }
  return false;
}
