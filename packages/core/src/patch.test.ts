import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Around, type Exports, type Method, patchTarget } from "./patch.ts";

/** Notes each call that passes, and changes nothing. */
function counting(): { around: Around; calls: number } {
  const counter = {
    calls: 0,
    around: (original: Method): Method =>
      function (this: unknown, ...args) {
        counter.calls += 1;
        return original.apply(this, args);
      },
  };
  return counter;
}

const makeModule = (): { Client: { new (): { base: string; greet(name: string): string } } } => ({
  Client: class {
    base = "hello ";
    greet(name: string): string {
      return this.base + name;
    }
  },
});

test("a method on a prototype is replaced and looks like the one before it", () => {
  const module = makeModule();
  const counter = counting();
  const before = Object.getOwnPropertyDescriptor(module.Client.prototype, "greet");
  const patched = patchTarget(module, "Client.prototype.greet", "test", counter.around);
  expect(patched).toEqual({ found: true, exports: module });
  expect(new module.Client().greet("you")).toBe("hello you");
  expect(counter.calls).toBe(1);
  const after = Object.getOwnPropertyDescriptor(module.Client.prototype, "greet");
  expect(after).toEqual({ ...before, value: expect.any(Function) });
  expect([module.Client.prototype.greet.name, module.Client.prototype.greet.length]).toEqual(["greet", 1]);
});

test("patched twice, a call is observed once", () => {
  const module = makeModule();
  const [first, second] = [counting(), counting()];
  patchTarget(module, "Client.prototype.greet", "test", first.around);
  patchTarget({ Client: module.Client }, "Client.prototype.greet", "test", second.around);
  new module.Client().greet("you");
  expect([first.calls, second.calls]).toEqual([1, 0]);
});

test("another instrumentation before and after stays in the chain", () => {
  const module = makeModule();
  const [before, ours, after] = [counting(), counting(), counting()];
  const wrap = (around: Around): void => {
    const prototype = module.Client.prototype as unknown as Record<string, Method>;
    if (prototype.greet) prototype.greet = around(prototype.greet);
  };
  wrap(before.around);
  patchTarget(module, "Client.prototype.greet", "test", ours.around);
  wrap(after.around);
  expect(new module.Client().greet("you")).toBe("hello you");
  expect([before.calls, ours.calls, after.calls]).toEqual([1, 1, 1]);
});

test("an inherited method is replaced on the class that was named", () => {
  class Base {
    act(): string {
      return this.constructor.name;
    }
  }
  class Derived extends Base {}
  const counter = counting();
  patchTarget({ Derived }, "Derived.prototype.act", "test", counter.around);
  expect([new Derived().act(), new Base().act()]).toEqual(["Derived", "Base"]);
  expect(counter.calls).toBe(1);
});

test("functions that a constructor puts on each instance", () => {
  class Client {
    models = { generate: (prompt: string) => `answer to ${prompt}` };
  }
  const module: Exports = { Client };
  const counter = counting();
  const { found, exports } = patchTarget(module, "Client#models.generate", "test", counter.around);
  const Patched = exports.Client as typeof Client;
  const client = new Patched();
  expect(found).toBe(true);
  expect(client.models.generate("this")).toBe("answer to this");
  expect(client).toBeInstanceOf(Client);
  expect(new (class extends Patched {})()).toBeInstanceOf(Client);
  expect(counter.calls).toBe(1);
});

test("exports that are getters are handed out behind a view", () => {
  const answer = (): number => 42;
  const module = Object.defineProperty({ other: 1 } as Exports, "answer", { enumerable: true, get: () => answer });
  const counter = counting();
  const { exports } = patchTarget(module, "answer", "test", counter.around);
  expect(exports).not.toBe(module);
  expect((exports.answer as typeof answer)()).toBe(42);
  expect({ ...exports }).toEqual({ other: 1, answer: expect.any(Function) });
  expect(module.answer).toBe(answer);
  expect(counter.calls).toBe(1);
});

test("an ES module that is loaded with require()", () => {
  const file = join(mkdtempSync(join(tmpdir(), "tokenledger-")), "module.mjs");
  writeFileSync(file, "export const answer = () => 42;");
  const module = createRequire(import.meta.url)(file) as { answer(): number } & Exports;
  const counter = counting();
  const { found, exports } = patchTarget(module, "answer", "test", counter.around);
  expect(found).toBe(true);
  expect((exports.answer as typeof module.answer)()).toBe(42);
  expect(counter.calls).toBe(1);
});

test("a target that a version lacks is left out, and nothing else changes", () => {
  const module = makeModule();
  for (const target of ["Client.prototype.missing", "Missing.prototype.greet", "Missing#a.b", "a.b.c", ""]) {
    expect(patchTarget(module, target, "test", counting().around)).toEqual({ found: false, exports: module });
  }
});
