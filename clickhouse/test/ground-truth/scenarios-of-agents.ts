import { Conversation } from "./conversation.ts";
import { answers, asks, returns, says } from "./said.ts";
import { place, type Scenario, text, withOpus } from "./scenario.ts";
import { json, prose } from "./texts.ts";

/** A writer's draft becomes an editor's prompt, who goes on with it. */
const handOver: Scenario = (world, chance) => {
  const trace = world.trace(3, 9);
  const draft = text(chance, 200);
  const where = { customer: "globex", feature: "articles", task: "article", conversation: "article" };
  const writer = new Conversation(withOpus(place("writer", where)));
  trace.call(writer.turn({ say: [says(text(chance, 60))], answer: [answers(draft)] }));
  const editor = new Conversation(withOpus(place("editor", where)));
  const plan = { handedFrom: "writer" };
  trace.call(editor.turn({ say: [says(draft, "handed_over_context")], answer: [answers(text(chance, 30))], plan }));
  trace.call(editor.turn({ say: [says(text(chance, 20))], answer: [answers(text(chance, 20))] }));
};

/** A lead asks two researchers, whose findings come back as results of its tool. */
const delegation: Scenario = (world, chance) => {
  const trace = world.trace(3, 14);
  const labels = { customer: "initech", feature: "research", task: "study", conversation: "study" };
  const place0 = place("lead", labels);
  const tools = [{ name: "delegate", description: prose(chance, 20), used: true }];
  const lead = new Conversation(withOpus(place0, { tools, system: text(chance, 100) }));
  trace.call(lead.turn({ say: [says(text(chance, 40))], answer: [asks("delegate", "one"), asks("delegate", "two")] }));
  const findings = ["one", "two"].map((topic) => {
    const finding = prose(chance, 11);
    const where = place("researcher", { ...labels, path: ["lead", "researcher"], parentRun: place0.run });
    const researcher = new Conversation(withOpus(where, { system: text(chance, 80) }));
    trace.call(researcher.turn({ say: [says(text(chance, 50))], answer: [answers(finding)] }));
    return returns("delegate", topic, finding, "handed_over_context");
  });
  const plan = { handedFrom: "researcher" };
  trace.call(lead.turn({ say: findings, answer: [answers(text(chance, 60))], plan }));
};

/** Tools that are offered in vain, results that are carried on, and a request that is made twice. */
const tools: Scenario = (world, chance) => {
  const offered = ["search", "fetch", "weather", "calendar"].map((name, index) => ({
    name,
    description: prose(chance, 40 + 10 * index),
    used: index < 2,
  }));
  for (const customer of ["acme", "globex"]) {
    const trace = world.trace(4, customer === "acme" ? 9 : 10);
    const clerk = new Conversation(withOpus(place("clerk", { customer, feature: "orders" }), { tools: offered }));
    const [found, page, other] = [json(chance, 12), json(chance, 30), text(chance, 70)];
    trace.call(clerk.turn({ say: [says(text(chance, 30))], answer: [asks("search", "a")] }));
    trace.call(
      clerk.turn({ say: [returns("search", "a", found)], answer: [asks("fetch", "page"), asks("search", "b")] }),
    );
    const say = [returns("fetch", "page", page), returns("search", "b", other)];
    trace.call(clerk.turn({ say, answer: [asks("search", "a")], plan: { repeatedTools: ["search"] } }));
    const again = { say: [returns("search", "a", found)], plan: { repeatedResult: "search" } };
    trace.call(clerk.turn({ ...again, answer: [answers(text(chance, 40))] }));
  }
};

/** Six runs of a few steps, and one that does not find its end. */
const loop: Scenario = (world, chance) => {
  for (let run = 0; run < 7; run += 1) {
    const trace = world.trace(5, 8 + run);
    const crawler = new Conversation(withOpus(place("crawler", { customer: "initech", feature: "crawl" })));
    trace.call(crawler.turn({ say: [says(text(chance, 30))], answer: [asks("open", "0")] }));
    const steps = run === 4 ? 24 : 2;
    for (let step = 0; step < steps; step += 1) {
      const answer = step === steps - 1 ? [answers(text(chance, 20))] : [asks("open", String(step + 1))];
      trace.call(crawler.turn({ say: [returns("open", String(step), text(chance, 25))], answer }));
    }
  }
};

export const scenariosOfAgents: readonly Scenario[] = [handOver, delegation, tools, loop];
