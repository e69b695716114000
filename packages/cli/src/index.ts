export { recordOutcome, TokenledgerSpanProcessor, withAgent, withTask } from "@tokenledger/core";
