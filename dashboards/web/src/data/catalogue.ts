import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { askApi } from "./api.ts";

/** What a saved view says of itself. */
export interface ViewDescription {
  readonly name: string;
  readonly title: string;
  readonly grain: string;
  /** What its answer rests on that the ledger does not say; empty: nothing. */
  readonly assumes: string;
  readonly excludes: string;
}

const catalogue = signal<ReadonlyMap<string, ViewDescription>>(new Map());
let asking: Promise<void> | undefined;

/** What a view assumes and leaves out; undefined until the catalogue is there. It is asked for once. */
export function useDescription(view: string): ViewDescription | undefined {
  useEffect(() => void (asking ??= load()), []);
  return catalogue.value.get(view);
}

async function load(): Promise<void> {
  try {
    // The API's own answer, whose fields its tests hold.
    const { views } = (await (await askApi("/api/views")).json()) as { views: readonly ViewDescription[] };
    catalogue.value = new Map(views.map((one) => [one.name, one]));
  } catch {
    // What a view shows says by itself that nobody answers; the next page asks again.
    asking = undefined;
  }
}
