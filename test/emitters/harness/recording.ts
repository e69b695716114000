import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LandingRow } from "@tokenledger/clickhouse";
import { word } from "../conversation/content.mjs";
import type { Emitter } from "./emitters.ts";
import type { ProviderCall } from "./provider-calls.ts";

/** One run of an emitter's program: what the provider billed, and the spans that reached the receiver. */
export interface Recording {
  readonly calls: readonly ProviderCall[];
  /** As they landed, in order of start, without content. */
  readonly spans: readonly LandingRow[];
}

const emptyRow: LandingRow = {
  Timestamp: "",
  TraceId: "",
  SpanId: "",
  ParentSpanId: "",
  TraceState: "",
  SpanName: "",
  SpanKind: "Internal",
  ServiceName: "",
  ResourceAttributes: {},
  ScopeName: "",
  ScopeVersion: "",
  SpanAttributes: {},
  Duration: "0",
  StatusCode: "Unset",
  StatusMessage: "",
  "Events.Timestamp": [],
  "Events.Name": [],
  "Events.Attributes": [],
  "Links.TraceId": [],
  "Links.SpanId": [],
  "Links.TraceState": [],
  "Links.Attributes": [],
};

const fileOf = ({ directory }: Emitter): string => join(directory, "recorded.json");

/** @throws where nothing was recorded yet */
export function readRecording(emitter: Emitter): Recording {
  const { calls, spans } = JSON.parse(readFileSync(fileOf(emitter), "utf8")) as {
    calls: ProviderCall[];
    spans: Partial<LandingRow>[];
  };
  return { calls, spans: spans.map((span) => ({ ...emptyRow, ...span })) };
}

/** Writes a line for every call and span, without what is empty or content. */
export function writeRecording(emitter: Emitter, { calls, spans }: Recording): void {
  const lines = (items: readonly unknown[]): string => items.map((item) => `    ${JSON.stringify(item)}`).join(",\n");
  const text = `{\n  "calls": [\n${lines(calls)}\n  ],\n  "spans": [\n${lines(spans.map(kept))}\n  ]\n}\n`;
  writeFileSync(fileOf(emitter), text);
}

/** Texts longer than this are content, whatever they say: vectors, encoded bodies. */
const longest = 600;
const path = /(?:^|[\s"'(:])(?:\/\/)?\/(?:home|root|work|tmp|Users|usr)\//;

/** Whether a recording may hold the text: nothing that anybody asked or was answered, and no path of a machine. */
export const isPublic = (text: string): boolean =>
  !text.toLowerCase().includes(word) && text.length <= longest && !path.test(text);

/** What of a resource is about the emitter; the rest is about the machine it ran on. */
const aboutEmitter = /^(?:service\.name|telemetry\.|deployment\.)/;

function kept(row: LandingRow): Partial<LandingRow> {
  const reduced: LandingRow = {
    ...row,
    // By default it holds the path of the program.
    ServiceName: isPublic(row.ServiceName) ? row.ServiceName : "unknown_service:node",
    StatusMessage: isPublic(row.StatusMessage) ? row.StatusMessage : "",
    ResourceAttributes: only(row.ResourceAttributes, (name, text) => aboutEmitter.test(name) && isPublic(text)),
    SpanAttributes: only(row.SpanAttributes, (_name, text) => isPublic(text)),
    // Facts do not read events; those of exceptions hold stacks.
    "Events.Timestamp": [],
    "Events.Name": [],
    "Events.Attributes": [],
  };
  const differs = ([name, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== JSON.stringify(emptyRow[name as keyof LandingRow]);
  return Object.fromEntries(Object.entries(reduced).filter(differs));
}

const only = (
  attributes: Readonly<Record<string, string>>,
  keep: (name: string, text: string) => boolean,
): Record<string, string> => Object.fromEntries(Object.entries(attributes).filter(([name, text]) => keep(name, text)));
