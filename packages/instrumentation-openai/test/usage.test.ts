import { describe, expect, it } from "vitest";
import type { CompletionUsage } from "openai/resources/completions";
import type { Response, ResponseUsage } from "openai/resources/responses/responses";
import { completionUsage, imageLines, responseUsage, toolFees } from "../src/usage.ts";

/** JSON as a server sends it, which is not always what the SDK's types promise. */
const wire = <T>(json: object): T => JSON.parse(JSON.stringify(json)) as T;

describe("usage of completions", () => {
  it("passes every class on as it is reported", () => {
    const usage = completionUsage({
      prompt_tokens: 1200,
      completion_tokens: 300,
      total_tokens: 1500,
      prompt_tokens_details: {
        cached_tokens: 512,
        cache_write_tokens: 256,
        audio_tokens: 40,
        image_tokens: 30,
        text_tokens: 1130,
      },
      completion_tokens_details: {
        reasoning_tokens: 128,
        audio_tokens: 20,
        text_tokens: 140,
        accepted_prediction_tokens: 9,
        rejected_prediction_tokens: 3,
      },
    });
    expect(usage).toEqual({
      input: { total: 1200, cacheRead: 512, cacheWrite: 256, text: 1130, audio: 40, image: 30 },
      output: { total: 300, reasoning: 128, text: 140, audio: 20, predictionAccepted: 9, predictionRejected: 3 },
    });
  });

  it("keeps what is not reported apart from zero", () => {
    const usage = completionUsage(
      wire<CompletionUsage>({
        prompt_tokens: 8,
        completion_tokens: 2,
        total_tokens: 10,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: null,
      }),
    );
    expect(usage?.input).toEqual({ total: 8, cacheRead: 0 });
    expect(usage?.output).toEqual({ total: 2 });
    expect(completionUsage(null)).toBeUndefined();
  });

  it("counts reasoning that a server leaves out of the completion, seen in its total", () => {
    const reported = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 115 };
    expect(completionUsage({ ...reported, completion_tokens_details: { reasoning_tokens: 100 } })?.output).toEqual({
      total: 105,
      reasoning: 100,
    });
    expect(completionUsage(reported)?.output).toEqual({ total: 105, reasoning: 100 });
  });

  it.each([{ cached_tokens: 7 }, { prompt_cache_hit_tokens: 7 }, { num_cached_tokens: 7 }])(
    "finds cached tokens where compatible servers put them: %o",
    (elsewhere) => {
      const usage = { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11, ...elsewhere };
      expect(completionUsage(usage)?.input?.cacheRead).toBe(7);
    },
  );
});

describe("usage of responses", () => {
  it("splits cache writes by time to live", () => {
    const usage = responseUsage({
      input_tokens: 5000,
      input_tokens_details: {
        cached_tokens: 1000,
        cache_write_tokens: 3000,
        cache_write_tokens_details: { ttl_30m_tokens: 2000, ttl_12h_tokens: 1000 },
      },
      output_tokens: 70,
      output_tokens_details: { reasoning_tokens: 64 },
      total_tokens: 5070,
    });
    expect(usage).toEqual({
      input: { total: 5000, cacheRead: 1000, cacheWrite: 3000, cacheWrite30m: 2000, cacheWrite12h: 1000 },
      output: { total: 70, reasoning: 64 },
    });
  });

  it("knows nothing of a background response that has only been queued", () => {
    expect(responseUsage(wire<{ usage: ResponseUsage | null }>({ usage: null }).usage)).toBeUndefined();
  });
});

const answer = (json: object): Response => wire<Response>({ output: [], ...json });

describe("fees of hosted tools", () => {
  it("counts searches, file searches and containers in the output", () => {
    const fees = toolFees(
      answer({
        output: [
          { type: "web_search_call", action: { type: "search", query: "a" } },
          { type: "web_search_call", action: { type: "open_page", url: "https://example.com" } },
          { type: "web_search_call" },
          { type: "file_search_call" },
          { type: "code_interpreter_call", container_id: "one" },
          { type: "code_interpreter_call", container_id: "one" },
          { type: "code_interpreter_call", container_id: "two" },
          { type: "message", content: [] },
        ],
      }),
    );
    expect(fees).toEqual({ webSearches: 2, fileSearches: 1, codeSessions: 2 });
  });

  it("prefers the number of searches that OpenAI reports", () => {
    const output = [{ type: "web_search_call", action: { type: "search" } }];
    const reported = { web_search: { num_requests: 0 }, image_gen: { total_tokens: 0 } };
    expect(toolFees(answer({ output, tool_usage: reported }))).toEqual({ webSearches: 0 });
  });

  it("says nothing where no tool was used", () => {
    expect(toolFees(answer({}))).toBeUndefined();
  });

  it("bills images on a line of their own, to the model that made them", () => {
    const lines = imageLines(
      answer({
        tools: [{ type: "image_generation", model: "gpt-image-2" }],
        tool_usage: {
          image_gen: {
            input_tokens: 60,
            input_tokens_details: { image_tokens: 20, text_tokens: 40 },
            output_tokens: 1000,
            total_tokens: 1060,
          },
        },
      }),
    );
    expect(lines).toEqual([
      {
        kind: "image_generation",
        model: "gpt-image-2",
        usage: { input: { total: 60, text: 40, image: 20 }, output: { total: 1000 } },
      },
    ]);
  });
});
