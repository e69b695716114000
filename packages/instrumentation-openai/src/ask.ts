import type { ClientFacts } from "@tokenledger/core";
import { takesUsageOption } from "./provider.ts";

interface StreamParams {
  readonly stream?: boolean | null;
  readonly stream_options?: { readonly include_usage?: boolean; readonly include_obfuscation?: boolean } | null;
}

interface StreamChunk {
  readonly choices?: readonly unknown[];
  usage?: unknown;
}

interface Asking<Args> {
  args: Args;
  hide(chunk: StreamChunk): boolean;
  restore(chunk: StreamChunk): void;
}

/**
 * Completions stream usage only on request: in one more chunk without choices, and with
 * `usage: null` in all others. Azure refuses the option beside its own `data_sources`.
 */
export function askForUsage<Params extends StreamParams, Rest extends readonly unknown[]>(
  [params, ...rest]: [Params, ...Rest],
  client: ClientFacts,
): Asking<[Params, ...Rest]> | undefined {
  const asked = params.stream_options?.include_usage === true;
  if (!params.stream || asked || "data_sources" in params || !takesUsageOption(client)) return undefined;
  // A copy of anything else could serialize otherwise than its original.
  if (Object.getPrototypeOf(params) !== Object.prototype) return undefined;
  return {
    args: [{ ...params, stream_options: { ...params.stream_options, include_usage: true } }, ...rest],
    hide,
    restore,
  };
}

// The first chunk of Azure has no choices either, but no usage.
const hide = (chunk: StreamChunk): boolean => !chunk.choices?.length && Boolean(chunk.usage);

function restore(chunk: StreamChunk): void {
  if (chunk.usage === null) delete chunk.usage;
}
