export { type AdapterUnderTest, describeAdapter } from "./testing/adapter-suite.ts";
export { collectGarbageUntil } from "./testing/garbage.ts";
export { observable, readAll, seenBy } from "./testing/observable.ts";
export { patchModule, type PatchedModule } from "./testing/patched-module.ts";
export {
  type Answer,
  type Exchange,
  type RecordedRequest,
  type ReplayServer,
  startReplayServer,
} from "./testing/replay-server.ts";
export { type CallUnderTest, type HelperUnderTest, secret } from "./testing/scenario.ts";
export { collectSpans, type SpanCollector } from "./testing/span-collector.ts";
