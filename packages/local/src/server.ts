// Entry of the child process that is the ClickHouse server.
//
// The engine's main function runs on a worker thread, so this process keeps an event loop to follow its
// parent: when the channel to the parent closes, for whatever reason, the server stops. ffi-rs calls C on
// the thread's own stack; bindings that switch stacks are refused by the engine's stack check.
import { DataType, load, open } from "ffi-rs";
import type { ServerStart } from "./server-process.ts";

const library = "engine";
const stopDeadlineMs = 15_000;
/**
 * Keeps the engine's session, and with it the server, alive: ten rows a second, without end. It can be
 * ended between two rows only, so this is also how long a command waits for the server to stop.
 */
const sessionQuery = "SELECT sleepEachRow(0.1) FROM system.numbers";

let stopping = false;
/** Ends the engine's session query, which makes its main function return; the deadline is for a stuck engine. */
const stop = (start: ServerStart): void => {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.kill(process.pid, "SIGKILL"), stopDeadlineMs).unref();
  fetch(start.url, {
    method: "POST",
    body: `KILL QUERY WHERE startsWith(query, '${sessionQuery}') ASYNC`,
    headers: { "X-ClickHouse-User": start.username, "X-ClickHouse-Key": start.password, Connection: "close" },
    signal: AbortSignal.timeout(5_000),
  }).then(
    (response) => {
      if (!response.ok) process.kill(process.pid, "SIGKILL");
    },
    () => process.kill(process.pid, "SIGKILL"),
  );
};

/** An engine's answer is read as an address first: reading a null pointer as text would crash. */
const readError = (result: number): string | undefined => {
  const call = { library, funcName: "chdb_result_error", paramsType: [DataType.U64], paramsValue: [result] };
  if (result === 0 || load({ ...call, retType: DataType.U64 }) === 0) return undefined;
  return load({ ...call, retType: DataType.String });
};

const run = async (start: ServerStart): Promise<number> => {
  open({ library, path: start.library });
  const words = ["clickhouse", `--config-file=${start.configurationFile}`];
  const listening = start.listeners.map((protocol) => `SYSTEM START LISTEN ${protocol}`);
  for (const query of [...listening, `${sessionQuery} FORMAT Null SETTINGS max_block_size = 1`]) {
    words.push("--query", query);
  }
  const result = await load({
    library,
    funcName: "chdb_query_cmdline",
    retType: DataType.U64,
    paramsType: [DataType.I32, DataType.StringArray],
    paramsValue: [words.length, words],
    runInNewThread: true,
  });
  const problem = readError(result);
  if (problem !== undefined && !stopping) process.stderr.write(`${problem}\n`);
  return stopping ? 0 : 1;
};

process.umask(0o077);
process.once("message", (start: ServerStart) => {
  process.once("disconnect", () => stop(start));
  process.once("SIGTERM", () => stop(start));
  run(start).then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
