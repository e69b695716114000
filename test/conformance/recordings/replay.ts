import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { names } from "@tokenledger/core";

import { AnthropicInstrumentation } from "@tokenledger/instrumentation-anthropic";
import { OpenAIInstrumentation } from "@tokenledger/instrumentation-openai";
import { compare, compareCall, compareLines, isEstimated, type Comparison } from "./compare.ts";
import { drivers, type Drive } from "./drivers.ts";
import type { Interaction } from "./interaction.ts";
import { startReplayServer, type ReplayServer } from "./replay-server.ts";
import { SpanLog } from "./span-log.ts";

/** What became of one interaction. */
export type Result = { readonly interaction: Interaction } & (
  | { readonly excluded: string }
  | { readonly comparisons: readonly Comparison[]; readonly estimated: boolean }
);

export interface ReplayOptions {
  /** Replays answers whose request was not recorded too, with a request that stands in for it. */
  readonly standIn?: boolean;
}

/**
 * Replays recordings through the real SDKs against a loopback server, under our instrumentations,
 * and compares the spans that come out with what the recordings say was billed.
 */
export async function replay(interactions: readonly Interaction[], options: ReplayOptions = {}): Promise<Result[]> {
  const server = await startReplayServer();
  const log = instrument();
  const results: Result[] = [];
  for (const interaction of interactions) {
    const drive = driveOf(interaction, options);
    // One after the other: spans are told apart by nothing but their time.
    results.push(
      typeof drive === "string" ? { interaction, excluded: drive } : await run(interaction, drive, server, log),
    );
  }
  await server.stop();
  return results;
}

/** Spans of this process go to a log. The SDKs must not be loaded yet. */
function instrument(): SpanLog {
  const log = new SpanLog();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [log] }));
  for (const Instrumentation of [OpenAIInstrumentation, AnthropicInstrumentation]) new Instrumentation().enable();
  return log;
}

/** How to replay an interaction, or the reason why it is left out. */
function driveOf({ provider, endpoint, transport, request }: Interaction, options: ReplayOptions): Drive | string {
  if (transport.startsWith("websocket")) return "realtime";
  const driver = drivers[provider];
  if (!driver) return "provider not covered yet";
  const drive = driver[endpoint];
  if (!drive) return `endpoint not covered yet: ${endpoint}`;
  return request?.body || options.standIn ? drive : "no request recorded";
}

async function run(interaction: Interaction, drive: Drive, server: ReplayServer, log: SpanLog): Promise<Result> {
  server.serve(interaction);
  await readAll(drive, interaction, server).catch(() => undefined);
  const spans = (await log.take()).map(({ attributes }) => attributes);
  const lines = spans.filter((attributes) => attributes[names.usageLine] !== undefined);
  const calls = spans.filter((attributes) => attributes[names.usageLine] === undefined);
  const [call = {}] = calls;
  const comparisons = [
    compare("requests sent", 1, server.requests()),
    compare("spans of the call", 1, calls.length),
    ...compareCall(interaction, call),
    ...compareLines(interaction, lines),
  ];
  return { interaction, comparisons, estimated: isEstimated(call) };
}

/** Calls, and reads a stream to its end. Recorded failures are part of the data; what they cost is compared. */
async function readAll(drive: Drive, interaction: Interaction, server: ReplayServer): Promise<void> {
  const answer = await drive(interaction, server.fetch);
  if (!isStream(answer)) return;
  for await (const _ of answer);
}

const isStream = (answer: unknown): answer is AsyncIterable<unknown> =>
  typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
