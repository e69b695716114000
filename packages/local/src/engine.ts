import { createRequire } from "node:module";
import { LocalFault } from "./fault.ts";

/** Packages that carry the ClickHouse engine as a shared library, by platform. */
const packages: Readonly<Record<string, string>> = { "linux-x64": "@chdb/lib-linux-x64-gnu" };

const require = createRequire(import.meta.url);

/**
 * Path of the engine's shared library.
 *
 * @throws LocalFault `engine_missing` where no package carries it for this platform or it is not installed
 */
export const enginePath = (platform: string = `${process.platform}-${process.arch}`): string => {
  const elsewhere =
    "use a ClickHouse server of your own instead: --clickhouse http://USER:PASSWORD@HOST:8123/tokenledger";
  const name = packages[platform];
  if (name === undefined) {
    throw new LocalFault("engine_missing", `The embedded ClickHouse does not run on ${platform}; ${elsewhere}`);
  }
  try {
    return require.resolve(`${name}/libchdb.so`);
  } catch (error) {
    const message = `The embedded ClickHouse is not installed. Run: npm install ${name}; or ${elsewhere}`;
    throw new LocalFault("engine_missing", message, { cause: error });
  }
};
