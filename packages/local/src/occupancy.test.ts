import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { LocalFault } from "./fault.ts";
import { freePort, startOnFreePorts } from "./occupancy.ts";
import { readIfPresent } from "./private-files.ts";

test("a free port can be listened on, and is none that an outgoing connection may take", async () => {
  const firstOutgoing = Number.parseInt(readIfPresent("/proc/sys/net/ipv4/ip_local_port_range") ?? "32768", 10);
  for (const port of await Promise.all(Array.from({ length: 20 }, freePort))) {
    expect(port).toBeLessThan(firstOutgoing);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
  }
});

test("a port that was taken in between is chosen again, twice, and other faults are told at once", async () => {
  const startAfter = async (failures: number, code: "port_in_use" | "disk_full"): Promise<number> => {
    let starts = 0;
    await startOnFreePorts(async () => {
      starts += 1;
      if (starts <= failures) throw new LocalFault(code, `start ${starts}`);
    });
    return starts;
  };
  expect(await startAfter(2, "port_in_use")).toBe(3);
  await expect(startAfter(3, "port_in_use")).rejects.toThrow("start 3");
  await expect(startAfter(1, "disk_full")).rejects.toThrow("start 1");
});
