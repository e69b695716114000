import type { Answer, Rule, Script } from "@tokenledger/provider-double";

// What the provider double answers to the research desk: the first rule that holds.
const headlines = Array.from({ length: 10 }, (_, index) => `Heat pumps are back, says line ${index + 1}\n`).join("");

const desk = { model: "claude-opus-4-6" };
const deskRules: Rule[] = [
  { ...desk, user: "Acme", round: 0, answer: call("commission_research", { topic: "heat pumps" }, 320) },
  {
    ...desk,
    user: "Acme",
    afterTool: "commission_research",
    answer: call("commission_review", { checkClaims: true }, 96),
  },
  {
    ...desk,
    user: "Acme",
    afterTool: "commission_review",
    answer: { text: "The brief on heat pumps is ready.", reasoning: 64 },
  },
  { ...desk, user: "Globex", round: 0, answer: call("commission_review", { checkClaims: false }, 128) },
  { ...desk, user: "Globex", round: 1, answer: { text: "The press release is in good style.", reasoning: 32 } },
];

const researcher = { api: "responses" as const, system: "You research." };
const researchRules: Rule[] = [
  {
    ...researcher,
    round: 0,
    answer: {
      toolCalls: [
        { name: "search_library", arguments: { subject: "heat pump sales" } },
        { name: "search_library", arguments: { subject: "electricity prices" } },
      ],
    },
  },
  { ...researcher, round: 1, answer: call("search_library", { subject: "installers" }, 40) },
  { ...researcher, round: 2, answer: { toolCalls: [{ name: "transfer_to_writer", arguments: {} }] } },
  {
    api: "responses",
    system: "You write.",
    answer: {
      text: "Heat pumps sell again. Sales rose by a tenth, says the trade association. Power got cheaper by a twentieth, says the regulator. Nine thousand installers joined, says the ministry. More will follow.",
      reasoning: 448,
    },
  },
];

const editor = { model: "claude-haiku-4-5" };
const reviewRules: Rule[] = [
  { ...editor, user: "ten headlines", answer: { text: headlines, interruption: { afterEvents: 8, kind: "wait" } } },
  { ...editor, user: "anything missing", answer: { text: "The date of the sales figure is missing." } },
  { ...editor, answer: { text: "The last sentence promises too much." } },
  {
    user: "rose by a tenth",
    api: "chat",
    answer: [
      { failure: { status: 429, retryAfterMs: 20, message: "Rate limit reached" } },
      { text: "It holds.", reasoning: 192 },
    ],
  },
  { user: "in the north", api: "responses", answer: { failure: { status: 400, message: "The request was refused." } } },
  { api: "chat", answer: { text: "It holds.", reasoning: 128 } },
];

function call(name: string, input: object, reasoning: number): Answer {
  return { toolCalls: [{ name, arguments: input }], reasoning };
}

const script: Script = [...deskRules, ...researchRules, ...reviewRules];
export default script;
