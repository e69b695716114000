import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { up } from "@tokenledger/local";
import { type Emitter, listEmitters, packagesOf } from "./harness/emitters.ts";
import { install, isInstalled } from "./harness/install.ts";
import { landedSpans } from "./harness/ledger-facts.ts";
import { runLive } from "./harness/live-run.ts";
import { writeRecording } from "./harness/recording.ts";

const usage = `Usage: npm run emitters -- [NAME...] [--install] [--list] [--json]

Installs other people's instrumentations, each with its program, runs the program for real against the provider
double, and rewrites the spans and the bill that the tests read (test/emitters/NAME/recorded.json).

NAME       only these emitters; default: all
--install  only installs what is not installed yet, so that the tests run the programs too
--list     what there is, and whether it is installed
Exits with 1 where one failed, with 2 on a name that does not exist.`;

const options = {
  install: { type: "boolean" },
  list: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

interface Outcome {
  readonly name: string;
  readonly installed: boolean;
  readonly calls?: number;
  readonly spans?: number;
  readonly failure?: string;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const all = listEmitters();
  const unknown = positionals.filter((name) => !all.some((emitter) => emitter.name === name));
  if (unknown.length > 0) {
    console.error(`No such emitter: ${unknown.join(", ")}. There are: ${all.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  const chosen = positionals.length === 0 ? all : all.filter(({ name }) => positionals.includes(name));
  const outcomes = values.list
    ? chosen.map((emitter) => ({ name: emitter.name, installed: isInstalled(emitter), packages: packagesOf(emitter) }))
    : await (values.install ? each(chosen, 3, install) : recordAll(chosen));
  if (values.json || values.list) console.log(JSON.stringify(outcomes, null, 2));
  return outcomes.some((outcome) => "failure" in outcome) ? 1 : 0;
}

/** So many at a time, in order, telling how it goes; a failure leaves the rest to be done. */
async function each(
  emitters: readonly Emitter[],
  width: number,
  work: (emitter: Emitter) => Promise<object | void>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...emitters];
  const takeNext = async (): Promise<void> => {
    for (let emitter = waiting.shift(); emitter !== undefined; emitter = waiting.shift()) {
      const started = performance.now();
      const outcome = await work(emitter).catch((error: unknown) => ({ failure: String(error) }));
      outcomes.push({ name: emitter.name, installed: isInstalled(emitter), ...outcome });
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      const said = JSON.stringify(outcome ?? "installed");
      console.error(`${outcomes.length}/${emitters.length} ${emitter.name}: ${said}, ${seconds} s`);
    }
  };
  await Promise.all(Array.from({ length: width }, takeNext));
  return outcomes;
}

async function recordAll(emitters: readonly Emitter[]): Promise<Outcome[]> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-emitters-"));
  const ledger = await up({ directory, port: 0 });
  try {
    return await each(emitters, 1, async (emitter) => {
      await install(emitter);
      const before = await landedSpans(ledger.target, new Set());
      const calls = await runLive(emitter, ledger.receiver);
      const spans = await landedSpans(ledger.target, new Set(before.map(({ TraceId }) => TraceId)));
      writeRecording(emitter, { calls, spans });
      return { calls: calls.length, spans: spans.length };
    });
  } finally {
    await ledger.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

process.exitCode = await main();
