import { type Context, createContextKey } from "@opentelemetry/api";

// The SDK's own key. Keys are registered symbols, so this needs no dependency on an SDK package.
const suppressed = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** Whether an exporter or the user has switched tracing off for what runs in this context. */
export function isSuppressed(active: Context): boolean {
  return active.getValue(suppressed) === true;
}
