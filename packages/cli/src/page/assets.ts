import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of the page, as it is served. */
export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  /** Its name changes with its content: browsers may keep it. */
  readonly isLasting: boolean;
}

/** All files of the page by path; what is not in here is not served, whatever a path says. */
export type Assets = ReadonlyMap<string, Asset>;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The page is built beside the code that serves it. */
const builtPage = fileURLToPath(new URL("./page/", import.meta.url));

/** Reads the built page. @throws Error where it was not built */
export function readAssets(directory: string = builtPage): Assets {
  const assets = new Map<string, Asset>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(join(directory, "/").length - 1);
    assets.set(path, { body: readFileSync(file), type, isLasting: path.startsWith("/assets/") });
  }
  return assets;
}
