/** The chosen operation: all that is known of it, what it needed and what waits for it, each a step on. */
import type { Bar, Timeline } from "../data/timeline-lanes.ts";
import { keyOf } from "../data/timeline-lanes.ts";
import { factsOf, kindTitle, workOf } from "../data/timeline-words.ts";
import { timelineMeanings } from "../data/glossary.ts";
import { h } from "../dom.ts";
import { show } from "../format.ts";
import type { PanelContent } from "./panel.ts";
import { explained, type TimelineScene } from "./timeline-panels.ts";

/** Without a choice the longest operation of the critical path is shown. */
export function shownOperation({ state, timeline }: Pick<TimelineScene, "state" | "timeline">): Bar | undefined {
  const chosen = state.operation === null ? undefined : timeline.byKey.get(state.operation);
  if (chosen) return chosen;
  return [...timeline.byKey.values()].filter(({ onPath }) => onPath).reduce<Bar | undefined>((best, bar) => (best === undefined || workOf(bar) > workOf(best) ? bar : best), undefined);
}

/** On its own rank: operations that started when this one ended. */
export function blockedBy(bar: Bar, timeline: Timeline): Bar[] {
  return [...timeline.byKey.values()].filter(({ rank, operation }) => rank === bar.rank && operation.after === bar.place);
}

export function operationPanel(scene: TimelineScene, choose: (key: string) => void): PanelContent {
  const { outcome, timeline, unit, state } = scene;
  const bar = shownOperation(scene);
  if (!bar) return { title: "No operation", subtitle: [], chart: h("p", { class: "state-note" }, "This step has no operation on its critical path."), table: { name: "operation", caption: "Operation", columns: [{ name: "fact" }], rows: [] } };
  const facts = factsOf(bar, outcome, timeline, unit);
  const link = (other: Bar) => h("button", { type: "button", class: "link", "data-key": `choose:${other.key}`, onclick: () => choose(other.key) }, other.operation.name);
  const needs = bar.operation.after === null ? undefined : timeline.byKey.get(keyOf(bar.rank, bar.operation.after));
  const blocks = blockedBy(bar, timeline);
  const rows = facts.filter(({ name }) => name !== "needs").flatMap(({ name, value }) => [h("dt", {}, explained(name, timelineMeanings[name])), h("dd", {}, value)]);
  return {
    title: bar.operation.name,
    subtitle: [`${kindTitle(bar.operation.kind)}, rank ${bar.rank}, ${show(workOf(bar), "time")}${state.operation === bar.key ? "" : ": the longest on the critical path"}`],
    chart: h("div", {}, h("dl", { class: "sheet" }, ...rows), h("p", { class: "note" }, needs ? h("span", {}, "Needs ", link(needs), ", which ended when this could start. ") : "Starts with the step. ", blocks.length > 0 ? h("span", {}, "Then starts ", link(blocks[0] as Bar), blocks.length > 1 ? h("span", {}, ", ", link(blocks[1] as Bar)) : null, ".") : "Nothing waits for it.")),
    table: { name: "operation", caption: bar.operation.name, columns: [{ name: "fact" }, { name: "value" }], rows: facts.map(({ name, value }) => [name, value]) },
  };
}
