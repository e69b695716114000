/** A trace id as the views take it, or `undefined` where the text is none. With hyphens too: the tables hold it as a UUID. */
export function asTraceId(text: string): string | undefined {
  const isId = /^[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}$/i.test(text);
  return isId ? text.replaceAll("-", "").toLowerCase() : undefined;
}
