/** What JSON leaves as it is though a terminal would obey it: C1 controls, invisible and reordering marks. */
const steering = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Prints one JSON document. Money and 64-bit counts stay decimal strings; `null` is unknown. The keys of
 * `body` are part of the command's contract, which `schemaVersion` names.
 */
export function printJson(body: Record<string, unknown>): void {
  const text = JSON.stringify({ schemaVersion: 1, generatedAt: new Date().toISOString(), ...body }, undefined, 2);
  process.stdout.write(`${text.replaceAll(steering, escaped)}\n`);
}

/** The same character, as JSON spells it in ASCII: two escapes above the basic plane. */
const escaped = (character: string): string =>
  character.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
