import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hookRequires } from "./require-hook.ts";

let directory: string;
let seen: [file: string, directory: string][];
let load: NodeJS.Require;
// Put back after each test.
const before = Object.getOwnPropertyDescriptor(Module.prototype, "require") ?? {};

const write = (path: string, text: string): void => {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tokenledger-require-"));
  write("node_modules/llm/package.json", JSON.stringify({ main: "lib/main.js" }));
  write(
    "node_modules/llm/lib/main.js",
    `exports.file = "main"; exports.inner = require("./inner"); exports.whole = true;`,
  );
  write("node_modules/llm/lib/inner.js", `exports.wholeOutside = "whole" in require("llm"); exports.file = "inner";`);
  write("node_modules/llm-tools/index.js", `exports.file = "tools";`);
  load = createRequire(join(directory, "app.js"));
  seen = [];
  hookRequires(["llm"], (exports, name, at) => {
    seen.push([`${name}:${String(exports["file"])}:${String(exports["whole"])}`, at]);
    return { shown: exports };
  });
});
afterEach(() => {
  Object.defineProperty(Module.prototype, "require", before);
  rmSync(directory, { recursive: true });
});

test("the entry of a package is shown once, whole, however it is named", () => {
  const shown: unknown = load("llm");
  expect(shown).toMatchObject({ shown: { whole: true, inner: { wholeOutside: false } } });
  expect(load("llm")).toBe(shown);
  expect(load("llm/lib/main.js")).toBe(shown);
  expect(load(load.resolve("llm"))).toBe(shown);
  expect(seen).toEqual([["llm:main:true", join(directory, "node_modules/llm")]]);
});

test("a copy that is loaded again is shown again", () => {
  const first: unknown = load("llm");
  for (const file of Object.keys(load.cache).filter((each) => each.startsWith(directory))) delete load.cache[file];
  expect(load("llm")).not.toBe(first);
  expect(seen).toHaveLength(2);
});

test("other packages and other files of the package are handed out untouched", () => {
  expect(load("llm-tools")).toEqual({ file: "tools" });
  expect(load("llm/lib/inner.js")).toMatchObject({ file: "inner" });
  expect(seen.map(([file]) => file)).not.toContain("llm:inner:undefined");
  expect(() => load("llm/missing.js") as unknown).toThrow("Cannot find module 'llm/missing.js'");
  // What is no name is refused as ever.
  expect(() => Reflect.apply(load, undefined, [undefined]) as unknown).toThrow("must be of type string");
});

test("a package is shown again after its own loading failed once", () => {
  write("node_modules/llm/lib/inner.js", `throw new Error("not yet");`);
  expect(() => load("llm") as unknown).toThrow("not yet");
  write("node_modules/llm/lib/inner.js", "");
  expect(load("llm")).toHaveProperty("shown");
});
