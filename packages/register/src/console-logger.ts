import { DiagConsoleLogger, DiagLogLevel, type DiagLogFunction, type DiagLogger } from "@opentelemetry/api";

/**
 * Prints diagnostics where the application has set no logger: from `OTEL_LOG_LEVEL` up, warnings and
 * errors where it says nothing. A call that is missing from the ledger should not be missing quietly.
 */
export const consoleLogger = (level: string | undefined): DiagLogger => {
  const asked = DiagLogLevel[(level?.trim().toUpperCase() ?? "WARN") as keyof typeof DiagLogLevel] ?? DiagLogLevel.WARN;
  const target = new DiagConsoleLogger();
  const from = (lowest: DiagLogLevel, log: DiagLogFunction): DiagLogFunction => (asked >= lowest ? log : () => {});
  return {
    error: from(DiagLogLevel.ERROR, target.error),
    warn: from(DiagLogLevel.WARN, target.warn),
    info: from(DiagLogLevel.INFO, target.info),
    debug: from(DiagLogLevel.DEBUG, target.debug),
    verbose: from(DiagLogLevel.VERBOSE, target.verbose),
  };
};
