import { types } from "node:util";
import { quietly } from "./guard.ts";
import { processState } from "./process-state.ts";

export type Method = (this: unknown, ...args: unknown[]) => unknown;
export type Around = (original: Method) => Method;
export type Exports = Record<PropertyKey, unknown>;

/** Claimed on functions: one that is observed already is not observed through another owner again. */
const observedMark = Symbol("tokenledger.observed");

/** What became of a target: `exports` is what the module must hand out from now on. */
export interface Patched {
  readonly found: boolean;
  readonly exports: Exports;
}

/**
 * Replaces the function that `target` names, for one adapter and once per owner. For its forms see
 * `Operation.target`. Chains: what another instrumentation put there stays in the chain (OpenTelemetry's
 * own `_wrap` would remove it first).
 */
export function patchTarget(exports: Exports, target: string, adapter: string, around: Around): Patched {
  const [classPath = "", instancePath] = target.split("#");
  if (instancePath !== undefined) return patchInstances(exports, classPath, instancePath, adapter, around);
  return replace(exports, classPath, adapter, around);
}

/** For functions that a constructor puts on each instance: the class is replaced by one that patches what it makes. */
function patchInstances(exports: Exports, path: string, inner: string, adapter: string, around: Around): Patched {
  if (typeof resolve(exports, path) !== "function") return { found: false, exports };
  return replace(exports, path, adapter, (Original) => {
    const Observed: unknown = new Proxy(Original, {
      construct(base, args, newTarget) {
        const instance = Reflect.construct(base, args, newTarget) as Exports;
        replace(instance, inner, adapter, around);
        return instance;
      },
    });
    // A class seen as the function it is.
    return Observed as Method;
  });
}

function replace(root: Exports, path: string, adapter: string, around: Around): Patched {
  const keys = path.split(".");
  const key = keys.pop() ?? "";
  const holder = resolve(root, keys.join("."));
  const owner = path.includes("()") ? prototypeWith(holder, key) : holder;
  if (!isOwner(owner)) return { found: false, exports: root };
  const original = owner[key];
  if (typeof original !== "function") return { found: false, exports: root };
  if (!claim(original, observedMark, adapter) || !claim(owner, key, adapter)) return { found: true, exports: root };
  const replacement = around(original as Method);
  claim(replacement, observedMark, adapter);
  dress(replacement, original);
  if (put(owner, key, replacement)) return { found: true, exports: root };
  // Getters of bundled CommonJS and `require()` of an ES module cannot be redefined; only the
  // exports themselves can be handed out behind a view.
  return owner === root ? { found: true, exports: viewWith(root, key, replacement) } : { found: false, exports: root };
}

/**
 * The same class reaches us twice where `import` goes through CommonJS, and a user may register what
 * `register` has registered already: the second time is not a second bill.
 */
function claim(owner: object, key: PropertyKey, adapter: string): boolean {
  const { patched } = processState();
  const claims = patched.get(owner) ?? new Map<PropertyKey, string>();
  patched.set(owner, claims);
  if (claims.has(key)) return false;
  claims.set(key, adapter);
  return true;
}

function put(owner: Exports, key: string, value: Method): boolean {
  if (types.isModuleNamespaceObject(owner)) return false;
  const { enumerable = true, configurable = true } = findDescriptor(owner, key) ?? {};
  if (!configurable && Object.hasOwn(owner, key)) return false;
  return Reflect.defineProperty(owner, key, { value, configurable: true, writable: true, enumerable });
}

/** A method may be inherited: it is then replaced on the class that was named, not on its base. */
function findDescriptor(owner: object, key: string): PropertyDescriptor | undefined {
  for (let at: object | null = owner; at; at = Object.getPrototypeOf(at) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(at, key);
    if (descriptor) return descriptor;
  }
  return undefined;
}

/** A view of exports that cannot be written, with one of them replaced. */
function viewWith(exports: Exports, key: string, replacement: Method): Exports {
  // The target is empty because a proxy must repeat what its target says about a fixed property.
  return new Proxy(Object.create(null) as Exports, {
    get: (_, property) => (property === key ? replacement : exports[property]),
    has: (_, property) => property in exports,
    ownKeys: () => Reflect.ownKeys(exports),
    getPrototypeOf: () => Object.getPrototypeOf(exports) as object | null,
    getOwnPropertyDescriptor: (_, property) => {
      const descriptor = Object.getOwnPropertyDescriptor(exports, property);
      if (!descriptor) return undefined;
      const value = property === key ? replacement : exports[property];
      return { value, enumerable: descriptor.enumerable === true, configurable: true, writable: false };
    },
  });
}

/** Name, length and own properties of the original, which libraries print, count and hang things on. */
function dress(replacement: Method, original: object): void {
  if (types.isProxy(replacement)) return;
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    const own = Object.getOwnPropertyDescriptor(replacement, key);
    if (descriptor && own?.configurable !== false) Object.defineProperty(replacement, key, descriptor);
  }
}

function resolve(root: unknown, path: string): unknown {
  if (path === "") return root;
  return path.split(".").reduce<unknown>((value, key) => {
    if (!isOwner(value)) return undefined;
    return key.endsWith("()") ? instanceOf(value[key.slice(0, -2)]) : value[key];
  }, root);
}

/** An instance that leads to classes which the module keeps to itself. */
function instanceOf(Class: unknown): unknown {
  if (typeof Class !== "function") return undefined;
  return quietly("making an instance to patch", () => Reflect.construct(Class, []) as unknown);
}

/** The prototype that a method of an instance comes from. */
function prototypeWith(instance: unknown, key: string): unknown {
  let at: unknown = instance;
  while (isOwner(at) && (at === instance || !Object.hasOwn(at, key))) at = Object.getPrototypeOf(at);
  return at;
}

function isOwner(value: unknown): value is Exports {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
