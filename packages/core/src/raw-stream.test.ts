import { ROOT_CONTEXT } from "@opentelemetry/api";
import { expect, test } from "vitest";
import type { Observer } from "./observer.ts";
import { observeRawStream } from "./raw-stream.ts";

function recorder(): { observer: Observer; seen: unknown[] } {
  const seen: unknown[] = [];
  return {
    seen,
    observer: {
      context: ROOT_CONTEXT,
      entersEveryStep: false,
      streamIn: () => undefined,
      complete: () => seen.push("complete"),
      chunk: (value) => {
        seen.push(value);
        return false;
      },
      close: (outcome) => seen.push(outcome),
      fail: (error) => seen.push({ failed: error }),
    },
  };
}

const bodyOf = (...parts: string[]): Response =>
  new Response(ReadableStream.from(parts.map((part) => new TextEncoder().encode(part))));

async function read(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true });
  return text;
}

test("events are seen whole, however the bytes are cut, and the reader gets the same bytes", async () => {
  const { observer, seen } = recorder();
  const text = 'event: a\ndata: {"n":"é"}\n\nevent: ping\ndata: {"type":"ping"}\r\n\r\ndata: [DONE]\n\n: note\n\n';
  const bytes = new TextEncoder().encode(text);
  const response = new Response(ReadableStream.from(Array.from(bytes, (byte) => Uint8Array.of(byte))));
  expect(observeRawStream({ response, options: { stream: true } }, observer)).toBe(true);
  expect(await read(response)).toBe(text);
  expect(seen).toEqual([{ n: "é" }, { type: "ping" }, "completed"]);
});

test("an error event fails the call before the reader stops", async () => {
  const { observer, seen } = recorder();
  const response = bodyOf('event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n');
  observeRawStream({ response, options: { stream: true } }, observer);
  await read(response);
  expect(seen[0]).toEqual({
    failed: { name: "APIError", error: { type: "error", error: { type: "overloaded_error" } } },
  });
});

test("a reader that stops early has cancelled", async () => {
  const { observer, seen } = recorder();
  const response = bodyOf('data: {"n":1}\n\n', 'data: {"n":2}\n\n');
  observeRawStream({ response, options: { stream: true } }, observer);
  for await (const _ of response.body ?? []) break;
  expect(seen).toEqual([{ n: 1 }, "cancelled"]);
});

test("a broken body fails the call with the reader's own error", async () => {
  const { observer, seen } = recorder();
  const broken = new Error("socket closed");
  const body = new ReadableStream({ pull: (controller) => controller.error(broken) });
  const response = new Response(body);
  observeRawStream({ response, options: { stream: true } }, observer);
  await expect(read(response)).rejects.toBe(broken);
  expect(seen).toEqual([{ failed: broken }]);
});

test("a response that is not streamed is left alone", () => {
  const { observer } = recorder();
  expect(observeRawStream({ response: bodyOf("{}"), options: { stream: false } }, observer)).toBe(false);
  expect(observeRawStream({ response: new Response(null), options: { stream: true } }, observer)).toBe(false);
});
