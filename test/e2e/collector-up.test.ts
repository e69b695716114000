import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger } from "@tokenledger/local";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commandLine, interrupt, type Running, startUp } from "./cli-process.ts";
import { billedIds, calls, distribution, idsOf, isBuilt, post, type WireSpan } from "./collector-rig.ts";

let home: string;
let running: Running;

const start = (): Promise<Running> => startUp(home, ["--collector", distribution]);
const send = (spans: readonly WireSpan[]): Promise<number> =>
  post({ url: running.receiver }, spans, readFileSync(join(home, "token"), "utf8").trim());
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
const below = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...below(child)]);
const nameOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, "utf8").trim();
/** The kernel keeps 15 letters of a name. */
const collectorPid = (): number =>
  below(running.child.pid ?? 0).find((pid) => "tokenledger-collector".startsWith(nameOf(pid))) ?? 0;
const billed = async (): Promise<string[]> => {
  const ledger = await openLedger({ directory: home });
  return billedIds(ledger.reader).finally(() => ledger.close());
};

describe.skipIf(!isBuilt())("tokenledger up --collector", () => {
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "tokenledger-collector-up-"));
    running = await start();
  });
  afterEach(async () => {
    await interrupt(running.child);
    rmSync(home, { recursive: true, force: true });
  });

  test("starts a collector that crashed again, says so, and loses nothing", async () => {
    const [before, after] = [calls(0, 20), calls(20, 20)];
    expect(await send(before)).toBe(200);
    process.kill(collectorPid(), "SIGKILL");
    await expect.poll(running.notes, { timeout: 30_000 }).toContain("The collector is back");
    expect(running.notes()).toContain("The collector ended unexpectedly; starting it again");
    expect(await send(after)).toBe(200);
    await expect.poll(billed, { timeout: 30_000 }).toEqual(idsOf([...before, ...after]));
    const doctor = async (): Promise<unknown[]> => {
      const { stdout } = await commandLine(home)(["doctor", "--json"]);
      return (JSON.parse(stdout) as { findings: { found: string }[] }).findings.map(({ found }) => found);
    };
    await expect.poll(doctor, { timeout: 30_000 }).toContain("ended unexpectedly once");
  });

  test("leaves nothing running when it is killed, and goes on with what was queued", async () => {
    const processes = below(running.child.pid ?? 0);
    expect(processes).toContain(collectorPid());
    const spans = calls(100, 20);
    expect(await send(spans)).toBe(200);
    running.child.kill("SIGKILL");
    const left = (): number[] => processes.filter((pid) => existsSync(`/proc/${pid}`));
    await expect.poll(left, { timeout: 30_000 }).toEqual([]);
    running = await start();
    await expect.poll(billed, { timeout: 30_000 }).toEqual(idsOf(spans));
  });
});
