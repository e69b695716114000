import { readFileSync } from "node:fs";

/** Clock ticks that Linux counts CPU time in, a second. */
const ticksPerSecond = 100;

/** CPU time that a process has used, all its threads together, in seconds. Linux only. */
export const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

/** Memory of a process in MB: what it holds now, and the most that it has held. Linux only. */
export const memoryMegabytes = (pid: number): { now: number; peak: number } => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1]);
  return { now: kilobytes("VmRSS") / 1_000, peak: kilobytes("VmHWM") / 1_000 };
};
