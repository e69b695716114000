import type { NativeTracing } from "@tokenledger/core";

/** What is read of a client: SDK 0.134 and later keep their tracer and their tracing settings on it. */
interface Client {
  _tracer?: unknown;
  readonly openTelemetry?: {
    readonly tracerProvider?: unknown;
    readonly traces?: { readonly contentMode?: string };
  };
}

/** Methods are called on resources, which hold their client. */
const clientOf = (receiver: object & { readonly _client?: Client }): Client => receiver._client ?? {};

/**
 * The SDK's own tracing, on by default since 0.134 wherever a tracer provider is registered.
 *
 * It counts as wanted where something asks for it: `ANTHROPIC_OPEN_TELEMETRY` set to anything but
 * `false`, content on these spans, or a tracer provider given to the client. A client cannot be told
 * to have been constructed with `openTelemetry: { traces: true }`, which is also the default.
 */
export const anthropicTracing: NativeTracing = {
  scope: "com.anthropic.sdk.typescript",
  entrances: ["Anthropic.Messages.prototype.stream", "Anthropic.Beta.Messages.prototype.stream"],
  traces(receiver, registered) {
    const { _tracer, openTelemetry } = clientOf(receiver);
    return _tracer !== undefined && (registered || openTelemetry?.tracerProvider !== undefined);
  },
  wanted(receiver, environment) {
    const { openTelemetry } = clientOf(receiver);
    const setting = environment["ANTHROPIC_OPEN_TELEMETRY"]?.trim().toLowerCase();
    return (
      (setting !== undefined && setting !== "" && setting !== "false") ||
      openTelemetry?.tracerProvider !== undefined ||
      openTelemetry?.traces?.contentMode === "content"
    );
  },
  holdBack(receiver) {
    const client = clientOf(receiver);
    const tracer = client._tracer;
    if (tracer === undefined) return undefined;
    // A client without a tracer makes the same request, and computes nothing for a span.
    client._tracer = undefined;
    return () => {
      client._tracer = tracer;
    };
  },
};
