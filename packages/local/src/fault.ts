/** What went wrong, for programs; the message says it, and what to do, for people. */
export type FaultCode =
  | "engine_missing"
  | "store_busy"
  | "store_failed"
  | "port_in_use"
  | "collector_missing"
  | "collector_failed"
  | "disk_full"
  | "directory_unsafe"
  | "already_running"
  | "not_loopback"
  | "not_allowed"
  | "unreachable";

/** An error of the local ledger that a person can act on. */
export class LocalFault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LocalFault";
    this.code = code;
  }
}

/** `code` of a system error (`ENOENT`, `EADDRINUSE`, …), if it is one. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
