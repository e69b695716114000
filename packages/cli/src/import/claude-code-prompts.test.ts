import { expect, test } from "vitest";
import { ClaudeCodeTranscripts } from "./claude-code.ts";
import { landedPrompts, type LandedPrompt, rowsOf, sum, words } from "./imported-prompts.fixture.ts";

const sessionId = "11111111-2222-4333-8444-555555555555";
let clock = 0;

/** A line of a transcript. */
const line = (uuid: string, parentUuid: string | null, rest: object): object => ({
  sessionId,
  uuid,
  parentUuid,
  timestamp: new Date(1_770_000_000_000 + (clock += 1_000)).toISOString(),
  ...rest,
});
const user = (uuid: string, parent: string | null, content: unknown, rest: object = {}): object =>
  line(uuid, parent, { type: "user", message: { role: "user", content }, ...rest });
const result = (id: string, content: string): object => ({ type: "tool_result", tool_use_id: id, content });
const asks = (id: string, name: string): object => ({ type: "tool_use", id, name, input: { path: `${id}.txt` } });
const text = (said: string): object => ({ type: "text", text: said });

/** One line of the message `id`, whose prompt was billed for `total` tokens, `read` of them from the cache. */
const answer = (uuid: string, parent: string | null, id: string, total: number, block: object, read = 0): object =>
  line(uuid, parent, {
    type: "assistant",
    message: {
      id,
      model: "claude-opus-4-6",
      content: [block],
      usage: { input_tokens: total - read, cache_read_input_tokens: read, output_tokens: 9 },
    },
  });

function promptsOf(...records: readonly object[]): Record<string, LandedPrompt> {
  const found = landedPrompts(rowsOf(new ClaudeCodeTranscripts(), records));
  return Object.fromEntries(found.map((prompt) => [prompt.call ?? "", prompt]));
}

/** Two tools side by side: each result follows the line that asked for it, and only one of them leads on. */
const sideBySide = [
  user("u1", null, words("question", 40)),
  answer("a1", "u1", "msg_1", 20_000, text("Let me look."), 12_000),
  answer("a2", "a1", "msg_1", 20_000, asks("toolu_1", "Read"), 12_000),
  answer("a3", "a2", "msg_1", 20_000, asks("toolu_2", "Grep"), 12_000),
  user("r2", "a3", [result("toolu_2", words("found", 30))]),
  user("r1", "a2", [result("toolu_1", words("file", 400))]),
  answer("a4", "r1", "msg_2", 22_000, text(words("done", 20)), 20_000),
];

test("a prompt holds the whole turn before it, results of tools in other branches too", () => {
  const { msg_1: first, msg_2: second } = promptsOf(...sideBySide);
  expect([first?.kinds, first?.asked, second?.kinds]).toEqual(["xxu", ["Read", "Grep"], "xxuaaarr"]);
  expect(second?.toolNames).toEqual(["Grep", "Read"]);
  expect(second?.prefixes.slice(0, 3)).toEqual(first?.prefixes);
  expect(second?.pieces.slice(3, 6)).toEqual(first?.answer);
});

test("what the transcript leaves out has the size that makes the bill right, and what came later shares the rest", () => {
  const { msg_1: first, msg_2: second } = promptsOf(...sideBySide);
  expect(first?.tokens[0]).toBe(12_000);
  expect([sum(first?.tokens ?? []), sum(second?.tokens ?? [])]).toEqual([20_000, 22_000]);
  expect(second?.tokens.slice(0, 3)).toEqual(first?.tokens);
  const [found = 0, file = 0] = second?.tokens.slice(-2) ?? [];
  expect(file / found).toBeGreaterThan(10);
});

test("input that nobody recorded is told from the little that was said", () => {
  const { msg_3: third } = promptsOf(
    ...sideBySide,
    user("u2", "a4", "Go on."),
    answer("a5", "u2", "msg_3", 30_000, text("Yes.")),
  );
  expect(third?.kinds).toBe("xxuaaarrxau");
  expect(third?.tokens.at(-1)).toBeLessThan(20);
});

test("a question that was edited starts a branch that shares what came before", () => {
  const { msg_2: one, msg_4: other } = promptsOf(
    ...sideBySide,
    user("u3", "a3", words("instead", 30)),
    answer("a6", "u3", "msg_4", 22_100, text("Well.")),
  );
  expect(other?.kinds).toBe("xxuaaarru");
  expect(other?.prefixes.slice(0, 8)).toEqual(one?.prefixes);
});

test("a compacted conversation starts anew from its summary", () => {
  const { msg_5: after, msg_1: first } = promptsOf(
    ...sideBySide,
    line("c1", null, { type: "system", subtype: "compact_boundary" }),
    user("c2", "c1", words("summary", 50), { isCompactSummary: true }),
    answer("a7", "c2", "msg_5", 21_000, text("Right."), 12_000),
  );
  expect(after?.kinds).toBe("xxu");
  // The cache gave back as much as before: the same prefix.
  expect([after?.pieces[0] === first?.pieces[0], after?.pieces[1] === first?.pieces[1]]).toEqual([true, false]);
});

test("a sub-agent has a conversation of its own, told once though it stands in two files", () => {
  const nested = (uuid: string, message: object): object =>
    line(`outer-${uuid}`, "a3", {
      type: "progress",
      parentToolUseID: "toolu_1",
      data: {
        type: "agent_progress",
        agentId: "sub",
        message: { uuid, timestamp: "2026-02-02T02:40:30Z", ...message },
      },
    });
  const task = { type: "user", message: { role: "user", content: [text(words("errand", 20))] } };
  const said = {
    type: "assistant",
    message: { id: "msg_7", model: "claude-haiku-4-5", content: [text("Found.")], usage: { input_tokens: 9_000 } },
  };
  const inOwnFile = [line("s1", null, { ...task, agentId: "sub" }), line("s2", "s1", { ...said, agentId: "sub" })];
  const { msg_7: sub } = promptsOf(...sideBySide, nested("s1", task), nested("s2", said), ...inOwnFile);
  expect([sub?.kinds, sub?.answer.length, sum(sub?.tokens ?? [])]).toEqual(["xu", 1, 9_000]);
});

test("instructions and tools are known where the version writes down its requests, and so is what it adds itself", () => {
  const shape = {
    system: [{ type: "text", text: words("instruction", 900) }],
    tools: [{ name: "Read", description: words("tool", 300), input_schema: {} }],
  };
  const { msg_8: call } = promptsOf(
    user("n1", null, words("question", 40)),
    line("n2", "n1", {
      type: "attachment",
      attachment: { type: "file", content: { type: "text", file: { content: words("note", 200) } } },
      rendered: [{ content: `Result: ${words("note", 200)}` }],
    }),
    { type: "api-request-shape", sessionId, shapeHash: "h", shape },
    { type: "api-request", sessionId, shapeHash: "h" },
    answer("n3", "n2", "msg_8", 5_000, text("Fine.")),
  );
  expect([call?.kinds, call?.toolNames, sum(call?.tokens ?? [])]).toEqual(["dsuu", ["Read"], 5_000]);
});

test("damaged messages cost their pieces and nothing else", () => {
  const { msg_9: call } = promptsOf(
    user("d1", null, [null, 7, { type: "tool_result" }, { type: "image", source: null }, text("Hello.")]),
    line("d2", "nowhere", { type: "attachment", attachment: null, rendered: [null] }),
    { ...answer("d3", "d2", "msg_9", 700, { type: "tool_use" }), parentUuid: 12 },
  );
  expect(sum(call?.tokens ?? [])).toBe(700);
});
