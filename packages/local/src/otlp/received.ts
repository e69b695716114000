/** Attributes by name, already in the text they are stored under. A `Map`: names are hostile. */
export type Attributes = Map<string, string>;

/** What the records of one resource and scope have in common. */
export interface RecordSource {
  resource: Attributes;
  scopeName: string;
  scopeVersion: string;
}

/** Takes records one by one as a request is decoded. */
export interface RecordSink<Received> {
  record(received: Received, source: RecordSource): void;
  /** A record that cannot be read, though its neighbours can. */
  unreadable(problem: string, source: RecordSource): void;
}
