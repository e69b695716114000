/**
 * Prints one JSON document. Money and 64-bit counts stay decimal strings; `null` is unknown. The keys of
 * `body` are part of the command's contract, which `schemaVersion` names.
 */
export function printJson(body: Record<string, unknown>): void {
  process.stdout.write(
    `${JSON.stringify({ schemaVersion: 1, generatedAt: new Date().toISOString(), ...body }, undefined, 2)}\n`,
  );
}
