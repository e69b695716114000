import { parentPort } from "node:worker_threads";
import { cutRuns, type TextSample } from "./text-sample.ts";

/** Texts to count; `undefined` is not counted. */
export interface CountRequest {
  readonly id: number;
  readonly input: TextSample | undefined;
  readonly output: TextSample | undefined;
}

/** Tokens per text. */
export interface CountReply {
  readonly id: number;
  readonly input: number | undefined;
  readonly output: number | undefined;
}

type CountTokens = (text: string) => number;

// The vocabulary is an optional package of 30 MB: loaded here, off the application's thread.
const loading: Promise<CountTokens | undefined> = import("gpt-tokenizer/encoding/o200k_base").then(
  ({ countTokens }) =>
    (text) =>
      countTokens(text),
  () => undefined,
);

parentPort?.on("message", (request: CountRequest) => {
  void loading.then((countTokens) => {
    if (!countTokens) return parentPort?.postMessage("unavailable");
    const { id, input, output } = request;
    const reply = { id, input: tokensIn(input, countTokens), output: tokensIn(output, countTokens) };
    return parentPort?.postMessage(reply satisfies CountReply);
  });
});

function tokensIn(sample: TextSample | undefined, countTokens: CountTokens): number | undefined {
  if (!sample) return undefined;
  let tokens = 0;
  for (const piece of cutRuns(sample.text)) tokens += countTokens(piece);
  return Math.round(tokens * sample.factor);
}
