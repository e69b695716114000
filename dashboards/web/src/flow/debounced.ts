import { useEffect, useState } from "preact/hooks";

/** The value that it last had for so many milliseconds: a slider under way asks for nothing. */
export function useDebounced<Value extends string | number>(value: Value, milliseconds: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
