/** What the scaling chart draws, from a scene. */
import type { Estimate, ScalePoint } from "../../../model/prediction.ts";
import type { LensRow } from "../charts/lens.ts";
import type { PublishedMark, ScalingData, ScalingSeries } from "../charts/scaling.ts";
import type { Tip } from "../dom.ts";
import { count, interval95, showIn, stated, signedPercent, unitOf, upperPrecision, inUnit, type Unit } from "../format.ts";
import type { Outcome, Published } from "../protocol.ts";
import { activePoint, measureOf, pointAt, seriesName, sourceTitle, type Measure, type Scene } from "./scene.ts";
import type { Table } from "./table.ts";

export function scalingData(scene: Scene): ScalingData {
  const measure = measureOf(scene);
  const active = activePoint(scene);
  const unit = unitOf(scaleValue(scene, measure), measure.dimension);
  const name = seriesName(scene.current);
  const series: ScalingSeries[] = [seriesOf(scene.current, "current", scene.baseline ? `what if, ${name}` : name, "var(--accent)", measure, unit, scene.baseline)];
  if (scene.secondary) {
    const points = seriesOf(scene.secondary, "secondary", `${seriesName(scene.secondary)}${scene.baseline ? ", as run" : ""}`, "var(--ink2)", measure, unit, null);
    series.push({ ...points, points: points.points.filter((point) => pointAt(scene.current, point.devices) !== undefined) });
  }
  const published = [publishedMarks(scene, scene.current, "current", measure), scene.secondary ? publishedMarks(scene, scene.secondary, "secondary", measure) : []].flat();
  const shown = new Set(scene.current.prediction.points.map((point) => point.devices));
  return {
    summary: `${measure.name} rate against GPUs: ${series.map((one) => `${one.name} ${showIn(one.points.at(-1)?.value ?? 0, unit)} on ${count(one.points.at(-1)?.devices ?? 0)} GPUs`).join("; ")}`,
    unit, axisName: `${unit.unit}, ${scene.state.y}`, series, active: active.devices, x: scene.state.x, y: scene.state.y,
    baseline: scene.baseline ? scene.baseline.prediction.points.map((point) => ({ devices: point.devices, value: measure.of(point).value })).filter((point) => shown.has(point.devices)) : null,
    published: published.filter((mark) => mark.devices <= scene.current.total),
    lens: lensOf(scene, active, measure, unit, published),
  };
}

/** The unit of the published figure where there is one, so that both are read in one unit; else of the active count. */
export function scaleValue(scene: Scene, measure: Measure): number {
  return scene.current.published.find((item) => item.metric === measure.published)?.value ?? measure.of(activePoint(scene)).value;
}

function seriesOf(outcome: Outcome, id: string, name: string, colour: string, measure: Measure, unit: Unit, baseline: Outcome | null): ScalingSeries {
  const points = outcome.prediction.points.map((point) => ({ ...measure.of(point), devices: point.devices, nodes: point.nodes, tip: pointTip(point, name, measure, unit, baseline) }));
  return { id, name, colour, points };
}

function pointTip(point: ScalePoint, name: string, measure: Measure, unit: Unit, baseline: Outcome | null): Tip {
  const estimate = measure.of(point);
  const before = baseline ? pointAt(baseline, point.devices) : undefined;
  const largest = point.terms.filter((term) => term.id !== "ideal-compute").toSorted((a, b) => b.time_s - a.time_s)[0];
  return {
    head: `${count(point.devices)} GPUs, ${name}`,
    place: "predicted",
    rows: [
      [measure.name.toLowerCase(), `${showIn(estimate.value, unit)}, ${interval95(estimate, unit)}`],
      ...(before ? [["baseline", `${showIn(measure.of(before).value, unit)}, ${signedPercent(estimate.value / measure.of(before).value - 1)}`] as const] : []),
      ["efficiency", `${inUnit(point.efficiency.value, { unit: "%", scale: 0.01 })}\u202f%`],
      ["step", `${showIn(point.stepTime_s.value, unitOf(point.stepTime_s.value, "time"))}`],
      ...(largest ? [["largest", `${largest.label.toLowerCase()}: ${largest.binds}`] as const] : []),
    ],
    foot: "Enter makes this the active count",
  };
}

