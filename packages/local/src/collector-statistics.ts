/** What became of the spans that a collector took in, by its own counters, over its restarts. */
export interface CollectorStatistics {
  /** Acknowledged to their senders. */
  accepted: number;
  /** Committed to the landing table; what was sent again is counted again. */
  stored: number;
  /** Sent back with "try again", as when the queue is full: their sender still has them. */
  refused: number;
  /** Acknowledged and set aside, because no table can hold them. */
  setAside: number;
  /** Acknowledged and given up: the store refused them for good. */
  lost: number;
  /** Bytes that wait on disk, and how many may. */
  queueBytes: number;
  queueCapacity: number;
  /** How often it ended unasked, and its last words. */
  crashes: number;
  lastWords: string;
  /** Whether it is gone at this moment. */
  down: boolean;
}

export const newCollectorStatistics = (): CollectorStatistics => ({
  accepted: 0,
  stored: 0,
  refused: 0,
  setAside: 0,
  lost: 0,
  queueBytes: 0,
  queueCapacity: 0,
  crashes: 0,
  lastWords: "",
  down: false,
});

/** Its own metrics, by the count that they go into. */
const sources = {
  accepted: ["otelcol_receiver_accepted_spans"],
  stored: ["otelcol_exporter_sent_spans"],
  refused: ["otelcol_receiver_refused_spans", "otelcol_receiver_failed_spans"],
  setAside: ["otelcol_processor_filter_spans_filtered"],
  lost: ["otelcol_exporter_send_failed_spans"],
  queueBytes: ["otelcol_exporter_queue_size"],
  queueCapacity: ["otelcol_exporter_queue_capacity"],
} as const;

export type CollectorCounts = Pick<CollectorStatistics, keyof typeof sources>;

/**
 * Reads a collector's counts from the text of its own metrics, those of the exporter to the ledger alone.
 *
 * @throws when it does not answer
 */
export const readCollectorCounts = async (metricsUrl: string): Promise<CollectorCounts> => {
  const answer = await fetch(metricsUrl, { signal: AbortSignal.timeout(1_000) });
  const lines = (await answer.text()).split("\n").filter((line) => !/exporter="(?!clickhouse)/.test(line));
  const count = (field: keyof typeof sources): number =>
    lines
      .filter((line) => sources[field].some((name) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  return {
    accepted: count("accepted"),
    stored: count("stored"),
    refused: count("refused"),
    setAside: count("setAside"),
    lost: count("lost"),
    queueBytes: count("queueBytes"),
    queueCapacity: count("queueCapacity"),
  };
};
