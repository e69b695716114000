import type { LedgerTarget } from "@tokenledger/clickhouse";
import type { RecordSource } from "../otlp/received.ts";
import type { RejectionReason } from "../otlp/span-check.ts";
import type { Delivery } from "./batch-writer.ts";
import { createInsertQueue } from "./insert-queue.ts";
import { Refusal } from "./refusal.ts";
import type { BodyFormat } from "./request-body.ts";
import { decodeSignal, type RecordName, type Signal } from "./signals.ts";
import { countRejection, describeRejections, type Rejection, type SignalStatistics } from "./statistics.ts";

/** What of a request was set aside. */
export interface SetAside {
  rejected: number;
  message: string;
}

/** Takes the requests of one signal into its landing table and accounts for every record. */
export interface Intake {
  /**
   * Settles when every storable record of the body is committed; says what was set aside, if anything.
   *
   * @throws MalformedInput when the body cannot be read, Refusal 413, PassingFault when nothing is known to be stored
   */
  take(body: Buffer, format: BodyFormat): Promise<SetAside | undefined>;
  drain(): Promise<void>;
}

/** One request's rows: each repeats its resource, so they may be many times the body. */
const maxRowBytes = 32 * 2 ** 20;
/** The rows of a smaller body can't be so large that they must be measured before they are built. */
const measuredBodyBytes = 4 * 2 ** 20;
const nanosPerDay = 86_400_000_000_000n;

export const createIntake = <Received>(
  target: LedgerTarget,
  signal: Signal<Received>,
  statistics: SignalStatistics,
  onStored: () => void,
): Intake => {
  const queue = createInsertQueue(target, signal.table);
  return {
    drain: () => queue.drain(),
    async take(body, format) {
      const decoded = decode(body, format, signal);
      const reasons = new Map<RejectionReason, number>();
      const reject = (rejection: Omit<Rejection, "at">): void => {
        countRejection(statistics, rejection);
        reasons.set(rejection.reason, (reasons.get(rejection.reason) ?? 0) + 1);
      };
      statistics.received += decoded.records + decoded.rejections.length;
      decoded.rejections.forEach(reject);
      statistics.held += decoded.records;
      try {
        const outcome = decoded.records === 0 ? undefined : await queue.add(decoded);
        statistics.stored += outcome?.stored ?? 0;
        statistics.duplicates += outcome?.duplicates ?? 0;
        for (const { row, problem } of outcome?.refused ?? []) reject(describeRow(row, problem, signal.table.columns));
        if (outcome !== undefined && outcome.stored > 0) onStored();
      } catch (error) {
        statistics.deferred += decoded.records;
        throw error;
      } finally {
        statistics.held -= decoded.records;
      }
      const rejected = [...reasons.values()].reduce((sum, count) => sum + count, 0);
      return rejected === 0 ? undefined : { rejected, message: describeRejections(reasons, signal.noun) };
    },
  };
};

interface Decoded extends Delivery {
  rows: Map<number, string[]>;
  records: number;
  rejections: Omit<Rejection, "at">[];
}

const decode = <Received>(body: Buffer, format: BodyFormat, signal: Signal<Received>): Decoded => {
  const decoded: Decoded = { rows: new Map(), bytes: 0, records: 0, rejections: [] };
  const now = Date.now();
  const reject = (reason: RejectionReason, detail: string, source: RecordSource, name: RecordName): void => {
    decoded.rejections.push({ reason, detail, service: source.resource.get("service.name") ?? "", ...name });
  };
  decodeSignal(body, format, signal, {
    record: (received, source) => {
      const reason = signal.rejectionOf(received, now);
      if (reason !== undefined) {
        reject(reason, "", source, signal.nameOf(received));
        return;
      }
      if (body.length > measuredBodyBytes) refuseBeyondBound(decoded.bytes + signal.sizeOf(received, source));
      const row = signal.rowOf(received, source);
      decoded.bytes += row.length;
      refuseBeyondBound(decoded.bytes);
      const day = Number(signal.timeOf(received) / nanosPerDay);
      const rows = decoded.rows.get(day);
      if (rows === undefined) decoded.rows.set(day, [row]);
      else rows.push(row);
      decoded.records += 1;
    },
    unreadable: (problem, source) => reject("malformed", problem, source, { span: "", traceId: "", spanId: "" }),
  });
  return decoded;
};

const refuseBeyondBound = (bytes: number): void => {
  if (bytes > maxRowBytes) throw new Refusal(413, "the request unfolds to too much; send less at once");
};

/** Names a row that the database refused, by the columns that name it. */
const describeRow = (row: string, problem: string, columns: readonly string[]): Omit<Rejection, "at"> => {
  const values: unknown = JSON.parse(row);
  const cell = (column: string): string => (Array.isArray(values) ? String(values[columns.indexOf(column)] ?? "") : "");
  return {
    reason: "refused_by_store",
    detail: problem,
    service: cell("ServiceName"),
    span: cell("SpanName"),
    traceId: cell("TraceId"),
    spanId: cell("SpanId"),
  };
};
