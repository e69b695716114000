import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { startProviderDouble, type Script } from "./index.ts";

/**
 * The double as a program: `node main.ts [--port N] [--bill FILE] [--script MODULE]`.
 *
 * Prints `{ url, openai, anthropic }` as one line of JSON when it listens, and stops on SIGTERM,
 * SIGINT or when the parent's IPC channel closes. `GET /bill` and `GET /requests` return what the
 * functions of that name do. MODULE's default export is the script.
 */
const { values } = parseArgs({
  options: { port: { type: "string" }, bill: { type: "string" }, script: { type: "string" } },
});
const loaded: { default?: Script } = values.script ? await import(pathToFileURL(values.script).href) : {};
const double = await startProviderDouble({
  port: Number(values.port ?? 0),
  ...(values.bill && { bill: values.bill }),
  ...(loaded.default && { script: loaded.default }),
});
console.log(JSON.stringify({ url: double.url, openai: double.openai, anthropic: double.anthropic }));

const stop = (): void => void double.close().then(() => process.exit(0));
process.once("SIGTERM", stop).once("SIGINT", stop).once("disconnect", stop);
