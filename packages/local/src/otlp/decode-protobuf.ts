import { MalformedInput } from "./malformed.ts";
import { readAttribute, readMessage } from "./protobuf-values.ts";
import type { Attributes, RecordSink, RecordSource } from "./received.ts";
import { bytesTag, WireReader } from "./wire-reader.ts";

// Field numbers of opentelemetry.proto: the same for all signals, down to the record.
const request = { ofResource: bytesTag(1) } as const;
const ofResource = { resource: bytesTag(1), ofScope: bytesTag(2) } as const;
const resource = { attributes: bytesTag(1) } as const;
const ofScope = { scope: bytesTag(1), records: bytesTag(2) } as const;
const scope = { name: bytesTag(1), version: bytesTag(2) } as const;

/** Reads the record that a reader has entered. @throws MalformedInput */
export type ReadRecord<Received> = (reader: WireReader) => Received;

/**
 * Decodes an OTLP export request.
 *
 * @throws MalformedInput when the request itself cannot be read; a part of it that cannot goes to the sink alone
 */
export const decodeProtobuf = <Received>(
  body: Buffer,
  read: ReadRecord<Received>,
  sink: RecordSink<Received>,
): void => {
  const reader = new WireReader(body);
  /** A message is framed by its length, so a bad one is passed over and its neighbours are kept. */
  const offer = (source: RecordSource, readPart: (source: RecordSource) => void): void => {
    const outer = reader.enter();
    const end = reader.end;
    try {
      readPart(source);
    } catch (error) {
      if (!(error instanceof MalformedInput)) throw error;
      sink.unreadable(error.message, source);
      reader.end = end;
    }
    reader.leave(outer);
  };
  const offerResource = (): void => {
    const attributes = resourceFirst(reader);
    while (reader.next()) {
      if (reader.tag === ofResource.ofScope) offer({ ...nowhere, resource: attributes }, offerScope);
      else reader.skip();
    }
  };
  const offerScope = (source: RecordSource): void => {
    scopeFirst(reader, source);
    while (reader.next()) {
      if (reader.tag === ofScope.records) offer(source, offerRecord);
      else reader.skip();
    }
  };
  const offerRecord = (source: RecordSource): void => sink.record(read(reader), source);
  while (reader.next()) {
    if (reader.tag === request.ofResource) offer(nowhere, offerResource);
    else reader.skip();
  }
};

const nowhere: RecordSource = { resource: new Map(), scopeName: "", scopeVersion: "" };

/** The attributes of the resource; then the reader is at the start again, for senders may write it after its records. */
const resourceFirst = (reader: WireReader): Attributes => {
  const start = reader.position;
  const attributes: Attributes = new Map();
  while (reader.next()) {
    if (reader.tag === ofResource.resource) {
      readMessage(reader, resource.attributes, () => readAttribute(reader, attributes));
    } else reader.skip();
  }
  reader.position = start;
  return attributes;
};

/** Completes the source by its scope, likewise. */
const scopeFirst = (reader: WireReader, source: RecordSource): void => {
  const start = reader.position;
  while (reader.next()) {
    if (reader.tag === ofScope.scope) readScope(reader, source);
    else reader.skip();
  }
  reader.position = start;
};

const readScope = (reader: WireReader, source: RecordSource): void => {
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.tag === scope.name) source.scopeName = reader.text();
    else if (reader.tag === scope.version) source.scopeVersion = reader.text();
    else reader.skip();
  }
  reader.leave(outer);
};
