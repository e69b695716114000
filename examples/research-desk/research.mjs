import { z } from "zod";
import { libraryPages, researcherRules, writerRules } from "./orders.mjs";

/** A researcher that looks things up in a loop and hands over to a writer, on the Agents SDK. */
export async function research({ Agent, run, tool }, topic) {
  const searchLibrary = tool({
    name: "search_library",
    description: "Looks up the pages on one subject.",
    parameters: z.object({ subject: z.string() }),
    execute: ({ subject }) => libraryPages[subject] ?? "Nothing found.",
  });
  const writer = new Agent({
    name: "writer",
    handoffDescription: "Writes the brief once the facts are there.",
    instructions: writerRules,
    model: "gpt-5.4",
  });
  const researcher = new Agent({
    name: "researcher",
    instructions: researcherRules,
    model: "gpt-5.4-mini",
    tools: [searchLibrary],
    handoffs: [writer],
  });
  const running = await run(researcher, `Research ${topic} and have a brief written.`, { stream: true });
  for await (const event of running) void event;
  await running.completed;
  return String(running.finalOutput);
}
