/** A traced step at other sizes, as text: what the trace is, the curve, what was taken as given. */
import type { TracedPrediction } from "../../model/predict/traced.ts";
import { showQuantity } from "../../model/units.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { showCount, showInterval, unitFor } from "./quantities.ts";
import { writeTable } from "./table.ts";

export interface TracedAnswer extends TracedPrediction {
  readonly trace: { readonly file: string; readonly reader: string; readonly step: string; readonly device: string | null };
  readonly assumed: readonly string[];
}

export function writeTraced({ trace, traced, machine, library, points, assumed }: TracedAnswer, look: Look): string {
  const time = unitFor(points.map(({ stepTime_s }) => stepTime_s.value), "time");
  const measured = traced.measured_s === null ? "" : `, measured ${showQuantity(traced.measured_s, "time")}`;
  const table = writeTable(
    [
      { head: "GPUs", cells: points.map(({ devices }) => showCount(devices)) },
      { head: "nodes", cells: points.map(({ nodes }) => showCount(nodes)) },
      { head: "step time", unit: time.unit, cells: points.map(({ stepTime_s }) => time.show(stepTime_s.value)) },
      { head: "95 % interval", unit: time.unit, cells: points.map(({ stepTime_s }) => showInterval(stepTime_s.low95, stepTime_s.high95, time)) },
      { head: "compute", unit: time.unit, cells: points.map(({ compute_s }) => time.show(compute_s)) },
      { head: "exchange", unit: time.unit, cells: points.map(({ exchange_s }) => time.show(exchange_s)) },
      { head: "not hidden", unit: time.unit, cells: points.map(({ exposed_s }) => time.show(exposed_s)) },
      { head: "efficiency", unit: "%", cells: points.map(({ efficiency }) => (efficiency * 100).toFixed(1)) },
    ],
    look,
  );
  return [
    wrap(bold(`${trace.file} on ${machine.title}`, look), look.width),
    wrap(`step ${trace.step}${traced.ranks === null ? "" : ` of ${showCount(traced.ranks)} ranks`}${measured}, replayed ${showQuantity(traced.replayed_s, "time")}; ${showCount(traced.operations)} operations, of which ${showCount(traced.exchanges)} exchanges, ${showCount(traced.timedExchanges)} timed anew by ${library}`, look.width),
    "",
    table,
    "",
    bold("Taken as given", look),
    ...assumed.map((line) => dim(wrap(`- ${line}`, look.width, "  "), look)),
  ].join("\n");
}
