import { bad, dim, good, warn } from "../output/style.ts";
import { plain } from "../output/text.ts";
import type { Finding } from "./finding.ts";

/** A finding for a terminal, with what to do beneath it. */
export function findingLine({ level, subject, found, remedy }: Finding): string {
  const mark = level === "ok" ? good("ok") : level === "warning" ? warn("!!") : bad("XX");
  const advice = remedy === undefined ? "" : `\n     ${dim(`→ ${plain(remedy)}`)}`;
  return `${mark}  ${plain(subject)}: ${plain(found)}${advice}`;
}
