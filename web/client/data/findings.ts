/** Titles that are findings, made from the data: each sentence is computed from the numbers that its panel draws. */
import type { ScalePoint, Term } from "../../../model/prediction.ts";
import { count, fixed, join, numberWord, showIn, signedPercent, stated, unitOf, type Unit } from "../format.ts";
import { scaleValue } from "./scaling-data.ts";
import { activePoint, lossesOf, measureOf, pointAt, type Scene } from "./scene.ts";

/** "Selene, DGX A100 SuperPOD" -> "Selene". */
const shortName = (title: string) => title.split(/[,(]/)[0]?.trim() ?? title;

/** Longest-first wording that fits a panel title. */
const fitting = (...sentences: string[]): string => sentences.find((sentence) => sentence.length <= 65) ?? sentences.at(-1) ?? "";

export function scalingFinding(scene: Scene): string {
  const point = activePoint(scene);
  const measure = measureOf(scene);
  const { value } = measure.of(point);
  const unit = unitOf(scaleValue(scene, measure), measure.dimension);
  const before = scene.baseline && pointAt(scene.baseline, point.devices);
  const machine = shortName(scene.current.prediction.scenario.machine.title);
  if (before) {
    const change = value - measure.of(before).value;
    if (Math.abs(change) < value * 5e-4) return fitting(`These changes leave ${showIn(value, unit)} as it was`);
    const amount = showIn(Math.abs(change), unit, Math.abs(change) < unit.scale ? 2 : 3);
    return fitting(`With these changes ${machine} ${change < 0 ? "gives up" : "gains"} ${amount}`, `These changes ${change < 0 ? "cost" : "gain"} ${amount}`);
  }
  const published = scene.current.published.find((item) => item.metric === measure.published && item.devices === point.devices && item.use === "validation" && !item.overridden);
  if (published) {
    const figure = `${showIn(value, unit)} predicted, ${stated(published.text)} published`;
    return fitting(`${figure}: ${signedPercent(value / published.value - 1)}`, figure);
  }
  return fitting(`${machine} sustains ${showIn(value, unit)} on ${count(point.devices)} GPUs`, `${showIn(value, unit)} on ${count(point.devices)} GPUs`);
}

export function efficiencyFinding(point: ScalePoint, single: ScalePoint | undefined): string {
  const lost = 1 - point.efficiency.value;
  if (point.devices === 1 || single === undefined || lost < 5e-4) return `Nothing is lost at ${count(point.devices)} ${point.devices === 1 ? "GPU" : "GPUs"}`;
  const [worst] = lossesOf(point, single).toSorted((a, b) => b.lost - a.lost);
  const points = (value: number) => fixed(value * 100, 1);
  if (worst === undefined) return `${points(lost)} points are lost at ${count(point.devices)} GPUs`;
  const verb = plural(worst.term.label) ? "take" : "takes";
  if (points(worst.lost) === points(lost)) return fitting(`${worst.term.label} ${verb} all ${points(lost)} points of efficiency lost`);
  return fitting(`${worst.term.label} ${verb} ${points(worst.lost)} of the ${points(lost)} points of efficiency lost`, `${worst.term.label} ${verb} ${points(worst.lost)} of ${points(lost)} points lost`);
}

const plural = (label: string) => /^\w+s\b(?! (factor|reduction))/i.test(label) && !/^(all-reduce|loss|bias|process)/i.test(label);

export function stepFinding(point: ScalePoint, before: ScalePoint | undefined, unit: Unit): string {
  const hidden = point.terms.reduce((sum, term) => sum + term.overlapped_s, 0);
  const hiddenText = hidden >= 0.0005 * point.stepTime_s.value ? `; ${showIn(hidden, unit)} more stay hidden` : "";
  if (before) {
    const changes = point.terms.map((term) => ({ term, change: term.time_s - (before.terms.find((other) => other.id === term.id)?.time_s ?? 0) }));
    const [largest] = changes.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change));
    if (largest && Math.abs(largest.change) > 5e-4 * point.stepTime_s.value) {
      const verb = largest.change > 0 ? "adds" : "saves";
      return fitting(`${largest.term.label} ${verb} ${showIn(Math.abs(largest.change), unit)}${hiddenText}`, `${largest.term.label} ${verb} ${showIn(Math.abs(largest.change), unit)}`);
    }
    return "No term of the step moves";
  }
  const compute = share(point, (term) => term.group === "compute" || term.group === "memory" || term.group === "other");
  const waits = 1 - compute;
  return fitting(`Devices compute for ${percentWhole(compute)} of the step${hiddenText}`, `Devices compute for ${percentWhole(compute)} and wait for ${percentWhole(waits)}`);
}

const share = (point: ScalePoint, pick: (term: Term) => boolean) => point.terms.filter(pick).reduce((sum, term) => sum + term.time_s, 0) / point.stepTime_s.value;
const percentWhole = (fraction: number) => join(fixed(fraction * 100, fraction < 0.995 && fraction > 0.985 ? 1 : 0), "%");

export interface Swing {
  path: string;
  low: number;
  high: number;
}

/** How many inputs, largest first, make four fifths of the variance (squared swings, taken as independent). */
export function decidingInputs(swings: readonly Swing[]): number {
  const squares = swings.map(({ low, high }) => (high - low) ** 2).toSorted((a, b) => b - a);
  const whole = squares.reduce((sum, value) => sum + value, 0);
  let seen = 0;
  const index = squares.findIndex((value) => (seen += value) >= 0.8 * whole);
  return whole === 0 ? 0 : index + 1;
}

export function inputsFinding(swings: readonly Swing[]): string {
  const deciding = decidingInputs(swings);
  if (deciding === 0) return "No input has an interval that moves the step";
  return deciding === 1 ? "One input decides the interval" : `${numberWord(deciding)} inputs decide the interval`;
}

