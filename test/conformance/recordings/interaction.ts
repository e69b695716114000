import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** One recorded exchange with a provider, and what its usage comes to. */
export interface Interaction {
  readonly id: string;
  readonly provider: string;
  readonly endpoint: string;
  readonly transport: string;
  readonly model?: string | null;
  readonly streaming: boolean;
  readonly request?: { readonly url?: string | null; readonly body?: unknown } | null;
  readonly response: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
    readonly body_encoding?: "base64";
  };
  readonly expected: Expected;
}

/** Counts as the provider reports them: `null` is not reported, `0` is reported as zero. */
export interface Expected {
  readonly usage_present: boolean;
  readonly input_total_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cache_read: number | null;
  readonly cache_write: number | null;
  readonly cache_write_5m: number | null;
  readonly cache_write_1h: number | null;
  readonly reasoning: number | null;
  readonly audio_in: number | null;
  readonly audio_out: number | null;
  readonly image_in: number | null;
  readonly image_out: number | null;
  readonly tool_use_prompt: number | null;
  readonly total_reported: number | null;
  readonly web_search_requests: number | null;
  readonly service_tier: string | null;
  readonly extra_billed: readonly Readonly<Record<string, unknown>>[] | null;
  /** How the counts were derived, e.g. `R-ANTHROPIC+ttl-assumed-5m`. */
  readonly rule: string;
}

/**
 * Reads every `<provider>.jsonl` of a folder, or those of the named providers.
 *
 * Fails on an empty folder, on a provider without a file, and on a line that is no interaction.
 */
export async function loadInteractions(folder: string, providers?: readonly string[]): Promise<Interaction[]> {
  const present = (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).toSorted();
  if (present.length === 0) throw new Error(`${folder} holds no .jsonl file of recorded interactions`);
  const wanted = providers?.map((provider) => `${provider}.jsonl`) ?? present;
  const missing = wanted.filter((name) => !present.includes(name));
  if (missing.length > 0) throw new Error(`${folder} has no ${missing.join(", ")}; it has ${present.join(", ")}`);
  const files = await Promise.all(wanted.map((name) => readInteractions(join(folder, name))));
  return files.flat();
}

async function readInteractions(path: string): Promise<Interaction[]> {
  const lines = (await readFile(path, "utf8")).split("\n");
  return lines.flatMap((line, index) => (line.trim() === "" ? [] : parse(line, `${path}:${index + 1}`)));
}

function parse(line: string, place: string): Interaction {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`${place} is not JSON`, { cause: error });
  }
  if (!isInteraction(value))
    throw new Error(`${place} lacks one of id, provider, endpoint, response.body, expected.rule`);
  return value;
}

function isInteraction(value: unknown): value is Interaction {
  const candidate = value as Partial<Interaction> | null;
  return (
    typeof candidate?.id === "string" &&
    typeof candidate.provider === "string" &&
    typeof candidate.endpoint === "string" &&
    typeof candidate.response?.body === "string" &&
    typeof candidate.expected?.rule === "string"
  );
}
