import { answerParts, type ContentMessage, promptAttributes, promptParts } from "@tokenledger/core";
import type { LandingRow } from "../src/index.ts";
import { opusCall, span } from "./test-ledger.ts";

/** Numbers below `limit`, the same for the same seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const agents = ["lead", "searcher", "writer"];
const scopes = ["@tokenledger/instrumentation-anthropic", "some.framework", "tokenledger.import.claude-code"];

/**
 * Spans of thirty traces, or fewer, over two days: calls (some reported twice, by layers in different traces), agents,
 * tools, and spans of nobody's business; all of them in any order, and every fifth twice.
 */
export function randomSpans(seed: number, count: number, traces = 30): LandingRow[] {
  const below = numbers(seed);
  const spans = Array.from({ length: count }, (_, index) => {
    const id = { trace: 1 + below(traces), span: index + 1, ...(below(3) > 0 && { parent: 1 + below(count) }) };
    const agent = agents[below(4)];
    const labels = {
      ...(agent !== undefined && {
        "gen_ai.agent.name": agent,
        "tokenledger.agent.path": JSON.stringify(agents.slice(0, agents.indexOf(agent) + 1)),
        "tokenledger.agent.step": String(1 + below(4)),
      }),
      "tokenledger.customer.id": ["", "acme", "globex"][below(3)] ?? "",
      "tokenledger.feature.name": ["", "support", "search"][below(3)] ?? "",
      "tokenledger.task.id": ["", "ticket-1", "ticket-2", "ticket-3"][below(4)] ?? "",
      "gen_ai.conversation.id": ["", "talk-1", "talk-2"][below(3)] ?? "",
      ...(below(9) === 0 && { "tokenledger.handoff.from": "lead" }),
      "tokenledger.process.id": `process-${below(2)}`,
      "tokenledger.sequence": String(index + 1),
    };
    return span(
      id,
      { ...labels, ...attributesOf(below) },
      {
        Timestamp: `${1_780_000_000 + below(86_400)}.${String(below(1e9)).padStart(9, "0")}`,
        ScopeName: scopes[below(3)] ?? "",
      },
    );
  });
  const again = spans.filter((_, index) => index % 5 === 0);
  return [...spans, ...again]
    .map((row) => ({ row, place: below(1e9) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ row }) => row);
}

function attributesOf(below: (limit: number) => number): Record<string, string> {
  const kind = below(8);
  if (kind === 0) return { "gen_ai.operation.name": "invoke_agent", ...outcomeOf(below(3)) };
  if (kind === 1) return { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" };
  if (kind === 2) return {};
  const read = below(5_000);
  const usage = { input_tokens: read + below(5_000), "cache_read.input_tokens": read, output_tokens: below(900) };
  const response = below(3) === 0 ? {} : { "gen_ai.response.id": `msg_${String(below(40)).padStart(24, "0")}` };
  const model = below(6) === 0 ? { "gen_ai.response.model": "nobody-knows-this" } : {};
  const outcome = below(9) === 0 ? { "tokenledger.call.outcome": "failed" } : {};
  return opusCall(below(9) === 0 ? {} : usage, { ...response, ...model, ...outcome, ...promptOf(below) });
}

const outcomeOf = (choice: number): Record<string, string> =>
  choice === 0 ? {} : { "tokenledger.task.outcome": choice === 1 ? "resolved" : "escalated" };

/** How the prompt was made: some turns of one of two conversations. Two calls in three say so. */
function promptOf(below: (limit: number) => number): Record<string, string> {
  if (below(3) === 0) return {};
  const topic = ["tea", "rain"][below(2)] ?? "";
  const said = Array.from({ length: 1 + below(5) }, (_, turn) => messageOf(topic, turn));
  const answer = messageOf(topic, said.length);
  const record = promptAttributes(promptParts({ inputMessages: said }), answerParts({ outputMessages: [answer] }));
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
}

const messageOf = (topic: string, turn: number): ContentMessage => ({
  role: turn % 2 === 0 ? "user" : "assistant",
  parts: [{ type: "text", content: Array.from({ length: 30 }, (_, word) => `${topic}-${turn}-${word}`).join(" ") }],
});
