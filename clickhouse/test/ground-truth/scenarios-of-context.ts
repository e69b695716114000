import { Conversation } from "./conversation.ts";
import { type PlantedCall, tokensOf } from "./planted-call.ts";
import { answers, says } from "./said.ts";
import { gpt, place, type Scenario, text, withOpus } from "./scenario.ts";

/** Chats that pay in full for what they read before. */
const chats: Scenario = (world, chance) => {
  const customers = ["acme", "globex", "initech"];
  for (let index = 0; index < 6; index += 1) {
    const trace = world.trace(index, 9);
    const where = place("assistant", { customer: customers[index % 3] ?? "", feature: "chat" });
    const dialogue = index % 2 === 0 ? withOpus(where) : { ...gpt, place: where };
    const chat = new Conversation({ ...dialogue, system: text(chance, 300) });
    for (let turn = 0; turn < 4; turn += 1) {
      trace.call(chat.turn({ say: [says(text(chance, 50))], answer: [answers(text(chance, 40))] }));
    }
  }
};

/** Tokens that a turn writes to the cache. */
const written = ({ call }: { call: Pick<PlantedCall, "parts"> }): number =>
  tokensOf(call as PlantedCall, ({ component }) => component.startsWith("cache_write"));

/** A chat whose cache is read, expires while the user is away, and is written again. */
const expiry: Scenario = (world, chance) => {
  for (const ttl of ["5m", "1h"] as const) {
    const trace = world.trace(1, ttl === "5m" ? 11 : 12);
    const chat = new Conversation(withOpus(place("cached"), { system: text(chance, 500) }));
    const turn = (cache: { read: number; kept: number; expired?: number }, after: number, isRead: boolean): void => {
      const [say, answer] = [[says(text(chance, 40))], [answers(text(chance, 30))]];
      const recorded = chat.turn({ say, answer, cache: { ...cache, ttl } });
      const plan = { ...recorded.call.plan, ...(!isRead && { neverRead: written(recorded) }) };
      trace.call({ ...recorded, call: { ...recorded.call, plan } }, after);
    };
    turn({ read: 0, kept: 2 }, 20, true);
    turn({ read: 2, kept: 4 }, 20, false);
    turn({ read: 0, kept: 6, expired: 4 }, ttl === "5m" ? 600 : 4_000, true);
    turn({ read: 6, kept: 8 }, 20, false);
  }
};

/** Two users of one system prompt: the second reads what the first wrote of it, and nobody reads their questions. */
const sharedInstructions: Scenario = (world, chance) => {
  const system = text(chance, 800);
  for (const [index, cache] of [
    { read: 0, kept: 2 },
    { read: 1, kept: 2 },
  ].entries()) {
    const chat = new Conversation(withOpus(place("concierge", { feature: "booking" }), { system }));
    const recorded = chat.turn({ say: [says(text(chance, 30))], answer: [answers(text(chance, 20))], cache });
    const plan = { ...recorded.call.plan, ttl: "5m" as const, neverRead: recorded.call.pieces[1]?.tokens ?? 0 };
    world.trace(2, 10 + index / 60).call({ ...recorded, call: { ...recorded.call, plan } });
  }
};

/** Written for an hour, and never asked for again. */
const writtenInVain: Scenario = (world, chance) => {
  const once = new Conversation(withOpus(place("reporter", { customer: "globex", feature: "reports" }), {}));
  const recorded = once.turn({
    say: [says(text(chance, 400))],
    answer: [answers(text(chance, 60))],
    cache: { kept: 1, ttl: "1h" },
  });
  const plan = { ...recorded.call.plan, neverRead: written(recorded) };
  world.trace(2, 15).call({ ...recorded, call: { ...recorded.call, plan } });
};

export const scenariosOfContext: readonly Scenario[] = [chats, expiry, sharedInstructions, writtenInVain];
