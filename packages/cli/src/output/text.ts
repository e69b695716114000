/** Control characters, bidirectional overrides, invisible marks and line separators: they steer a terminal. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Makes a name that came with a span safe to print: what could move the cursor, recolour the screen or
 * reorder the line is shown as `\xNN` or `\u{NNNN}`.
 */
export function plain(value: unknown): string {
  return String(value ?? "").replace(steering, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

/** Cuts a text to `width` characters, marking the cut. */
export function cut(value: string, width: number): string {
  const characters = [...value];
  return characters.length <= width ? value : `${characters.slice(0, width - 1).join("")}…`;
}
