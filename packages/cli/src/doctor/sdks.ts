import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { anthropic } from "@tokenledger/instrumentation-anthropic";
import { openai } from "@tokenledger/instrumentation-openai";
import { ok, warning, type Finding } from "./finding.ts";
import { satisfies } from "semver";

/** The SDKs that an app in `folder` would load, beside the versions that were tested. */
export function lookAtSdks(folder: string): Finding[] {
  const require = createRequire(join(folder, "package.json"));
  return [openai, anthropic].flatMap(({ module: { name, versions } }) => {
    const version = versionOf(require, name);
    if (version === undefined) return [];
    return satisfies(version, versions, { includePrerelease: true })
      ? ok(name, `${version} is observed`)
      : warning(
          name,
          `${version} is outside the tested range ${versions}: its calls are missing`,
          `install ${name} ${versions}`,
        );
  });
}

/** Read from the folder, not through the module: packages need not export their manifest. */
function versionOf(require: NodeJS.Require, name: string): string | undefined {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")) as { version: string }).version;
    } catch {
      // Not in this folder: Node looks into the next one, too.
    }
  }
  return undefined;
}
