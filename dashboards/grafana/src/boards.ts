import type { Board } from "./board.ts";
import { agents } from "./boards/agents.ts";
import { cacheAndWaste } from "./boards/cache-and-waste.ts";
import { customersAndBudgets } from "./boards/customers-and-budgets.ts";
import { overview } from "./boards/overview.ts";
import { pricesAndHealth } from "./boards/prices-and-health.ts";
import { trace } from "./boards/trace.ts";

/** All dashboards of the ledger. */
export const boards: readonly Board[] = [overview, agents, cacheAndWaste, customersAndBudgets, trace, pricesAndHealth];
