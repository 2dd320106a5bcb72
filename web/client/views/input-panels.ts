/** The two panels of input: supply beside demand, and staging by every strategy. */
import type { Ruler } from "../charts/kit.ts";
import { stagingRaceChart } from "../charts/staging-race.ts";
import { supplyChart } from "../charts/supply.ts";
import { bindNames, raceData, raceTable, raceTitle, supplyData, supplyTable, supplyTitle } from "../data/input-data.ts";
import { activePoint, type Scene } from "../data/scene.ts";
import { h } from "../dom.ts";
import { count, show } from "../format.ts";
import type { PanelContent } from "./panel.ts";

export function supplyPanel(scene: Scene, width: number, ruler: Ruler): PanelContent {
  const point = activePoint(scene);
  const { input } = point;
  const data = supplyData(scene);
  const buffer = input.prefetch === null ? "a buffer as deep as it takes" : `${count(input.prefetch)} batches ahead`;
  const varies = input.variability_s > 0 ? `; ${show(input.variability_s, "time")} of the wait because batches vary` : "";
  return {
    title: supplyTitle(scene),
    subtitle: [`Samples a second of one GPU at ${count(point.devices)} GPUs, log; ${buffer}${varies}.`],
    chart: data.rows.length > 0 ? supplyChart(data, { width, ruler }) : h("p", { class: "state-note" }, "Samples are in memory before training begins."),
    table: supplyTable(scene),
    after: input.firstEpochStep_s === null ? null : h("p", { class: "note" }, `In the first epoch, before host memory holds what is read again, a step takes ${show(input.firstEpochStep_s, "time")}.`),
  };
}

export function stagingPanel(scene: Scene, width: number, height: number, ruler: Ruler): PanelContent {
  const { staging } = activePoint(scene);
  const data = raceData(scene);
  const own = staging ? `A node holds ${show(staging.held_bytes, "data")}${staging.held_bytes < staging.share_bytes ? ` of ${show(staging.share_bytes, "data")}` : ""}; bound by ${bindNames[staging.binds]}. ` : "";
  return {
    title: raceTitle(scene),
    subtitle: [`${own}${data?.lines.some(({ points }) => points.some(({ held }) => held < 1)) ? "Hollow: the share does not fit a node." : ""}`],
    chart: data ? stagingRaceChart(data, { width, height, ruler }) : h("p", { class: "state-note" }, "The machine document states no storage of a node."),
    table: raceTable(scene),
  };
}
