import type { BilledLine, FeeUsage, Usage } from "@tokenledger/core";
import type { CompletionUsage } from "openai/resources/completions";
import type { Response, ResponseOutputItem, ResponseUsage, Tool } from "openai/resources/responses/responses";

/** What compatible servers report beside OpenAI's fields, or in place of them. */
interface CompatibleUsage extends CompletionUsage {
  readonly cached_tokens?: number | null;
  readonly prompt_cache_hit_tokens?: number | null;
  readonly num_cached_tokens?: number | null;
  readonly prompt_tokens_details?: CompletionUsage.PromptTokensDetails & { readonly video_tokens?: number | null };
  readonly completion_tokens_details?: CompletionUsage.CompletionTokensDetails & {
    readonly image_tokens?: number | null;
  };
  readonly server_tool_use_details?: { readonly web_search_requests?: number | null } | null;
}

/**
 * Usage of chat and legacy completions. OpenAI counts cached tokens inside the prompt and reasoning
 * inside the completion. xAI and Gemini leave reasoning out of the completion and count it in the
 * total only, so whatever the total holds beyond prompt and completion is reasoning.
 */
export function completionUsage(reported: CompatibleUsage | null | undefined): Usage | undefined {
  if (!reported) return undefined;
  const input = reported.prompt_tokens_details;
  const output = reported.completion_tokens_details;
  const outside = reported.total_tokens - reported.prompt_tokens - reported.completion_tokens;
  const searches = known(reported.server_tool_use_details?.web_search_requests);
  return {
    input: {
      total: known(reported.prompt_tokens),
      cacheRead:
        known(input?.cached_tokens) ??
        known(reported.cached_tokens) ??
        known(reported.prompt_cache_hit_tokens) ??
        known(reported.num_cached_tokens),
      cacheWrite: known(input?.cache_write_tokens),
      text: known(input?.text_tokens),
      audio: known(input?.audio_tokens),
      image: known(input?.image_tokens),
      video: known(input?.video_tokens),
    },
    output: {
      total: outside > 0 ? reported.completion_tokens + outside : known(reported.completion_tokens),
      reasoning: known(output?.reasoning_tokens) ?? (outside > 0 ? outside : undefined),
      text: known(output?.text_tokens),
      audio: known(output?.audio_tokens),
      image: known(output?.image_tokens),
      predictionAccepted: known(output?.accepted_prediction_tokens),
      predictionRejected: known(output?.rejected_prediction_tokens),
    },
    fees: searches === undefined ? undefined : { webSearches: searches },
  };
}

/** Usage of a response's model; cached and written tokens are inside the input. */
export function responseUsage(reported: ResponseUsage | null | undefined): Usage | undefined {
  if (!reported) return undefined;
  const input = reported.input_tokens_details;
  const byTimeToLive = input?.cache_write_tokens_details;
  return {
    input: {
      total: known(reported.input_tokens),
      cacheRead: known(input?.cached_tokens),
      cacheWrite: known(input?.cache_write_tokens),
      cacheWrite30m: known(byTimeToLive?.ttl_30m_tokens),
      cacheWrite12h: known(byTimeToLive?.ttl_12h_tokens),
    },
    output: {
      total: known(reported.output_tokens),
      reasoning: known(reported.output_tokens_details?.reasoning_tokens),
    },
  };
}

/**
 * Fees of hosted tools. OpenAI reports only web searches, and only lately; the rest is counted from
 * the output items. Code is billed per container, however often it is called in one; a container
 * that several responses share is counted in each of them.
 */
export function toolFees(response: Pick<Response, "output" | "tool_usage">): FeeUsage | undefined {
  const items = response.output ?? [];
  const containers = new Set(items.flatMap((item) => (item.type === "code_interpreter_call" ? item.container_id : [])));
  const fees: FeeUsage = {
    webSearches: known(response.tool_usage?.web_search?.num_requests) ?? positive(items.filter(isSearch).length),
    fileSearches: positive(items.filter((item) => item.type === "file_search_call").length),
    codeSessions: positive(containers.size),
  };
  return Object.values(fees).some((fee) => fee !== undefined) ? fees : undefined;
}

/** Opening a page and finding in it are steps of a search that was already billed. */
function isSearch(item: ResponseOutputItem): boolean {
  // Older responses carry no action.
  return item.type === "web_search_call" && (item.action?.type ?? "search") === "search";
}

/** Images are made by a model of their own, whose tokens are outside the response's usage. */
export function imageLines(response: Pick<Response, "tools" | "tool_usage">): BilledLine[] | undefined {
  const reported = response.tool_usage?.image_gen;
  if (!reported || reported.total_tokens === 0) return undefined;
  return [
    {
      kind: "image_generation",
      model: response.tools?.find(isImageTool)?.model,
      usage: {
        input: {
          total: known(reported.input_tokens),
          cacheRead: known(reported.cached_tokens),
          text: known(reported.input_tokens_details?.text_tokens),
          image: known(reported.input_tokens_details?.image_tokens),
        },
        output: {
          total: known(reported.output_tokens),
          text: known(reported.output_tokens_details?.text_tokens),
          image: known(reported.output_tokens_details?.image_tokens),
        },
      },
    },
  ];
}

const isImageTool = (tool: Tool): tool is Tool.ImageGeneration => tool.type === "image_generation";

/** Services send `null` where they have no count: not said, which is not zero. */
const known = (count: number | null | undefined): number | undefined => count ?? undefined;

const positive = (count: number): number | undefined => (count > 0 ? count : undefined);
