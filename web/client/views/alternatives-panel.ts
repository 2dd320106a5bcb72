/** The panel of other choices: what each would have cost. */
import type { Alternatives } from "../../../model/index.ts";
import type { Ruler } from "../charts/kit.ts";
import { partBars } from "../charts/part-bars.ts";
import { alternativesRows, alternativesSubtitle, alternativesTable, alternativesTitle, notesBeside } from "../data/alternatives-data.ts";
import { h } from "../dom.ts";
import type { PanelContent } from "./panel.ts";

export function alternativesPanel(alternatives: Alternatives | null, width: number, ruler: Ruler): PanelContent {
  return {
    title: alternativesTitle(alternatives),
    subtitle: [alternatives === null ? "Being computed." : alternativesSubtitle(alternatives)],
    chart: alternatives === null ? h("p", { class: "state-note" }, "Each choice is taken back and the step predicted anew.") : partBars(alternativesRows(alternatives), "Step time with one choice changed", "Nothing is asked about.", { width, ruler }),
    table: alternativesTable(alternatives),
    after: alternatives === null ? null : h("div", {}, ...notesBeside(alternatives).map((note) => h("p", { class: "note" }, note))),
  };
}
