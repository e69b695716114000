import { useSignal, useSignalEffect, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useUrlState } from "../data/url-state.ts";
import { readSeenPart, wholeView, writeSeenPart, type Viewport } from "./viewport.ts";

/** So long a drawing has to rest before the address says which part of it is seen. */
const restMs = 300;

/** The part of a drawing that is seen, kept in the address; another drawing is seen whole. */
export function useSeenPart(drawing: string): Signal<Viewport> {
  const [seen, setSeen] = useUrlState("seen");
  const view = useSignal<Viewport>(readSeenPart(seen));
  const drawn = useRef(drawing);
  const writing = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (drawn.current !== drawing) view.value = wholeView;
    drawn.current = drawing;
  }, [drawing, view]);
  useSignalEffect(() => {
    const text = writeSeenPart(view.value);
    clearTimeout(writing.current);
    writing.current = setTimeout(() => setSeen(text), restMs);
  });
  useEffect(() => () => clearTimeout(writing.current), []);
  return view;
}
