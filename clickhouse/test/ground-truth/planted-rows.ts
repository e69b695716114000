import type { PlantedCall } from "./planted-call.ts";
import {
  plantedCaching,
  plantedCauses,
  plantedContextTax,
  plantedHandOffs,
  plantedOverhead,
} from "./planted-context.ts";
import {
  plantedDuplicates,
  plantedLoops,
  plantedNearDuplicates,
  plantedReasoning,
  plantedRetries,
  plantedVerbosity,
} from "./planted-outcomes.ts";
import {
  plantedConversations,
  plantedCustomers,
  plantedFeatures,
  plantedPaths,
  plantedTasks,
} from "./planted-payers.ts";
import {
  plantedMedia,
  plantedRetrieval,
  plantedStructure,
  plantedToolResults,
  plantedUnusedTools,
} from "./planted-pieces.ts";
import type { Row } from "./sums.ts";

/** What each view has to answer about what was planted, by the view's name; columns left out are not compared. */
export const plantedRows: Readonly<Record<string, (calls: readonly PlantedCall[]) => Row[]>> = {
  cause_cost: plantedCauses,
  agent_path_cost: plantedPaths,
  customer_cost: plantedCustomers,
  feature_cost: plantedFeatures,
  conversation_cost: plantedConversations,
  task_cost: plantedTasks,
  context_tax_by_turn: plantedContextTax,
  cache_profit_and_loss: plantedCaching,
  handoff_cost: plantedHandOffs,
  agent_overhead: plantedOverhead,
  tool_result_cost: plantedToolResults,
  unused_tool_definitions: plantedUnusedTools,
  unused_retrieval: plantedRetrieval,
  structure_share: plantedStructure,
  multimodal_cost: plantedMedia,
  duplicate_calls: plantedDuplicates,
  near_duplicate_calls: plantedNearDuplicates,
  retry_cost: plantedRetries,
  reasoning_share: plantedReasoning,
  verbose_output: plantedVerbosity,
  runaway_loops: plantedLoops,
};
