import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { installedPackages } from "./installed-packages.ts";
import type { BenchResult } from "./result.ts";
import { interval, median } from "./statistics.ts";

const packages = resolve(import.meta.dirname, "../../packages");
const timeBarMillis = 60;
const sizeBarBytes = 20e6;

/** The OpenTelemetry packages that `register` uses, as a program would load them by itself. */
const sdk = [
  "@opentelemetry/api",
  "@opentelemetry/context-async-hooks",
  "@opentelemetry/instrumentation",
  "@opentelemetry/otlp-exporter-base/node-http",
  "@opentelemetry/otlp-transformer",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace",
];

interface Format {
  readonly name: string;
  readonly flag: string;
  readonly extension: string;
  readonly load: (module: string) => string;
}

const formats: readonly Format[] = [
  { name: "CJS", flag: "--require", extension: "cjs", load: (module) => `require(${JSON.stringify(module)});` },
  { name: "ESM", flag: "--import", extension: "mjs", load: (module) => `import ${JSON.stringify(module)};` },
];

/** Every variant of a program runs once a round, so that a busy machine slows all of them alike. */
type Round = Readonly<Record<"bare" | "hooked" | "withSdk" | "withRegister", number>>;

/**
 * What `register` costs a program: CPU time at its start, which other programs on the machine do not
 * change, and bytes installed. Needs built packages.
 */
export const benchLoad = (rounds: number): BenchResult[] => {
  // Inside the package, so that its dependencies resolve.
  const folder = mkdtempSync(join(packages, "register/.bench-"));
  const home = mkdtempSync(join(tmpdir(), "tokenledger-bench-"));
  try {
    return [...formats.flatMap((format) => benchFormat(format, rounds, folder, home)), benchSize()];
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(home, { recursive: true });
  }
};

const benchFormat = (format: Format, count: number, folder: string, home: string): BenchResult[] => {
  const { name, flag, extension, load } = format;
  const write = (file: string, text: string): string => {
    const path = join(folder, `${file}.${extension}`);
    writeFileSync(path, text);
    return path;
  };
  const report = `process.on("exit", () => console.log(JSON.stringify(process.cpuUsage())));`;
  const nothing = write("nothing", report);
  const program = write("program", `${load("openai")}\n${report}`);
  const sdkAlone = write("sdk", sdk.map((module) => load(module)).join("\n"));
  const register = join(packages, "register/dist", extension === "cjs" ? "index.cjs" : "index.js");
  const round = (): Round => ({
    bare: cpuMillis([nothing], home),
    hooked: cpuMillis([flag, register, nothing], home),
    withSdk: cpuMillis([flag, sdkAlone, program], home),
    withRegister: cpuMillis([flag, register, program], home),
  });
  round(); // Fills the file cache.
  const rounds = Array.from({ length: count }, round);
  const beyond = interval(rounds, (drawn) => median(drawn.map(({ withRegister, withSdk }) => withRegister - withSdk)));
  const idle = interval(rounds, (drawn) => median(drawn.map(({ hooked, bare }) => hooked - bare)));
  return [
    {
      name: `load register, ${name}, program with openai, beyond the OpenTelemetry SDK`,
      measured: milliseconds(beyond),
      bar: `≤ ${timeBarMillis} ms`,
      met: beyond.high <= timeBarMillis,
    },
    {
      name: `load register, ${name}, program without an LLM SDK, beyond Node`,
      measured: milliseconds(idle),
      bar: "none",
    },
  ];
};

const milliseconds = ({ value, low, high }: { value: number; low: number; high: number }): string =>
  `${value.toFixed(0)} ms CPU (${low.toFixed(0)} to ${high.toFixed(0)})`;

const cpuMillis = (args: readonly string[], home: string): number => {
  const options = { env: { TOKENLEDGER_HOME: home }, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}; build first.\n${stderr}`);
  const { user, system }: NodeJS.CpuUsage = JSON.parse(stdout);
  return (user + system) / 1_000;
};

const benchSize = (): BenchResult => {
  const sizes = installedPackages(packages, "register");
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return {
    name: `register installed, ${sizes.size} packages with all dependencies`,
    measured: `${(bytes / 1e6).toFixed(1)} MB`,
    bar: `≤ ${sizeBarBytes / 1e6} MB`,
    met: bytes <= sizeBarBytes,
  };
};
