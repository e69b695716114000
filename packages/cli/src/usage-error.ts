/** The command line was wrong: exit code 2, and a message that says what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
