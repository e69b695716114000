import { expect, test } from "vitest";
import { explanationOf } from "./text.ts";

test("a connection that breaks is explained, any other error speaks for itself", () => {
  const broken = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  expect(explanationOf(broken)).toMatch(/^The ledger stopped answering \(socket hang up\); run the command again/);
  expect(explanationOf(new Error(" no such view\n"))).toBe("no such view");
});
