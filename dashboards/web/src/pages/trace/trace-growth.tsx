import type { JSX } from "preact";
import { ContextGrowth } from "../../conversation/context-growth.tsx";
import type { TimeRange } from "../../data/instant.ts";

/** How the context of a trace's agents grew. */
export function TraceGrowth({ traceId, time }: { traceId: string; time: TimeRange | undefined }): JSX.Element {
  return <ContextGrowth selection={time && { ...time, in_trace: traceId, in_conversation: "", in_service: "" }} />;
}
