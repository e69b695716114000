import { start } from "./start.ts";

// `node --import @tokenledger/register app.js`: observe, and send spans where the application has no
// tracing of its own.
start({ provider: true });
