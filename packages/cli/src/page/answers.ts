import type { ServerResponse } from "node:http";
import type { Asset } from "./assets.ts";

/** The page loads what came with it and nothing else, runs no text as code, and stands in no other page's frame. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const headers: Readonly<Record<string, string>> = {
  "Content-Security-Policy": contentPolicy,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Answers with JSON. */
export const answerJson = (
  response: ServerResponse,
  body: object,
  status = 200,
  more: Readonly<Record<string, string>> = {},
): void => send(response, status, "application/json", Buffer.from(JSON.stringify(body)), more);

/** Answers with a table to be saved. */
export const answerCsv = (response: ServerResponse, name: string, text: string): void =>
  send(response, 200, "text/csv; charset=utf-8", Buffer.from(text), {
    "Content-Disposition": `attachment; filename="${name}.csv"`,
  });

/** Answers with a file of the page. */
export const answerAsset = (response: ServerResponse, { body, type, isLasting }: Asset): void =>
  send(response, 200, type, body, isLasting ? { "Cache-Control": "public, max-age=31536000, immutable" } : {});

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: Buffer,
  more: Readonly<Record<string, string>>,
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    "Content-Type": type,
    "Content-Length": body.length,
    "Cache-Control": "no-store",
    ...more,
  });
  // To a HEAD request Node sends the head alone.
  response.end(body);
}
