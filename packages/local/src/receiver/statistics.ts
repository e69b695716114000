import { type RejectionReason, rejectionText } from "../otlp/span-check.ts";

/**
 * What became of the records of one signal, spans or log records, since a receiver started.
 *
 * `received = stored + duplicates + deferred + every rejection + held`.
 */
export interface SignalStatistics {
  /** Records in requests that could be read. */
  received: number;
  /** Committed to the landing table. */
  stored: number;
  /** Of a batch that this receiver had acknowledged before, to the last byte: the database dropped the copy. */
  duplicates: number;
  /** Sent back with "try again": their sender still has them. */
  deferred: number;
  /** Being inserted now. */
  held: number;
  /** Set aside, by reason. */
  rejected: Partial<Record<RejectionReason, number>>;
  /** The latest rejected ones, by name and id only. */
  rejections: Rejection[];
}

/** What became of everything a receiver took in since it started: spans, and beside them log records. */
export interface ReceiverStatistics extends SignalStatistics {
  logs: SignalStatistics;
  /** Requests of metrics, answered and dropped. */
  discarded: { metrics: number };
  /** Requests answered with an error, by HTTP status. */
  refused: Record<string, number>;
}

export interface Rejection {
  /** ISO time at which it arrived. */
  at: string;
  reason: RejectionReason;
  detail: string;
  service: string;
  span: string;
  traceId: string;
  spanId: string;
}

const rejectionsKept = 100;
const textKept = 200;

const newSignalStatistics = (): SignalStatistics => ({
  received: 0,
  stored: 0,
  duplicates: 0,
  deferred: 0,
  held: 0,
  rejected: {},
  rejections: [],
});

export const newStatistics = (): ReceiverStatistics => ({
  ...newSignalStatistics(),
  logs: newSignalStatistics(),
  discarded: { metrics: 0 },
  refused: {},
});

/** Counts a rejected record and remembers which one it was. */
export const countRejection = (statistics: SignalStatistics, rejection: Omit<Rejection, "at">): void => {
  const { reason } = rejection;
  statistics.rejected[reason] = (statistics.rejected[reason] ?? 0) + 1;
  statistics.rejections.push({
    at: new Date().toISOString(),
    reason,
    detail: rejection.detail.slice(0, textKept),
    service: rejection.service.slice(0, textKept),
    span: rejection.span.slice(0, textKept),
    traceId: rejection.traceId.slice(0, 32),
    spanId: rejection.spanId.slice(0, 16),
  });
  if (statistics.rejections.length > rejectionsKept) statistics.rejections.shift();
};

/** "2 spans without a valid trace id; 1 span that cannot be read". */
export const describeRejections = (reasons: ReadonlyMap<RejectionReason, number>, noun: string): string =>
  [...reasons]
    .map(([reason, count]) => `${count} ${count === 1 ? noun : `${noun}s`} ${rejectionText[reason]}`)
    .join("; ");
