import type { Usage } from "@tokenledger/core";
import { number, object, text } from "./json-fields.ts";

/** What an item of the conversation is to the ledger; its content stays where it is. */
export type CodexItem =
  | { kind: "input" }
  | { kind: "output" }
  | { kind: "tool_call"; id: string; name: string }
  | { kind: "tool_result"; id: string; failed: boolean; startedThread: string | undefined };

/** Reads a `response_item`. */
export function codexItem(payload: Record<string, unknown>): CodexItem {
  const type = text(payload["type"]) ?? "";
  const id = text(payload["call_id"]) ?? "";
  if (type === "message") return { kind: payload["role"] === "assistant" ? "output" : "input" };
  if (type.endsWith("_output")) {
    const output = text(payload["output"]) ?? text(object(payload["output"])?.["content"]) ?? "";
    const result = parsed(output);
    return {
      kind: "tool_result",
      id,
      failed: object(payload["output"])?.["success"] === false || exitCode(output, result) !== 0,
      startedThread: text(result?.["agent_id"]),
    };
  }
  if (type.endsWith("_call") && id !== "") {
    return { kind: "tool_call", id, name: text(payload["name"]) ?? type.slice(0, -"_call".length) };
  }
  return { kind: type === "ghost_snapshot" ? "input" : "output" };
}

/** Codex's counts: input includes what came from and went to the cache, output includes reasoning. */
export function usageOf(counts: Record<string, unknown> | undefined): Usage | undefined {
  const count = (name: string): number | undefined => number(counts?.[name]);
  const [input, output] = [count("input_tokens"), count("output_tokens")];
  // After a compaction Codex writes a usage of nothing: how full the context is now, not a call.
  if (!input && !output) return undefined;
  return {
    input: {
      total: input,
      cacheRead: count("cached_input_tokens"),
      cacheWrite: count("cache_write_input_tokens"),
    },
    output: { total: output, reasoning: count("reasoning_output_tokens") },
  };
}

/** How a command ended: old versions say it in JSON, newer ones in words; 0 where nothing is said. */
function exitCode(output: string, result: Record<string, unknown> | undefined): number {
  const said = number(object(result?.["metadata"])?.["exit_code"]);
  return (
    said ?? Number(/^(?:Process exited with code|Exit code:) (-?\d+)$/m.exec(output.slice(0, headLength))?.[1] ?? 0)
  );
}

/** The words about how a command ended come before its output. */
const headLength = 400;

function parsed(output: string): Record<string, unknown> | undefined {
  if (!output.startsWith("{")) return undefined;
  try {
    return object(JSON.parse(output));
  } catch {
    return undefined;
  }
}
