import type { ServerResponse } from "node:http";
import type { SetAside } from "./intake.ts";
import type { BodyFormat } from "./request-body.ts";

/** gRPC codes that OTLP error bodies carry, by HTTP status. */
const grpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 12,
  405: 12,
  408: 4,
  413: 8,
  415: 3,
  421: 7,
  429: 8,
  503: 14,
};
const unknownCode = 2;

/** Answers that a request was taken, naming what of it was not: by the signal's own name in JSON. */
export const answerAccepted = (
  response: ServerResponse,
  format: BodyFormat,
  rejectedField: string,
  setAside?: SetAside,
): void => {
  if (format === "json") {
    const { rejected, message } = setAside ?? {};
    const body = setAside ? { partialSuccess: { [rejectedField]: String(rejected), errorMessage: message } } : {};
    send(response, 200, format, Buffer.from(JSON.stringify(body)));
    return;
  }
  const inner = setAside ? [varintField(1, setAside.rejected), textField(2, setAside.message)] : [];
  send(response, 200, format, setAside ? bytesField(1, Buffer.concat(inner)) : Buffer.alloc(0));
};

/** Answers with a `google.rpc.Status` in the request's own format. */
export const answerError = (
  response: ServerResponse,
  status: number,
  message: string,
  format: BodyFormat,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const code = grpcCodes[status] ?? unknownCode;
  const body =
    format === "json"
      ? Buffer.from(JSON.stringify({ code, message }))
      : Buffer.concat([varintField(1, code), textField(2, message)]);
  send(response, status, format, body, headers);
};

const send = (
  response: ServerResponse,
  status: number,
  format: BodyFormat,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): void => {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    "Content-Type": format === "json" ? "application/json" : "application/x-protobuf",
    "Content-Length": body.length,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    ...headers,
  });
  response.end(body);
};

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];

const varintField = (field: number, value: number): Buffer => Buffer.from([field << 3, ...varint(value)]);

const bytesField = (field: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(bytes.length)]), bytes]);

const textField = (field: number, text: string): Buffer => bytesField(field, Buffer.from(text));
