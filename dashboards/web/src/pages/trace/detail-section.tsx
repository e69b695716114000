import type { ComponentChildren, JSX } from "preact";
import { useView } from "../../data/view.ts";

/** A part of the details that has a view of its own; what it holds is shown once the view has answered. */
export function DetailSection<Row extends object>({
  title,
  name,
  parameters,
  children,
}: {
  readonly title: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly children: (rows: readonly Row[]) => ComponentChildren;
}): JSX.Element {
  const view = useView<Row>(name, parameters);
  return (
    <section class="detail-section" data-view={name} aria-busy={view.status === "loading"}>
      <h3>{title}</h3>
      {view.status === "loading" ? <p class="faint">Loading</p> : null}
      {view.status === "failed" ? <p class="warn">{view.message}</p> : null}
      {view.status === "ready" ? children(view.rows) : null}
    </section>
  );
}
