import { empty, field, type JsonObject, list, object, parse, readAttributes, text } from "./json-values.ts";
import { MalformedInput } from "./malformed.ts";
import type { RecordSink, RecordSource } from "./received.ts";

/** How a signal's records are named in OTLP/JSON, and how one is read. */
export interface JsonForm<Received> {
  readonly resources: string;
  readonly scopes: string;
  readonly records: string;
  /** @throws MalformedInput */
  readonly read: (record: JsonObject) => Received;
}

/**
 * Decodes an OTLP/JSON export request: protobuf's JSON mapping with hexadecimal ids.
 *
 * @throws MalformedInput when the request itself cannot be read; a part of it that cannot goes to the sink alone
 */
export const decodeJson = <Received>(body: Buffer, form: JsonForm<Received>, sink: RecordSink<Received>): void => {
  /** Reads one part of a request, so that a bad one harms no other. Nothing at all is an empty message. */
  const offer = (part: unknown, source: RecordSource, read: (part: JsonObject, source: RecordSource) => void): void => {
    try {
      read(part === null ? empty : object(part, "a part of the request"), source);
    } catch (error) {
      if (!(error instanceof MalformedInput)) throw error;
      sink.unreadable(error.message, source);
    }
  };
  const offerResource = (ofResource: JsonObject): void => {
    const source = { ...nowhere, resource: readAttributes(field(ofResource, "resource") ?? empty) };
    for (const ofScope of list(ofResource, form.scopes)) offer(ofScope, source, offerScope);
  };
  const offerScope = (ofScope: JsonObject, { resource }: RecordSource): void => {
    const scope = field(ofScope, "scope") ?? empty;
    const source = { resource, scopeName: text(scope, "name"), scopeVersion: text(scope, "version") };
    for (const record of list(ofScope, form.records)) offer(record, source, offerRecord);
  };
  const offerRecord = (record: JsonObject, source: RecordSource): void => sink.record(form.read(record), source);
  for (const ofResource of list(parse(body), form.resources)) offer(ofResource, nowhere, offerResource);
};

const nowhere: RecordSource = { resource: new Map(), scopeName: "", scopeVersion: "" };
