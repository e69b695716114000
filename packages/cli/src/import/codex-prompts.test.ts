import { expect, test } from "vitest";
import { CodexRollouts } from "./codex.ts";
import { landedPrompts, type LandedPrompt, rowsOf, sum, words } from "./imported-prompts.fixture.ts";

let clock = 0;
const record = (type: string, payload: object): object => ({
  timestamp: new Date(1_790_000_000_000 + (clock += 1_000)).toISOString(),
  type,
  payload,
});
const item = (payload: object): object => record("response_item", payload);
const event = (payload: object): object => record("event_msg", payload);
const said = (role: string, text: string): object =>
  item({ type: "message", role, content: [{ type: role === "assistant" ? "output_text" : "input_text", text }] });
const asks = (id: string, name: string): object =>
  item({ type: "function_call", call_id: id, name, arguments: `{"path":"${id}"}` });
const result = (id: string, output: string): object => item({ type: "function_call_output", call_id: id, output });
const usage = (id: string, input: number): object =>
  record("token_usage_record", {
    response_id: id,
    usage: { input_tokens: input, cached_input_tokens: 0, output_tokens: 9 },
  });

const meta = (rest: object = {}): object =>
  record("session_meta", { id: "thread", cli_version: "0.169.0", cwd: "/projects/shop", ...rest });
const turn = (id: string): object => record("turn_context", { turn_id: id, model: "gpt-5.4" });

function promptsOf(...records: readonly object[]): Record<string, LandedPrompt> {
  const found = landedPrompts(rowsOf(new CodexRollouts(), records));
  return Object.fromEntries(found.map((prompt) => [prompt.call ?? "", prompt]));
}

const conversation = [
  meta({ base_instructions: { text: words("instruction", 200) } }),
  turn("one"),
  said("user", words("question", 40)),
  item({ type: "reasoning", summary: [{ type: "summary_text", text: "Hm." }], encrypted_content: "?" }),
  asks("call_1", "shell"),
  usage("resp_1", 9_000),
  result("call_1", words("output", 200)),
  said("assistant", words("done", 20)),
  usage("resp_2", 9_500),
];

test("a prompt holds what was said up to its answer, with the sizes that make the bill right", () => {
  const { resp_1: first, resp_2: second } = promptsOf(...conversation);
  expect([first?.kinds, first?.asked, second?.kinds, second?.toolNames]).toEqual([
    "xsu",
    ["shell"],
    "xsuaar",
    ["shell"],
  ]);
  expect(second?.prefixes.slice(0, 3)).toEqual(first?.prefixes);
  expect([sum(first?.tokens ?? []), sum(second?.tokens ?? [])]).toEqual([9_000, 9_500]);
  expect(second?.tokens.slice(0, 3)).toEqual(first?.tokens);
});

test("turns that were taken back are not in the next prompt", () => {
  const { resp_3: third } = promptsOf(
    ...conversation,
    turn("two"),
    said("user", words("mistake", 30)),
    said("assistant", "No."),
    usage("resp_x", 9_700),
    event({ type: "thread_rolled_back", num_turns: 1 }),
    turn("three"),
    said("user", words("better", 30)),
    said("assistant", "Yes."),
    usage("resp_3", 9_600),
  );
  expect(third?.kinds).toBe("xsuaarau");
});

test("a compacted conversation goes on from its short form", () => {
  const kept = { type: "message", role: "user", content: [{ type: "input_text", text: words("summary", 30) }] };
  const { resp_4: call } = promptsOf(
    ...conversation,
    record("compacted", { message: "", replacement_history: [kept] }),
    turn("two"),
    said("user", "Go on."),
    said("assistant", "Yes."),
    usage("resp_4", 8_000),
  );
  expect([call?.kinds, sum(call?.tokens ?? [])]).toEqual(["xsuu", 8_000]);
});

test("versions that write the usage first answer after it", () => {
  const count = (total: number, last: number): object =>
    event({
      type: "token_count",
      info: { total_token_usage: { input_tokens: total }, last_token_usage: { input_tokens: last, output_tokens: 1 } },
    });
  const prompts = landedPrompts(
    rowsOf(new CodexRollouts(), [
      meta(),
      said("user", words("question", 40)),
      count(7_000, 7_000),
      said("assistant", words("answer", 20)),
      said("user", words("more", 20)),
      count(14_200, 7_200),
      said("assistant", "Done."),
    ]),
  );
  expect(prompts.map(({ kinds, answer }) => [kinds, answer.length])).toEqual([
    ["xu", 1],
    ["xuau", 1],
  ]);
});

test("damaged items cost their pieces and nothing else", () => {
  const { resp_1: call } = promptsOf(
    meta(),
    turn("one"),
    item({ type: "message", role: "user", content: [null, { type: "input_image", image_url: 7 }] }),
    item({ type: "reasoning" }),
    item({}),
    usage("resp_1", 900),
  );
  expect(sum(call?.tokens ?? [])).toBe(900);
});
