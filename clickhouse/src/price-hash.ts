import { createHash } from "node:crypto";
import type { PriceCatalogue } from "./prices.ts";

/** Names a catalogue's content, in SHA-256: equal rows in equal order have equal names. */
export function catalogueHash({ points, cards, names }: PriceCatalogue): string {
  return createHash("sha256")
    .update(JSON.stringify([points, cards, names]))
    .digest("hex");
}
