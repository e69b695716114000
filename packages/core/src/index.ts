export * from "./adapter.ts";
export { names, type CallOutcome, type UsageScope, type UsageSource } from "./attributes.ts";
export { billedLines, type BilledLineSpan } from "./billed-lines.ts";
export { AgentContextPropagator } from "./baggage.ts";
export { type Environment, forgetSettings, readSettings, type Settings, settings } from "./config.ts";
export { type AgentRun, recordOutcome, type Task, withTask } from "./context.ts";
export {
  type InstrumentationClass,
  instrumentationFor,
  type ModuleObserver,
  type ModulePatch,
  patchingInstrumentation,
} from "./instrumentation.ts";
export { type Exports, type Method, patchTarget } from "./patch.ts";
export { observedModules } from "./observed-modules.ts";
export { TokenledgerSpanProcessor } from "./processor.ts";
export {
  type AgentRunHandle,
  type AgentRunStart,
  type Ending,
  startAgentRun,
  startToolCall,
  type StructureHandle,
  type ToolCallStart,
  withAgent,
} from "./structure.ts";
export { tokenClasses, totalAttributes, type TokenClass } from "./token-classes.ts";
export { activeTracerProvider, context, diag, hasContextManager, offerStandIn, type StandIn } from "./telemetry.ts";
export { usageAttributes } from "./usage.ts";
export { quietly } from "./guard.ts";
export { processState } from "./process-state.ts";
export { isAlive } from "./living-process.ts";
export { writePrivateFile } from "./private-file.ts";
export { type ClaimedFile, localSpool, Spool } from "./spool.ts";
export { pieceAttributes, promptAttributes } from "./prompt/prompt-attributes.ts";
export { answerParts, type PromptPart, promptParts, type SegmentKind } from "./prompt/prompt-parts.ts";
export { measuredPiece, type PromptPiece, unrecordedPiece } from "./prompt/segments.ts";
