import { type RejectionReason, rejectionText } from "../otlp/span-check.ts";

/**
 * What became of everything a receiver took in since it started.
 *
 * `received = stored + duplicates + deferred + every rejection + held`, in spans.
 */
export interface ReceiverStatistics {
  /** Spans in requests that could be read. */
  received: number;
  /** Spans committed to the landing table. */
  stored: number;
  /** Spans of a batch that this receiver had acknowledged before, to the last byte: the database dropped the copy. */
  duplicates: number;
  /** Spans sent back with "try again": their sender still has them. */
  deferred: number;
  /** Spans being inserted now. */
  held: number;
  /** Spans set aside, by reason. */
  rejected: Partial<Record<RejectionReason, number>>;
  /** Requests of signals other than traces, answered and dropped. */
  discarded: { metrics: number; logs: number };
  /** Requests answered with an error, by HTTP status. */
  refused: Record<string, number>;
  /** The latest rejected spans, by name and id only. */
  rejections: Rejection[];
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

export const newStatistics = (): ReceiverStatistics => ({
  received: 0,
  stored: 0,
  duplicates: 0,
  deferred: 0,
  held: 0,
  rejected: {},
  discarded: { metrics: 0, logs: 0 },
  refused: {},
  rejections: [],
});

/** Counts a rejected span and remembers which one it was. */
export const countRejection = (statistics: ReceiverStatistics, rejection: Omit<Rejection, "at">): void => {
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
export const describeRejections = (reasons: ReadonlyMap<RejectionReason, number>): string =>
  [...reasons]
    .map(([reason, count]) => `${count} ${count === 1 ? "span" : "spans"} ${rejectionText[reason]}`)
    .join("; ");