/** A published value of the measure; a step time is turned into a rate with the samples and FLOP that the prediction counts at that count. */
function publishedMarks(scene: Scene, outcome: Outcome, series: string, measure: Measure): PublishedMark[] {
  return outcome.published.flatMap((item) => {
    if (item.metric !== measure.published) return [];
    const predicted = pointAt(outcome, item.devices);
    const mark: PublishedMark = {
      devices: item.devices, value: item.value, text: stated(item.text), series, elsewhere: item.overridden, tip: publishedTip(scene, item, predicted && !item.overridden ? measure.of(predicted) : null),
      ...(item.low !== undefined ? { low: item.low } : {}), ...(item.high !== undefined ? { high: item.high } : {}),
    };
    return [mark];
  });
}

export function publishedTip(scene: Scene, item: Published, predicted: Estimate | null): Tip {
  const unit = unitOf(item.value, item.dimension);
  return {
    head: `${stated(item.text)} at ${count(item.devices)} GPUs`,
    place: item.use === "calibration" ? "published, informs the fit" : "published",
    rows: [
      ["how", item.how],
      ...(predicted ? [["predicted", `${showIn(predicted.value, unit)}, ${interval95(predicted, unit)}`] as const, ["error", signedPercent(predicted.value / item.value - 1)] as const] : []),
      ["source", sourceTitle(scene.library, item.source)],
      ...(item.overridden ? [["settings", "other than those of the curve"] as const] : []),
    ],
    ...(item.note ? { text: item.note } : {}),
  };
}

function lensOf(scene: Scene, active: ScalePoint, measure: Measure, unit: Unit, published: readonly PublishedMark[]): ScalingData["lens"] {
  const estimate = measure.of(active);
  const before = scene.baseline ? pointAt(scene.baseline, active.devices) : undefined;
  const single = pointAt(scene.current, 1);
  const rows: LensRow[] = [{ name: before ? "what if" : "predicted", kind: "predicted", ...estimate, text: inUnit(estimate.value, unit) }];
  if (before) rows.push({ name: "baseline", kind: "baseline", ...measure.of(before), text: inUnit(measure.of(before).value, unit) });
  const mark = published.find((item) => item.devices === active.devices && item.series === "current" && !item.elsewhere);
  if (mark) rows.push({ name: "published", kind: "published", value: mark.value, text: mark.text.split("\u00a0")[0] ?? "", ...(mark.low !== undefined && mark.high !== undefined ? { low95: mark.low, high95: mark.high } : {}) });
  return { title: `${upperPrecision(scene.current.prediction.scenario.precision)} at ${count(active.devices)} GPUs, ${unit.unit}, linear`, rows, ideal: single && active.devices > 1 ? measure.of(single).value * active.devices : null };
}

export function scalingTable(data: ScalingData): Table {
  const { unit } = data.unit;
  const value = (si: number | undefined) => (si === undefined ? null : Number((si / data.unit.scale).toPrecision(6)));
  return {
    name: "scaling", caption: data.summary,
    columns: [{ name: "series" }, { name: "known" }, { name: "GPUs" }, { name: "nodes" }, { name: "value", unit }, { name: "low 95", unit }, { name: "low 80", unit }, { name: "high 80", unit }, { name: "high 95", unit }],
    rows: [
      ...data.series.flatMap((series) => series.points.map((point) => [series.name, "predicted", point.devices, point.nodes, value(point.value), value(point.low95), value(point.low80), value(point.high80), value(point.high95)])),
      ...(data.baseline ?? []).map((point) => ["baseline, as run", "predicted", point.devices, null, value(point.value), null, null, null, null]),
      ...data.published.map((mark) => [data.series.find((series) => series.id === mark.series)?.name ?? mark.series, mark.elsewhere ? "published, other settings" : "published", mark.devices, null, value(mark.value), value(mark.low), null, null, value(mark.high)]),
    ],
  };
}
