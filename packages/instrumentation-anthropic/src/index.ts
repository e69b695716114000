export { anthropic } from "./adapter.ts";
export { usageOf, type ReportedUsage, type UsageFacts } from "./usage.ts";
