import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProviderDouble } from "@tokenledger/provider-double";
import script from "../conversation/provider-script.ts";
import { runApp } from "../../e2e/run-app.ts";
import type { Emitter } from "./emitters.ts";
import { interpreterOf } from "./install.ts";
import { providerCalls, type ProviderCall } from "./provider-calls.ts";

/** Runs an emitter's program against the provider double, its spans going to a receiver; returns what it called. */
export async function runLive(
  emitter: Emitter,
  receiver: { readonly url: string; readonly token: string },
): Promise<ProviderCall[]> {
  const { name, directory, program } = emitter;
  const double = await startProviderDouble({ script });
  const home = mkdtempSync(join(tmpdir(), "tokenledger-emitter-"));
  try {
    const ended = await runApp({
      directory,
      args: [program],
      node: interpreterOf(emitter),
      timeoutMs: 150_000,
      env: {
        HOME: home,
        TOKENLEDGER_HOME: home,
        OPENAI_API_KEY: "test",
        OPENAI_BASE_URL: double.openai,
        ANTHROPIC_API_KEY: "test",
        ANTHROPIC_BASE_URL: double.anthropic,
        ANTHROPIC_VERTEX_BASE_URL: double.vertex,
        ANTHROPIC_BEDROCK_BASE_URL: double.bedrock,
        MISTRAL_SERVER_URL: double.mistral,
        OTEL_SERVICE_NAME: name,
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${encodeURIComponent(receiver.token)}`,
      },
    });
    if (ended.code !== 0) {
      throw new Error(`${name}/${program} ended with ${ended.code ?? ended.signal}:\n${ended.stdout}${ended.stderr}`);
    }
    return providerCalls(double);
  } finally {
    await double.close();
    rmSync(home, { recursive: true, force: true });
  }
}
