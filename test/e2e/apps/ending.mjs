// Makes CALLS model calls, then ends in the way that ENDING names.
import OpenAI from "openai";

const client = new OpenAI({ apiKey: "none", baseURL: process.env.PROVIDER_URL, maxRetries: 0 });
const ask = (call) =>
  client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: `question ${call}` }] });
const answers = await Promise.all(Array.from({ length: Number(process.env.CALLS) }, (_, call) => ask(call)));
console.log(answers.map((answer) => answer.choices[0].message.content).join("\n"));

const endings = {
  return: () => {},
  exit: () => process.exit(3),
  throw: () => setImmediate(() => JSON.parse("{")),
  rejection: () => void Promise.reject(new Error("nobody waits for this")),
  signal: () => setInterval(() => {}, 1_000) && console.log("ready"),
  graceful: () => {
    process.once("SIGTERM", () => setTimeout(() => process.exit(7), 20));
    endings.signal();
  },
  // What widespread packages do: end the process only where nobody else listens.
  polite: () => {
    const last = () =>
      process.listeners("SIGTERM").length === 1 && process.off("SIGTERM", last).kill(process.pid, "SIGTERM");
    process.on("SIGTERM", last);
    endings.signal();
  },
  beforeExit: () => process.on("beforeExit", () => console.log("about to exit")),
  midway: () => {
    void ask("that nobody hears the answer of");
    setTimeout(() => process.exit(4), Number(process.env.MIDWAY_MILLIS));
  },
};
endings[process.env.ENDING]();
