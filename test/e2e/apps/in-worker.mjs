// The call is made in a worker thread, which inherits the hooks.
import { Worker } from "node:worker_threads";

new Worker(new URL("./one-call.mjs", import.meta.url));
