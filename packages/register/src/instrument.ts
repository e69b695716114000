import { start } from "./start.ts";

// For applications that set up OpenTelemetry themselves: observe, and leave sending to them.
start({ provider: false });
