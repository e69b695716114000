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
 * Spans of thirty traces over two days: calls (some reported twice, by layers in different traces), agents, tools,
 * and spans of nobody's business; all of them in any order, and every fifth twice.
 */
export function randomSpans(seed: number, count: number): LandingRow[] {
  const below = numbers(seed);
  const spans = Array.from({ length: count }, (_, index) => {
    const id = { trace: 1 + below(30), span: index + 1, ...(below(3) > 0 && { parent: 1 + below(count) }) };
    const agent = agents[below(4)];
    const labels = {
      ...(agent !== undefined && {
        "gen_ai.agent.name": agent,
        "tokenledger.agent.path": JSON.stringify(agents.slice(0, agents.indexOf(agent) + 1)),
        "tokenledger.agent.step": String(1 + below(4)),
      }),
      "tokenledger.customer.id": ["", "acme", "globex"][below(3)] ?? "",
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
  if (kind === 0) return { "gen_ai.operation.name": "invoke_agent" };
  if (kind === 1) return { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" };
  if (kind === 2) return {};
  const read = below(5_000);
  const usage = { input_tokens: read + below(5_000), "cache_read.input_tokens": read, output_tokens: below(900) };
  const response = below(3) === 0 ? {} : { "gen_ai.response.id": `msg_${String(below(40)).padStart(24, "0")}` };
  const model = below(6) === 0 ? { "gen_ai.response.model": "nobody-knows-this" } : {};
  return opusCall(below(9) === 0 ? {} : usage, { ...response, ...model });
}
