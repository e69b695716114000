import { expect, test } from "vitest";
import {
  contextFlows,
  costFlows,
  dearest,
  type Flow,
  type FlowKind,
  type HandoffRow,
  workFlows,
} from "./agent-flows.ts";
import { flowGraph } from "./flow-graph.ts";

const handoff = (from: string, to: string, cost = "1", kind: FlowKind = "handoff"): HandoffRow => ({
  kind,
  from_agent: from,
  to_agent: to,
  unpriced_calls: "0",
  known_cost_usd: cost,
});

const ends = (flows: readonly Flow[]): string[] =>
  flowGraph(flows).links.map(({ source, target }) => `${source} > ${target}`);

test("work that comes back ends at a second drawing of the agent", () => {
  const flows = workFlows([
    handoff("", "triage", "3", "start"),
    handoff("triage", "billing"),
    handoff("billing", "triage"),
  ]);
  expect(ends(flows)).toEqual([
    "program > agent triage",
    "agent triage > agent billing",
    "agent billing > agent triage again",
  ]);
});

test("an agent that calls itself is drawn twice", () => {
  expect(ends(workFlows([handoff("solver", "solver", "1", "delegation")]))).toEqual([
    "agent solver > agent solver again",
  ]);
});

test("agents that only hand over to each other are drawn, though nobody started them", () => {
  const graph = flowGraph(workFlows([handoff("one", "other"), handoff("other", "one")]));
  expect(graph.links).toHaveLength(2);
  expect(graph.nodes.filter(({ again }) => again).map(({ agent }) => agent)).toEqual(["one"]);
});

test("an agent reached on two ways is one place, and no flow is lost", () => {
  const flows = workFlows([handoff("a", "b"), handoff("a", "c"), handoff("b", "d"), handoff("c", "d")]);
  const graph = flowGraph(flows);
  expect(graph.links).toHaveLength(flows.length);
  expect(graph.nodes.map(({ id }) => id).toSorted()).toEqual(["agent a", "agent b", "agent c", "agent d"]);
});

test("calls of no agent, the program and an unknown giver are different places", () => {
  const start = workFlows([handoff("", "", "1", "start")]);
  expect(ends(start)).toEqual(["program > agent "]);
  const context = contextFlows([{ from_agent: "", to_agent: "writer", unpriced: "12", known_cost_usd: "0" }]);
  expect(ends(context)).toEqual(["unknown > agent writer"]);
  expect(context[0]?.incomplete).toBe(true);
});

test("the cost of everything divides exactly down the agents, those of one name and depth together", () => {
  const row = (path: string[], cost: string, unpriced = "0") => ({
    agent_path: path,
    inclusive_known_cost_usd: cost,
    inclusive_unpriced_calls: unpriced,
  });
  const flows = costFlows([
    row([], "0.1"),
    row(["desk"], "0.7"),
    row(["desk", "editor"], "0.200000000000001"),
    row(["review"], "0.3"),
    row(["review", "editor"], "0.1", "2"),
  ]);
  expect(flows.map(({ from, to, amount, incomplete }) => [from.label, to.label, amount, incomplete])).toEqual([
    ["everything", "no agent", "0.1", false],
    ["everything", "desk", "0.7", false],
    ["desk", "editor", "0.200000000000001", false],
    ["everything", "review", "0.3", false],
    ["review", "editor", "0.1", true],
  ]);
  const editors = flowGraph(flows).nodes.filter(({ agent }) => agent === "editor");
  expect(editors).toMatchObject([{ amount: "0.300000000000001", incomplete: true }]);
});

test("places on one path twice at one depth add up to one flow", () => {
  const flows = costFlows([
    { agent_path: ["a", "x", "b"], inclusive_known_cost_usd: "0.1", inclusive_unpriced_calls: "0" },
    { agent_path: ["c", "x", "b"], inclusive_known_cost_usd: "0.2", inclusive_unpriced_calls: "1" },
  ]);
  expect(flows).toHaveLength(1);
  expect(flows[0]).toMatchObject({ amount: "0.300000000000000", incomplete: true });
});

test("the dearest flows come first by exact money, and the rest is counted", () => {
  const flows = workFlows([
    handoff("a", "b", "0.000000000000002"),
    handoff("a", "c", "0.000000000000003"),
    handoff("a", "d", "0"),
  ]);
  const { shown, rest } = dearest(flows, 2);
  expect(shown.map(({ to }) => to.agent)).toEqual(["c", "b"]);
  expect(rest).toBe(1);
});
