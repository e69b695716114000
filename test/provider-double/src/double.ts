import { createServer, type Server } from "node:http";
import type { Bill, BillLine } from "./bill.ts";
import type { ProviderCall, ProviderName, Script } from "./script.ts";
import { Service } from "./service.ts";

export interface ProviderDoubleOptions {
  /** 0, the default, picks a free one. */
  readonly port?: number;
  /** JSON-lines file that the bill is appended to, synced line by line. */
  readonly bill?: string;
  readonly script?: Script;
  /** Clock of the prompt caches, in milliseconds; tests move it. */
  readonly now?: () => number;
}

/** One HTTP request the double saw, billed or not. */
export interface SeenRequest extends ProviderCall {
  readonly provider: ProviderName;
  readonly path: string;
  /** HTTP status that it was answered with. */
  readonly status: number;
}

export interface ProviderDouble {
  readonly url: string;
  /** Base URL for the openai SDK. */
  readonly openai: string;
  /** Base URL for the Anthropic SDK. */
  readonly anthropic: string;
  /** Base URL for Mistral's SDK. */
  readonly mistral: string;
  /** Base URL for Anthropic's client of Vertex AI. */
  readonly vertex: string;
  /** Base URL for Anthropic's client of Bedrock. */
  readonly bedrock: string;
  bill(): BillLine[];
  requests(): SeenRequest[];
  /** Replaces the script from the next request on. */
  play(script: Script): void;
  close(): Promise<void>;
}

/** Starts the double on loopback. */
export async function startProviderDouble(options: ProviderDoubleOptions = {}): Promise<ProviderDouble> {
  const service = new Service(options);
  const server = createServer((request, response) => {
    service.serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  return {
    url,
    openai: `${url}/v1`,
    anthropic: url,
    mistral: `${url}/mistral`,
    vertex: `${url}/vertex`,
    bedrock: `${url}/bedrock`,
    bill: () => service.bill.lines(),
    requests: () => [...service.requests],
    play: (script) => service.play(script),
    close: () => close(server, service.bill),
  };
}

async function close(server: Server, bill: Bill): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  bill.close();
}
