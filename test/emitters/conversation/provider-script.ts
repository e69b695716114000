import type { Rule } from "@tokenledger/provider-double";
import { chore, errand, forbidden, form, priceTool, question, riddle, word } from "./content.mjs";

/** What the provider answers to any of the emitters' programs; what no rule knows gets the last one's answer. */
const script: readonly Rule[] = [
  { user: forbidden, answer: { failure: { status: 400, message: `No ${word}s.` } } },
  { user: question, afterTool: priceTool.name, answer: { text: `Three for a ${word}.` } },
  { user: question, afterTool: null, answer: { toolCalls: [{ name: priceTool.name, arguments: { fruit: word } }] } },
  { user: errand, afterTool: null, answer: { toolCalls: [{ name: "specialist", arguments: { input: question } }] } },
  { user: form, answer: { text: JSON.stringify({ name: word }) } },
  ...Object.entries({
    Bash: { command: "true", description: "nothing" },
    exec_command: { cmd: "true" },
    list_directory: { dir_path: "." },
  }).map(([name, tool]): Rule => ({
    user: chore(name),
    afterTool: null,
    answer: { toolCalls: [{ name, arguments: tool }] },
  })),
  { user: riddle, answer: { text: `A ${word} is a fruit.`, reasoning: 40 } },
  { answer: { text: `Hello, ${word}!` } },
];
export default script;
