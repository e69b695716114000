import { type Span, SpanStatusCode } from "@opentelemetry/api";
import { names } from "./attributes.ts";
import { messageOf } from "./content.ts";

interface ErrorShape {
  readonly name?: unknown;
  readonly status?: unknown;
  readonly message?: unknown;
  readonly constructor?: { readonly name?: unknown };
}

const aborts = new Set(["AbortError", "APIUserAbortError"]);

/** Classes that say less than the error's `name`. */
const unspecific = new Set(["", "Object", "Error", "DOMException"]);

/** The class of an error, as low-cardinality as `error.type` wants it. */
export function errorType(error: unknown): string {
  const { constructor, name } = shapeOf(error);
  const type = constructor?.name;
  if (typeof type === "string" && !unspecific.has(type)) return type;
  return typeof name === "string" && name !== "" ? name : typeof error;
}

/** A request that its own caller took back was cancelled; it did not fail. */
export function failureOutcome(error: unknown): "cancelled" | "failed" {
  return aborts.has(errorType(error)) || aborts.has(String(shapeOf(error).name)) ? "cancelled" : "failed";
}

/** Type and HTTP status; the message only where content may be captured. */
export function setError(span: Span, error: unknown, type: string): void {
  span.setAttribute(names.errorType, type);
  const shape = shapeOf(error);
  const { status } = shape;
  if (typeof status === "number") span.setAttribute(names.httpStatus, status);
  if (failureOutcome(error) === "cancelled") return;
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(shape, type) });
}

function shapeOf(error: unknown): ErrorShape {
  return typeof error === "object" && error !== null ? error : {};
}
