import type { LedgerTarget } from "@tokenledger/clickhouse";
import { decodeJson } from "../otlp/decode-json.ts";
import { decodeProtobuf } from "../otlp/decode-protobuf.ts";
import { landingRow, rowSize } from "../otlp/landing-row.ts";
import type { ReceivedSpan, SpanSource } from "../otlp/received-span.ts";
import { type RejectionReason, rejectionOf } from "../otlp/span-check.ts";
import type { Delivery } from "./batch-writer.ts";
import { createInsertQueue } from "./insert-queue.ts";
import { Refusal } from "./refusal.ts";
import type { BodyFormat } from "./request-body.ts";
import { countRejection, describeRejections, type Rejection, type ReceiverStatistics } from "./statistics.ts";

/** Takes decoded requests into the landing table and accounts for every span. */
export interface Intake {
  /**
   * Settles when every storable span of the body is committed; says what was set aside, if anything.
   *
   * @throws MalformedInput when the body cannot be read, Refusal 413, PassingFault when nothing is known to be stored
   */
  take(body: Buffer, format: BodyFormat): Promise<{ rejectedSpans: number; message: string } | undefined>;
  drain(): Promise<void>;
}

/** One request's rows: each repeats its resource, so they may be many times the body. */
const maxRowBytes = 32 * 2 ** 20;
/** The rows of a smaller body can't be so large that they must be measured before they are built. */
const measuredBodyBytes = 4 * 2 ** 20;
const nanosPerDay = 86_400_000_000_000n;

export const createIntake = (target: LedgerTarget, statistics: ReceiverStatistics, onStored: () => void): Intake => {
  const queue = createInsertQueue(target);
  return {
    drain: () => queue.drain(),
    async take(body, format) {
      const decoded = decode(body, format);
      const reasons = new Map<RejectionReason, number>();
      const reject = (rejection: Omit<Rejection, "at">): void => {
        countRejection(statistics, rejection);
        reasons.set(rejection.reason, (reasons.get(rejection.reason) ?? 0) + 1);
      };
      statistics.received += decoded.spans + decoded.rejections.length;
      decoded.rejections.forEach(reject);
      statistics.held += decoded.spans;
      try {
        const outcome = decoded.spans === 0 ? undefined : await queue.add(decoded);
        statistics.stored += outcome?.stored ?? 0;
        statistics.duplicates += outcome?.duplicates ?? 0;
        for (const { row, problem } of outcome?.refused ?? []) reject(describeRow(row, problem));
        if (outcome !== undefined && outcome.stored > 0) onStored();
      } catch (error) {
        statistics.deferred += decoded.spans;
        throw error;
      } finally {
        statistics.held -= decoded.spans;
      }
      const rejectedSpans = [...reasons.values()].reduce((sum, count) => sum + count, 0);
      return rejectedSpans === 0 ? undefined : { rejectedSpans, message: describeRejections(reasons) };
    },
  };
};

interface Decoded extends Delivery {
  rows: Map<number, string[]>;
  spans: number;
  rejections: Omit<Rejection, "at">[];
}

const decode = (body: Buffer, format: BodyFormat): Decoded => {
  const decoded: Decoded = { rows: new Map(), bytes: 0, spans: 0, rejections: [] };
  const now = Date.now();
  const reject = (reason: RejectionReason, detail: string, source: SpanSource, span?: ReceivedSpan): void => {
    decoded.rejections.push({
      reason,
      detail,
      service: source.resource.get("service.name") ?? "",
      span: span?.name ?? "",
      traceId: span?.traceId ?? "",
      spanId: span?.spanId ?? "",
    });
  };
  const sink = {
    span: (span: ReceivedSpan, source: SpanSource): void => {
      const reason = rejectionOf(span, now);
      if (reason !== undefined) {
        reject(reason, "", source, span);
        return;
      }
      if (body.length > measuredBodyBytes) refuseBeyondBound(decoded.bytes + rowSize(span, source));
      const row = landingRow(span, source);
      decoded.bytes += row.length;
      refuseBeyondBound(decoded.bytes);
      const day = Number(span.startNanos / nanosPerDay);
      const rows = decoded.rows.get(day);
      if (rows === undefined) decoded.rows.set(day, [row]);
      else rows.push(row);
      decoded.spans += 1;
    },
    unreadable: (problem: string, source: SpanSource): void => reject("malformed", problem, source),
  };
  if (format === "json") decodeJson(body, sink);
  else decodeProtobuf(body, sink);
  return decoded;
};

const refuseBeyondBound = (bytes: number): void => {
  if (bytes > maxRowBytes) throw new Refusal(413, "the spans unfold to too much; send fewer at once");
};

/** Names a row that the database refused: columns 2, 3, 6 and 8 of its text. */
const describeRow = (row: string, problem: string): Omit<Rejection, "at"> => {
  const values: unknown = JSON.parse(row);
  const [, traceId, spanId, , , span, , service] = Array.isArray(values) ? values.map(String) : [];
  return {
    reason: "refused_by_store",
    detail: problem,
    service: service ?? "",
    span: span ?? "",
    traceId: traceId ?? "",
    spanId: spanId ?? "",
  };
};
