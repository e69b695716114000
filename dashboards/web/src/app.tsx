import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { connection } from "./data/live.ts";
import { followLinks, place } from "./data/url-state.ts";
import { pageAt } from "./pages/index.ts";
import { Guarded, Locked, NoSuchPage } from "./shell/notices.tsx";
import { Shell } from "./shell/shell.tsx";
import { ledgerStatus } from "./data/live.ts";

/** The page that the address names, in its frame. */
export function App(): JSX.Element {
  const { path } = place.value;
  const found = pageAt(path);
  const title = found?.page.title ?? "No such page";
  useEffect(() => {
    document.title = `${title} · Tokenledger`;
  }, [title]);
  const isLocked = connection.value === "locked" && ledgerStatus.value === undefined;
  return (
    <div class="app" onClick={followLinks}>
      <Shell title={title} path={found?.page.path ?? ""} isWhole={found?.page.isWhole === true}>
        {isLocked ? (
          <Locked />
        ) : found === undefined ? (
          <NoSuchPage path={path} />
        ) : (
          <Guarded key={path}>
            <found.page.component names={found.names} />
          </Guarded>
        )}
      </Shell>
    </div>
  );
}
