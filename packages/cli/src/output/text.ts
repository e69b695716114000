/** Control characters, bidirectional overrides, invisible marks and line separators: they steer a terminal. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Makes a name that came with a span safe to print: what could move the cursor, recolour the screen or
 * reorder the line is shown as `\xNN` or `\u{NNNN}`.
 */
export function plain(value: string): string {
  return value.replace(steering, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

/** Makes the text of several lines safe, its line ends and tabs left alone. */
export const plainLines = (text: string): string => text.replaceAll(/[^\n\t]+/g, (part) => plain(part));

/** Cuts a text to `width` characters, marking the cut. */
export function cut(value: string, width: number): string {
  const characters = Array.from(value);
  return characters.length <= width ? value : `${characters.slice(0, width - 1).join("")}…`;
}

/** Breaks a text between words so that no line is longer than `width`, each line indented. */
export function wrapped(text: string, indent = "", width = 80): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join("\n");
}

/** What an error says, whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The same for the user of a command: a lost connection names what was lost and what to do. */
export function explanationOf(error: unknown): string {
  const lost = error instanceof Error && "code" in error && connectionCodes.has(String(error.code));
  if (!lost) return messageOf(error).trim();
  return `The ledger stopped answering (${messageOf(error)}); run the command again, and tokenledger doctor if that does not help`;
}

const connectionCodes: ReadonlySet<string> = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE"]);
