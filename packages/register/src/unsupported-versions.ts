import { join } from "node:path";
import { observedModules, writePrivateFile } from "@tokenledger/core";

const noted = new Set<string>();

/**
 * Leaves a notice in `<home>/notices` for each SDK that was loaded in a version outside the tested
 * range, where `doctor` finds it after the process has gone. The engine has said so through `diag`.
 */
export const noteUnsupportedVersions = (home: string): void => {
  for (const { name, version, supported } of observedModules()) {
    const key = `${name}@${version}`;
    if (supported || noted.has(key)) continue;
    noted.add(key);
    const notice = { kind: "unsupported", module: name, version, time: new Date().toISOString(), pid: process.pid };
    const file = `unsupported-${key.replaceAll(/[^\w.@-]/g, "_")}.json`;
    writePrivateFile(join(home, "notices", file), `${JSON.stringify(notice)}\n`);
  }
};
