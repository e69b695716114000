import { homedir } from "node:os";
import { join } from "node:path";

/** The environment variable that hands the agent context to a child process. */
export const inheritanceVariable = "TOKENLEDGER_CONTEXT";

/** Everything the environment decides. Mistakes fall back to the safe side: capture off, hosts none. */
export interface Settings {
  /** Ids of adapters switched off (`TOKENLEDGER_DISABLED=openai,anthropic`, or `all`). */
  isDisabled(id: string): boolean;
  /** Whether spans may hold prompts and answers (`OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`). */
  readonly captureContent: boolean;
  /** Longest content attribute, in UTF-16 code units (`TOKENLEDGER_CONTENT_LIMIT`). */
  readonly contentLimit: number;
  /** Whether a stream may be asked to report its usage (`TOKENLEDGER_STREAM_USAGE=off`). */
  readonly askForUsage: boolean;
  /** Whether unreported usage is counted by a tokenizer where one is installed (`TOKENLEDGER_ESTIMATE=off`). */
  readonly estimateUsage: boolean;
  /** Whether spans say how a prompt was made, in sizes and keyed fingerprints (`TOKENLEDGER_FINGERPRINTS=off`). */
  readonly fingerprints: boolean;
  /** Phrase that several installations share so that their fingerprints match (`TOKENLEDGER_FINGERPRINT_KEY`). */
  readonly fingerprintKey: string | undefined;
  /** Hosts, lower case, that get the agent context as baggage (`TOKENLEDGER_BAGGAGE_HOSTS=a.example,*.b.example`). */
  readonly baggageHosts: readonly string[];
  /** Whether baggage that came in with a request is believed (`TOKENLEDGER_TRUST_BAGGAGE=on`). */
  readonly trustBaggage: boolean;
  /** Where keys, spool and connection live (`TOKENLEDGER_HOME`). */
  readonly home: string;
  /** Labels of calls outside any task (`TOKENLEDGER_CUSTOMER`, `TOKENLEDGER_FEATURE`). */
  readonly customer: string | undefined;
  readonly feature: string | undefined;
  /** The agent context of the process that started this one, as it was written. */
  readonly inherited: string | undefined;
  /** The variables themselves, for adapters that must know how an SDK's own tracing is set. */
  readonly environment: Environment;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const defaultContentLimit = 32_768;
const yes = new Set(["1", "true", "on", "yes"]);
const no = new Set(["0", "false", "off", "no"]);
/** `true` is the older spelling; the newer one says where content goes, and we have spans. */
const capturing = new Set(["true", "span_only", "span_and_event"]);

let current: Settings | undefined;

/** The settings of this process, read once. */
export function settings(): Settings {
  return (current ??= readSettings(process.env));
}

/** Reads the environment again on the next {@link settings}; for tests and for `register`. */
export function forgetSettings(): void {
  current = undefined;
}

/** Settings as an environment spells them. Never throws. */
export function readSettings(environment: Environment): Settings {
  const disabled = new Set(list(environment.TOKENLEDGER_DISABLED));
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const flag = (name: string): string => text(name)?.toLowerCase() ?? "";
  const limit = Number(text("TOKENLEDGER_CONTENT_LIMIT"));
  return {
    isDisabled: (id) => disabled.has("all") || disabled.has(id),
    captureContent: capturing.has(flag("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")),
    contentLimit: Number.isInteger(limit) && limit > 0 ? limit : defaultContentLimit,
    askForUsage: !no.has(flag("TOKENLEDGER_STREAM_USAGE")),
    estimateUsage: !no.has(flag("TOKENLEDGER_ESTIMATE")),
    fingerprints: !no.has(flag("TOKENLEDGER_FINGERPRINTS")),
    fingerprintKey: text("TOKENLEDGER_FINGERPRINT_KEY"),
    baggageHosts: list(environment.TOKENLEDGER_BAGGAGE_HOSTS),
    trustBaggage: yes.has(flag("TOKENLEDGER_TRUST_BAGGAGE")),
    home: text("TOKENLEDGER_HOME") ?? join(homedir(), ".tokenledger"),
    customer: text("TOKENLEDGER_CUSTOMER"),
    feature: text("TOKENLEDGER_FEATURE"),
    inherited: environment[inheritanceVariable],
    environment,
  };
}

function list(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
}
