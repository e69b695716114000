export {
  AgentContextPropagator,
  recordOutcome,
  TokenledgerSpanProcessor,
  withAgent,
  withTask,
} from "@tokenledger/core";
