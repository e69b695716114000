import type { JSX } from "preact";
import { addressWith, useUrlState } from "../../data/url-state.ts";
import { AlternativesPanel } from "./alternatives-panel.tsx";
import { questions } from "./questions.ts";
import { SavingsPanel } from "./savings-panel.tsx";
import "./what-if.css";

/** What the recorded calls would have cost otherwise. */
export function WhatIfPage(): JSX.Element {
  const [asked] = useUrlState("ask", questions[0].key);
  return (
    <div class="grid">
      <SavingsPanel />
      <div class="section-head">
        <h2>One alternative at a time</h2>
        <p>Arithmetic over the recorded calls, by the prices in force when they began.</p>
        <nav class="tabs" aria-label="Alternatives">
          {questions.map(({ key, title }) => (
            <a key={key} href={addressWith({ ask: key })} aria-current={key === asked ? "true" : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </div>
      <AlternativesPanel />
    </div>
  );
}
