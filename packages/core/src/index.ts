export * from "./adapter.ts";
export { names, type CallOutcome, type UsageScope, type UsageSource } from "./attributes.ts";
export { tokenClasses, totalAttributes, type TokenClass } from "./token-classes.ts";
export {
  activeContext,
  activeDiag,
  activeTracerProvider,
  hasContextManager,
  offerStandIn,
  runIn,
  tracerFor,
  type StandIn,
} from "./telemetry.ts";
export { usageAttributes } from "./usage.ts";
