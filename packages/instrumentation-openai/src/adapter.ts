import { defineAdapter, type ProviderAdapter } from "@tokenledger/core";
import { chatCompletions } from "./chat.ts";
import { completions } from "./completions.ts";
import { embeddings } from "./embeddings.ts";
import { responses } from "./responses.ts";
import { runTools } from "./run-tools.ts";

/** What the engine has to know about the `openai` package. Moderations are free and not observed. */
export const openai: ProviderAdapter = defineAdapter({
  id: "openai",
  provider: "openai",
  module: { name: "openai", versions: ">=4.19.0 <8" },
  operations: [
    chatCompletions,
    ...responses,
    embeddings,
    completions,
    runTools("OpenAI.Chat.Completions.prototype.runTools"),
    // openai 4 has it on a class that it does not export.
    runTools("OpenAI.Beta().chat.completions.runTools"),
  ],
});
