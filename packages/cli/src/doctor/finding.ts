/** What one look of the doctor found. */
export interface Finding {
  /** `ok`, `warning` (the ledger is incomplete or soon will be), `problem` (something does not work). */
  level: "ok" | "warning" | "problem";
  /** What was looked at. */
  subject: string;
  found: string;
  /** What to do; absent where nothing is. */
  remedy?: string;
}

export const ok = (subject: string, found: string): Finding => ({ level: "ok", subject, found });
export const warning = (subject: string, found: string, remedy: string): Finding => ({
  level: "warning",
  subject,
  found,
  remedy,
});
export const problem = (subject: string, found: string, remedy: string): Finding => ({
  level: "problem",
  subject,
  found,
  remedy,
});
