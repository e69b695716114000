import type { ComponentType } from "preact";
import type { IconName } from "../components/icon.tsx";
import { AgentsPage } from "./agents/page.tsx";
import { ConversationPage } from "./conversation/page.tsx";
import { CustomersPage } from "./customers/page.tsx";
import { HealthPage } from "./health/page.tsx";
import { OverviewPage } from "./overview/page.tsx";
import { TracePage } from "./trace/page.tsx";
import { TracesPage } from "./traces/page.tsx";
import { WastePage } from "./waste/page.tsx";
import { WhatIfPage } from "./what-if/page.tsx";

export interface PageProps {
  /** What the path's `:names` stand for. */
  readonly names: Readonly<Record<string, string>>;
}

export interface Page {
  /** `/trace/:trace_id`: a part with a colon stands for anything. */
  readonly path: string;
  readonly title: string;
  /** In the navigation; a page without one is reached by links. */
  readonly icon?: IconName;
  /** Shows all there is of what its address names, whatever part of the ledger is chosen. */
  readonly isWhole?: boolean;
  readonly component: ComponentType<PageProps>;
}

/** Every page, in the order of the navigation. */
export const pages: readonly Page[] = [
  { path: "/", title: "Overview", icon: "overview", component: OverviewPage },
  { path: "/traces", title: "Traces", icon: "traces", component: TracesPage },
  { path: "/trace/:trace_id", title: "Trace", isWhole: true, component: TracePage },
  { path: "/conversation/:conversation_id", title: "Conversation", component: ConversationPage },
  { path: "/agents", title: "Agents", icon: "agents", component: AgentsPage },
  { path: "/waste", title: "Waste", icon: "waste", component: WastePage },
  { path: "/what-if", title: "What if", icon: "whatif", component: WhatIfPage },
  { path: "/customers", title: "Customers and features", icon: "customers", component: CustomersPage },
  { path: "/health", title: "Prices and health", icon: "health", component: HealthPage },
];

/** The page of a path, with what its names stand for. */
export function pageAt(path: string): { page: Page; names: Record<string, string> } | undefined {
  const parts = partsOf(path);
  for (const page of pages) {
    const pattern = partsOf(page.path);
    if (pattern.length !== parts.length) continue;
    if (!pattern.every((part, index) => part.startsWith(":") || part === parts[index])) continue;
    const named = pattern.flatMap((part, index) => (part.startsWith(":") ? [[part.slice(1), parts[index] ?? ""]] : []));
    return { page, names: Object.fromEntries(named) };
  }
  return undefined;
}

const partsOf = (path: string): string[] =>
  path
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);

/** What is no encoding is taken as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
