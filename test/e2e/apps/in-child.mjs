// The call is made in a forked process, which inherits the hooks.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

fork(fileURLToPath(new URL("./one-call.mjs", import.meta.url)));
