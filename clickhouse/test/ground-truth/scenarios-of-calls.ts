import { Conversation } from "./conversation.ts";
import { answers, looksUp, plays, says, shows } from "./said.ts";
import { gpt, place, type Scenario, text, withOpus } from "./scenario.ts";
import { json, prose, reworded } from "./texts.ts";

/** One prompt three times within the hour, and once more when the hour is over. */
const duplicates: Scenario = (world, chance) => {
  const [system, question, answer] = [text(chance, 100), text(chance, 60), text(chance, 30)];
  const ask = (index: number, startHour: number): void => {
    const where = place("classifier", { feature: "tagging" });
    const once = new Conversation(withOpus(where, { system, ...(index > 0 && { readBefore: 2 }) }));
    const duplicate = index === 1 || index === 2;
    world.trace(0, startHour).call(
      once.turn({
        say: [says(question)],
        answer: [answers(answer)],
        ...(duplicate && { whole: "exact_duplicate" as const, plan: { duplicate } }),
      }),
    );
  };
  for (const [index, startHour] of [13, 13.1, 13.2, 15].entries()) ask(index, startHour);
};

/** A question in almost the same words a few minutes later. */
const nearDuplicates: Scenario = (world, chance) => {
  const question = prose(chance, 600);
  const questions = [question, reworded(chance, question), prose(chance, 600)];
  for (const [index, asked] of questions.entries()) {
    const once = new Conversation({ ...gpt, place: place("matcher", { customer: "globex", feature: "matching" }) });
    const plan = { ...(index === 1 && { nearDuplicate: true }) };
    world.trace(0, 16 + index / 10).call(once.turn({ say: [says(asked)], answer: [answers(text(chance, 20))], plan }));
  }
};

/** Documents of 102 words: their 100 runs of three words, but for those with the JSON around them, are quoted or not. */
const retrieval: Scenario = (world, chance) => {
  const quotations = [
    { quoted: 102, used: 98 },
    { quoted: 51, used: 48 },
    { quoted: 0, used: 0 },
  ];
  for (const [index, { quoted, used }] of quotations.entries()) {
    const trace = world.trace(6, 8 + index);
    const document = prose(chance, 102);
    const quotation = document.split(" ").slice(0, quoted).join(" ");
    const reader = new Conversation(withOpus(place("reader", { feature: "library" })));
    const answer = quoted === 0 ? text(chance, 30) : quotation;
    const say = [looksUp(document), says(text(chance, 30))];
    trace.call(reader.turn({ say, answer: [answers(answer)], plan: { retrievalUsed: used } }));
    if (index === 0) trace.call(reader.turn({ say: [says(text(chance, 20))], answer: [answers(text(chance, 20))] }));
  }
};

/** Calls that fail after they were billed, are abandoned, or need several requests. */
const retries: Scenario = (world, chance) => {
  const trace = world.trace(6, 16);
  const caller = new Conversation(withOpus(place("caller", { customer: "initech", feature: "sync" })));
  const whole = "failed_attempt" as const;
  const say = [says(text(chance, 90))];
  trace.call(caller.turn({ say, answer: [answers(text(chance, 10))], outcome: "failed", attempts: 3, whole }));
  trace.call(caller.turn({ answer: [answers(text(chance, 30))], outcome: "abandoned", whole }));
  trace.call(caller.turn({ answer: [answers(text(chance, 50))], attempts: 2 }));
};

/** Answers that are mostly thought, and one that is far longer than its kind. */
const longAnswers: Scenario = (world, chance) => {
  for (let index = 0; index < 7; index += 1) {
    const thinker = new Conversation(withOpus(place("thinker", { feature: "planning" })));
    const [say, answer] = [[says(prose(chance, 40))], [answers(prose(chance, index === 3 ? 300 : 50))]];
    world.trace(4, 12 + index / 4).call(thinker.turn({ say, answer, reasoning: 1_000 + 100 * chance(10) }));
  }
};

/** Pictures that are billed as text, carried on, and a recording that is billed as audio. */
const media: Scenario = (world, chance) => {
  const trace = world.trace(5, 17);
  const viewer = new Conversation(withOpus(place("viewer", { customer: "globex", feature: "photos" })));
  trace.call(viewer.turn({ say: [says(text(chance, 20)), shows("photo")], answer: [answers(text(chance, 15))] }));
  trace.call(viewer.turn({ say: [says(text(chance, 20))], answer: [answers(text(chance, 15))] }));
  const listener = new Conversation({
    provider: "openai",
    model: "gpt-audio",
    place: place("listener", { customer: "globex", feature: "calls" }),
  });
  const say = [says(text(chance, 20)), plays("recording")];
  world.trace(5, 18).call(listener.turn({ say, answer: [answers(json(chance, 8))] }));
};

export const scenariosOfCalls: readonly Scenario[] = [
  duplicates,
  nearDuplicates,
  retrieval,
  retries,
  longAnswers,
  media,
];
