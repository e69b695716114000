export type { BillLine } from "./bill.ts";
export { startProviderDouble, type ProviderDouble, type ProviderDoubleOptions, type SeenRequest } from "./double.ts";
export type { Prompt } from "./prompt.ts";
export type { Answer, Failure, Interruption, ProviderApi, ProviderCall, Rule, Script } from "./script.ts";
export type { TrueUsage } from "./usage.ts";
