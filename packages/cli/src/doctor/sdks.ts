import { createRequire } from "node:module";
import { join } from "node:path";
import { anthropic } from "@tokenledger/instrumentation-anthropic";
import { openai } from "@tokenledger/instrumentation-openai";
import { ok, warning, type Finding } from "./finding.ts";
import { satisfies } from "semver";

/** The SDKs that an app in `folder` would load, beside the versions that were tested. */
export function lookAtSdks(folder: string): Finding[] {
  const resolve = createRequire(join(folder, "package.json"));
  return [openai, anthropic].flatMap(({ module: { name, versions } }) => {
    const version = versionOf(resolve, name);
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

function versionOf(resolve: NodeJS.Require, name: string): string | undefined {
  try {
    return (resolve(`${name}/package.json`) as { version: string }).version;
  } catch {
    return undefined;
  }
}
