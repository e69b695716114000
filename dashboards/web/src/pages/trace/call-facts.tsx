import type { JSX } from "preact";
import type { CallRow } from "./call-row.ts";
import { Facts } from "./facts.tsx";

/** How a call went: who answered, how often it was tried, and how it ended. */
export function CallFacts({ call }: { call: CallRow }): JSX.Element {
  const facts: readonly (readonly [string, string])[] = [
    ["Outcome", [call.outcome || "not told", call.error_type].filter(Boolean).join(", ")],
    ["Attempts", attemptsOf(call)],
    ["Ended because", call.finish_reasons.join(", ")],
    ["Model asked for", call.request_model],
    ["Model that answered", call.response_model],
    ["Provider", call.provider],
    ["Service tier", call.service_tier],
    ["Region", call.region],
    ["Step", call.agent_step === 0 ? "" : String(call.agent_step)],
    ["Agents above", call.agent_path.join(" › ")],
    ["Billed beside the call", call.billed_line],
    ["Usage", call.usage_source],
    ["Reported by", call.scope_name],
    ["Response", call.response_id],
  ];
  return (
    <section class="detail-section">
      <h3>How it went</h3>
      <Facts facts={facts.filter(([, value]) => value !== "")} />
    </section>
  );
}

const attemptsOf = ({ attempts }: CallRow): string => {
  if (attempts === 0) return "not told";
  return attempts === 1 ? "1, no retry" : `${attempts}: ${attempts - 1} sent again`;
};
