import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Colours a text for the stream it goes to: only on a terminal, and never against `NO_COLOR`. */
const styled =
  (format: Format) =>
  (text: string, stream: NodeJS.WriteStream = process.stdout): string =>
    styleText(format, text, { stream });

type Style = ReturnType<typeof styled>;

/** The heading of a section. */
const bold: Style = styled("bold");
export const dim: Style = styled("dim");
export const good: Style = styled("green");
/** What is unknown, unpriced or set aside: it must catch the eye. */
export const warn: Style = styled("yellow");
/** What does not work. */
export const bad: Style = styled("red");

/** Starts a section. */
export const heading = (text: string): string => `\n${bold(text)}`;
