/**
 * What a provider says it billed for one call, per direction: its total, and subsets of that total.
 *
 * `undefined`: not reported. `0`: reported as zero. Subsets may overlap only where the provider
 * counts the same token twice (cached audio); the facts resolve that and mark the split as assumed.
 * A subset above its total is passed on as it is and marked inconsistent.
 */
export interface Usage {
  input?: InputUsage | undefined;
  output?: OutputUsage | undefined;
  fees?: FeeUsage | undefined;
  /** Usage billed beside the top-level counts, each on a line of its own. */
  lines?: BilledLine[] | undefined;
}

/** Input tokens. `total` includes what was read from and written to a cache. */
export interface InputUsage {
  total?: number | undefined;
  cacheRead?: number | undefined;
  /** All cache writes, whatever their time to live. */
  cacheWrite?: number | undefined;
  cacheWrite5m?: number | undefined;
  cacheWrite30m?: number | undefined;
  cacheWrite1h?: number | undefined;
  cacheWrite12h?: number | undefined;
  text?: number | undefined;
  audio?: number | undefined;
  image?: number | undefined;
  video?: number | undefined;
  document?: number | undefined;
  toolUse?: number | undefined;
  /** Tokens that are audio and cached at once; part of both `audio` and `cacheRead`. */
  audioCacheRead?: number | undefined;
}

/** Output tokens. `total` includes reasoning. */
export interface OutputUsage {
  total?: number | undefined;
  reasoning?: number | undefined;
  text?: number | undefined;
  audio?: number | undefined;
  image?: number | undefined;
  predictionAccepted?: number | undefined;
  predictionRejected?: number | undefined;
}

/** Fees counted in units other than tokens. */
export interface FeeUsage {
  webSearches?: number | undefined;
  webFetches?: number | undefined;
  fileSearches?: number | undefined;
  codeSessions?: number | undefined;
}

/** Usage outside the top level: a compaction, or an advisor on another model. */
export interface BilledLine {
  /** What it was: `compaction`, `advisor_message`, … */
  kind: string;
  /** The model, where it differs from the call's. */
  model?: string | undefined;
  usage: Usage;
}
