/**
 * What a program can see of a value, as plain data: two runs are alike when these are equal.
 * Functions and request-specific objects are reduced to their type.
 */
export function observable(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return observableError(value);
  if (typeof value === "function") return `function ${value.name}/${value.length}`;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Response) return { type: "Response", status: value.status, keys: Reflect.ownKeys(value) };
  if (depth > 12) return "…";
  if (Array.isArray(value)) return value.map((item) => observable(item, depth + 1));
  const seen: Record<string, unknown> = { "(type)": value.constructor?.name ?? "null" };
  for (const [key, item] of Object.entries(value)) seen[key] = observable(item, depth + 1);
  return seen;
}

function observableError(error: Error): unknown {
  const { status, code, type, param } = error as unknown as Record<string, unknown>;
  return { error: error.constructor.name, name: error.name, message: stable(error.message), status, code, type, param };
}

/** Ports differ from run to run. */
const stable = (message: string): string => message.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:port");

/** Runs what may fail; the failure is then part of what is seen. */
export async function seenBy(run: () => unknown): Promise<unknown> {
  try {
    return observable(await run());
  } catch (error) {
    return { thrown: observable(error) };
  }
}

/** Reads a stream to its end, or until `stop` says so, and tells what came and how it ended. */
export async function readAll(
  stream: AsyncIterable<unknown>,
  stop: (count: number) => boolean = () => false,
): Promise<unknown> {
  const chunks: unknown[] = [];
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      if (stop(chunks.length)) break;
    }
  } catch (error) {
    return { chunks, thrown: error };
  }
  return { chunks };
}
