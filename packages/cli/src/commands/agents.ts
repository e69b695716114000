import type { Command } from "commander";
import { useWindow, withWindow, type WindowOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { print } from "../output/print.ts";
import { agentsText } from "../report-text.ts";
import { viewRows, type AgentCost, type StepCost } from "../rows.ts";

/** `tokenledger agents`: what each agent cost, and how its loop grew. */
export function addAgents(program: Command): void {
  withWindow(program.command("agents"))
    .description("what each agent spent itself, with all that ran under it, and step by step")
    .addHelpText("after", "\nExample:\n  tokenledger agents --since 7d")
    .action((options: WindowOptions) =>
      useWindow(options, async ({ reader }, window) => {
        const [agents, steps] = await Promise.all([
          viewRows<AgentCost>(reader, "agent_cost", window),
          viewRows<StepCost>(reader, "step_cost", window),
        ]);
        if (options.json === true) printJson({ window: { from: window.from, to: window.to }, agents, steps });
        else print(agentsText(agents, steps, window));
      }),
    );
}
