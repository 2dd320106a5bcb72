/** The panel of energy and money of a step: parts as bars, what they cost below. Of a network of layers or of a transformer. */
import type { Ruler } from "../charts/kit.ts";
import { partBars } from "../charts/part-bars.ts";
import { energyRows, energySubtitle, energyTable, energyTitle, moneyNotes, type EnergySubject } from "../data/energy-data.ts";
import { h } from "../dom.ts";
import type { PanelContent } from "./panel.ts";

export function energyPanel(subject: EnergySubject, width: number, ruler: Ruler): PanelContent {
  const notes = moneyNotes(subject);
  return {
    title: energyTitle(subject),
    subtitle: [energySubtitle(subject)],
    chart: subject.energy === null ? h("p", { class: "state-note" }, "The device document states no power, so energy is not predicted.") : partBars(energyRows(subject), "Energy of a step by part", "Nothing is drawn.", { width, ruler }),
    table: energyTable(subject),
    after: notes.length === 0 ? null : h("div", {}, ...notes.map((note) => h("p", { class: "note" }, note))),
  };
}
