import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CollectorProcess } from "@tokenledger/local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, collect, isBuilt, post, received, startBackend } from "./collector-rig.ts";

const scratch = mkdtempSync(join(tmpdir(), "tokenledger-collector-metrics-"));
const input = "gen_ai_client_inference_usage_input_tokens_total";
const output = "gen_ai_client_inference_usage_output_tokens_total";
const cached = "gen_ai_client_inference_usage_cache_read_input_tokens_total";

describe.skipIf(!isBuilt())("the collector's counts of tokens", () => {
  let collector: CollectorProcess;
  let apm: Awaited<ReturnType<typeof startBackend>>;
  const nowhere = { url: "http://127.0.0.1:9", username: "none", password: "none", database: "none" };

  beforeAll(async () => {
    apm = await startBackend(async () => 200);
    collector = await collect(nowhere, join(scratch, "queue"), {
      configurations: ["config.yaml", "apm.yaml"],
      settings: { APM_ENDPOINT: apm.url, APM_SAMPLING_PERCENTAGE: "0", APM_DECISION_WAIT: "100ms" },
    });
  });
  afterAll(async () => {
    await collector?.stop();
    apm?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  test("are exact over requests that overlap, though every trace is sampled away and the store is down", async () => {
    const senders = 16;
    const requests = 12;
    const spans = 25;
    const send = async (sender: number): Promise<number[]> => {
      const answers = [];
      for (let request = 0; request < requests; request += 1) {
        const first = (sender * requests + request) * spans;
        const batch = Array.from({ length: spans }, (_, index) =>
          call(first + index, {
            "gen_ai.usage.input_tokens": first + index,
            "gen_ai.usage.cache_read.input_tokens": 3,
          }),
        );
        answers.push(await post(collector, batch));
      }
      return answers;
    };
    const answers = await Promise.all(Array.from({ length: senders }, (_, sender) => send(sender)));
    expect(new Set(answers.flat())).toEqual(new Set([200]));
    const count = senders * requests * spans;
    const openai = 'gen_ai_provider_name="openai"';
    await expect.poll(() => received(collector, cached, openai), { timeout: 20_000 }).toBe(3 * count);
    expect(await received(collector, input, openai)).toBe((count * (count - 1)) / 2);
    expect(await received(collector, output, openai)).toBe(5 * count);
  });

  test("are those of calls, not of the agents above them, and leave out what is not a count", async () => {
    const provider = "gen_ai.provider.name";
    const others = [
      call(9001, { [provider]: "agent", "gen_ai.operation.name": "invoke_agent" }),
      call(9002, { [provider]: "aggregate", "tokenledger.usage.scope": "aggregate" }),
      call(9003, { [provider]: "text", "gen_ai.usage.input_tokens": "many" }),
      call(9004, { [provider]: "negative", "gen_ai.usage.input_tokens": -1 }),
    ];
    expect(await post(collector, [...others, call(9005, { [provider]: "mistral_ai" })])).toBe(200);
    await expect.poll(() => received(collector, input, 'name="mistral_ai"'), { timeout: 20_000 }).toBe(10);
    const counted = (name: string, label: string): Promise<number> => received(collector, name, `name="${label}"`);
    expect(await Promise.all(["agent", "aggregate", "text", "negative"].map((label) => counted(input, label)))).toEqual(
      [0, 0, 0, 0],
    );
    expect(await Promise.all(["agent", "text"].map((label) => counted(output, label)))).toEqual([0, 5]);
  });

  test("are shown to no one without the token", async () => {
    expect((await fetch(collector.receivedMetricsUrl)).status).toBe(401);
  });
});
