import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { makePrivateDirectory, readIfPresent, writePrivateFile } from "./private-files.ts";

/** A secret that is made once and kept in a file for its owner alone, so that it needs to be handed out only once. */
export const keptSecret = (file: string): string => {
  const kept = readIfPresent(file)?.trim();
  if (kept) return kept;
  makePrivateDirectory(dirname(file));
  const secret = randomBytes(24).toString("base64url");
  writePrivateFile(file, `${secret}\n`);
  return secret;
};
