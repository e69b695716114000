/**
 * Words on as many lines as there is room for, the last one cut with an ellipsis; none where not even a few letters
 * fit. Width is judged by the mean width of a letter: a drawing cuts off what sticks out.
 */
export function fittedLines(text: string, width: number, most: number): string[] {
  const room = Math.floor(width / letterWidth);
  if (room < leastLetters || most < 1) return [];
  const lines: string[] = [];
  let rest = text.trim();
  while (rest !== "" && lines.length < most) {
    if (rest.length <= room) return [...lines, rest];
    const isLast = lines.length === most - 1;
    const space = rest.lastIndexOf(" ", room);
    const end = !isLast && space > 0 ? space : room - 1;
    lines.push(isLast || space <= 0 ? `${rest.slice(0, end)}…` : rest.slice(0, end));
    // A word too long for a line is cut: what comes after would be read as another.
    if (space <= 0) break;
    rest = rest.slice(end).trim();
  }
  return lines;
}

/** Pixels, at the size of labels in drawings. */
const letterWidth = 7.3;
const leastLetters = 4;
