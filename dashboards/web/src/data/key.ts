const storageKey = "tokenledger.key";

/** The page's own key, which its address carries behind `#` once: so no server, log or referrer ever sees it there. */
export function takeKey(): void {
  const given = /^#key=([\w-]+)$/.exec(location.hash)?.[1];
  if (given === undefined) return;
  localStorage.setItem(storageKey, given);
  history.replaceState(null, "", location.pathname + location.search);
}

/** What the API asks of every request. */
export const keyHeader = (): Record<string, string> => ({
  Authorization: `Bearer ${localStorage.getItem(storageKey) ?? ""}`,
});
