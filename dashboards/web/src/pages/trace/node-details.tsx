import type { ComponentChildren, JSX } from "preact";
import { count, duration, share } from "../../data/money.ts";
import { addressWith } from "../../data/url-state.ts";
import type { ViewState } from "../../data/view.ts";
import { moneyOf } from "../../icicle/describe.ts";
import type { SpanNode } from "../../icicle/span-tree.ts";
import { CallBill } from "./call-bill.tsx";
import { CallCauses } from "./call-causes.tsx";
import { CallFacts } from "./call-facts.tsx";
import { CallPieces } from "./call-pieces.tsx";
import type { CallRow } from "./call-row.ts";
import { Facts } from "./facts.tsx";

interface NodeDetailsProps {
  readonly traceId: string;
  readonly node: SpanNode | undefined;
  readonly root: SpanNode;
  readonly calls: ViewState<CallRow>;
}

/** What was chosen: its sums, and of a call all that its cost is made of. */
export function NodeDetails({ traceId, node, root, calls }: NodeDetailsProps): JSX.Element {
  const call = node?.span === undefined ? undefined : calls.rows.find(({ span_id }) => span_id === node.id);
  return (
    <section class="panel third node-details" aria-label="What was chosen">
      {node === undefined ? (
        <p class="details-hint">
          Choose a box, a bar or a row: what it cost, by itself and with all under it. Of a call also its classes of
          tokens, its prices and where they were read, why each token was paid for, and what the prompt was made of.
        </p>
      ) : (
        <>
          <NodeSums node={node} root={root} />
          {call === undefined ? null : <CallDetails key={call.span_id} traceId={traceId} call={call} />}
        </>
      )}
    </section>
  );
}

const kindNames: Readonly<Record<SpanNode["kind"], string>> = {
  trace: "Whole trace",
  agent: "Agent",
  step: "Step of an agent's loop",
  call: "Model call",
  tool: "Tool",
  other: "Span",
};

function NodeSums({ node, root }: { node: SpanNode; root: SpanNode }): JSX.Element {
  const { total } = node;
  const figures: readonly (readonly [string, ComponentChildren])[] = [
    ["Total", <b>{moneyOf(node, "total") || "no calls"}</b>],
    ["Part of the trace", share(String(total.cost), String(root.total.cost))],
    ...(node.kind === "call"
      ? []
      : ([
          ["Self", moneyOf(node, "own") || "no calls of its own"],
          ["Model calls", count(total.calls)],
        ] as const)),
    ["Tokens in", `${count(total.input)}, ${count(total.cached)} from cache`],
    ["Tokens out", count(total.output)],
    ["Time", duration((node.endedAt - node.startedAt) * 1e6)],
    ...(node.agent === "" ? [] : [["Agent", node.agent] as const]),
  ];
  return (
    <>
      <p class="faint">{node.count > 1 ? `${node.count} spans alike` : kindNames[node.kind]}</p>
      <h2>{node.label}</h2>
      <Facts facts={figures} />
    </>
  );
}

function CallDetails({ traceId, call }: { traceId: string; call: CallRow }): JSX.Element {
  return (
    <>
      {call.billed_by === "" ? null : (
        <p class="details-hint">
          Another span reports the same call and is its bill: it costs nothing here.{" "}
          <a href={addressWith({ span: call.billed_by })}>Go to the bill</a>
        </p>
      )}
      <CallBill traceId={traceId} call={call} />
      <CallCauses traceId={traceId} call={call} />
      <CallPieces call={call} />
      <CallFacts call={call} />
    </>
  );
}
