/** Where the time of a training run goes besides training that is kept: a bar for each cause, with its share of all. */
import type { TrainingRun } from "../../../model/index.ts";
import { percent, show } from "../format.ts";
import type { ChartSize } from "./kit.ts";
import { partBars } from "./part-bars.ts";

const colours: Readonly<Record<string, string>> = { staging: "var(--storage)", checkpoint: "var(--storage)", load: "var(--storage)", recomputed: "var(--compute)", detection: "var(--wait)", manual: "var(--wait)", wait: "var(--wait)" };

export const lostParts = ({ parts }: Pick<TrainingRun, "parts">): TrainingRun["parts"] => parts.filter(({ id, time_s }) => id !== "useful" && time_s > 0).toSorted((a, b) => b.time_s - a.time_s);

export function runPartsChart(run: TrainingRun, size: Pick<ChartSize, "width" | "ruler">): SVGSVGElement {
  const rows = lostParts(run).map(({ id, label, time_s, share }) => ({
    id, label, value: time_s, shown: `${show(time_s, "time")}, ${percent(share, 2)}`, colour: colours[id] ?? "var(--other)",
    tip: { head: label, rows: [["time", show(time_s, "time")], ["of all", percent(share)]] as Array<[string, string]> },
  }));
  return partBars(rows, "Time lost by cause", "Nothing is lost.", size);
}
