/**
 * What of a file's rows makes a picture, while they go by: times or rates by message size with a curve through them, times of steps with their median, or values of one
 * quantity by benchmark. Rows that are marked (warm-up, outlier, in place) are drawn and not fitted. A file of any length keeps some thousands of points.
 */
import { group } from "d3";
import { fitCurve } from "../../../calibrate/fit/curves.ts";
import type { ImportedRow, Mark } from "../../../calibrate/readers/index.ts";
import { unitOf } from "../../../calibrate/readers/quantity.ts";
import type { CurveFit } from "../../../model/schema/calibration.ts";

export interface PicturePoint {
  x: number;
  y: number;
  line: number;
  marks: readonly Mark[];
}

export interface SizePicture {
  kind: "by-size";
  quantity: string;
  unit: string;
  series: Array<{ name: string; rows: number; fit: CurveFit; marked: PicturePoint[] }>;
}

export interface StepPicture {
  kind: "steps";
  unit: string;
  /** Rows in all; more than there are points where every so many was taken. */
  rows: number;
  points: PicturePoint[];
  median: number;
  low: number;
  high: number;
}

export interface LevelPicture {
  kind: "levels";
  quantity: string;
  unit: string;
  levels: Array<{ name: string; rows: number; median: number; low: number; high: number; line: number }>;
}

export type Picture = SizePicture | StepPicture | LevelPicture;

const most = { series: 200, shown: 12, points: 4000, levels: 24 } as const;
const quantities = ["time_s", "rate_bytes_per_s", "busRate_bytes_per_s", "algorithmRate_bytes_per_s", "rate_flop_per_s"] as const;

const levelQuantities = ["rate_bytes_per_s", "rate_flop_per_s", "operations_per_s", "time_s"] as const;
/** Rates and times can stand beside each other; counts, sizes and losses tell nothing so. */
const isLevel = (quantity: string): boolean => ["B/s", "FLOP/s", "1/s", "s"].includes(unitOf(quantity) ?? "");

/** Points up to a number; then every second, every fourth. */
class Thinned {
  points: PicturePoint[] = [];
  rows = 0;
  #stride = 1;

  take(point: PicturePoint): void {
    if (this.rows++ % this.#stride !== 0) return;
    this.points.push(point);
    if (this.points.length <= most.points) return;
    this.points = this.points.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }
}

interface Series extends Thinned {
  readonly benchmark: string;
  readonly quantity: string;
  readonly common: Readonly<Record<string, string | number | boolean>>;
}

export function collectPicture(): { take(row: ImportedRow): void; end(): Picture | null } {
  const bySize = new Map<string, Series>();
  const levels = new Map<string, { benchmark: string; quantity: string } & { of: Thinned }>();
  const steps = new Thinned();
  let last: Series | undefined;

  const seriesOf = (row: ImportedRow, quantity: string): Series | undefined => {
    const { bytes: _, inPlace: _in, ...common } = row.case;
    if (last !== undefined && last.benchmark === row.benchmark && last.quantity === quantity && sameCase(last.common, common)) return last;
    const key = JSON.stringify([row.benchmark, quantity, common]);
    const known = bySize.get(key);
    if (known !== undefined) return (last = known);
    if (bySize.size >= most.series) return undefined;
    const made = Object.assign(new Thinned(), { benchmark: row.benchmark, quantity, common }) as Series;
    bySize.set(key, made);
    return (last = made);
  };

  return {
    take(row) {
      const { case: given, values, line, marks = [] } = row;
      const quantity = quantities.find((name) => values[name] !== undefined) ?? Object.keys(values)[0];
      const y = quantity === undefined ? undefined : values[quantity];
      if (quantity === undefined || y === undefined || !(y > 0)) return;
      const step = given["iteration"] ?? given["step"];
      if (typeof step === "number" && values["time_s"] !== undefined) return steps.take({ x: step, y: values["time_s"], line, marks });
      if (typeof given["bytes"] === "number" && given["bytes"] > 0) seriesOf(row, quantity)?.take({ x: given["bytes"], y, line, marks });
      // Of a row with both, its rate says more beside others than its time.
      const shown = levelQuantities.find((name) => (values[name] ?? 0) > 0) ?? Object.keys(values).find((name) => isLevel(name) && (values[name] ?? 0) > 0);
      if (shown === undefined) return;
      const key = `${row.benchmark} ${shown}`;
      let level = levels.get(key);
      if (level === undefined) {
        if (levels.size >= 10 * most.levels) return;
        levels.set(key, (level = { benchmark: row.benchmark, quantity: shown, of: new Thinned() }));
      }
      level.of.take({ x: 0, y: values[shown] ?? y, line, marks });
    },
    end: () => sizePicture([...bySize.values()]) ?? stepPicture(steps) ?? levelPicture([...levels.values()]),
  };
}

function sameCase(a: Series["common"], b: Series["common"]): boolean {
  let keys = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    keys++;
  }
  return Object.keys(b).length === keys;
}

/** A curve needs some sizes. */
const fewestSizes = 4;

function sizePicture(all: readonly Series[]): SizePicture | null {
  const usable = all.filter(({ points }) => new Set(points.filter(isPlain).map(({ x }) => x)).size >= fewestSizes);
  const [first] = usable.toSorted((a, b) => b.rows - a.rows);
  if (!first) return null;
  const { quantity } = first;
  const same = usable.filter((one) => one.quantity === quantity).slice(0, most.shown);
  const unit = siOf(quantity);
  return { kind: "by-size", quantity, unit, series: same.map((one) => ({ name: nameAmong(one, same), rows: one.rows, fit: fitOf(one, unit), marked: one.points.filter((point) => !isPlain(point)) })) };
}

const isPlain = ({ marks }: PicturePoint): boolean => marks.length === 0;
const siOf = (quantity: string): string => (unitOf(quantity) ?? "1").replace("FLOP", "flop");

/** The benchmark, and of its case what tells it from the others. */
function nameAmong({ benchmark, common }: Series, all: readonly Series[]): string {
  const telling = Object.entries(common).filter(([key, value]) => all.some((other) => other.common[key] !== value)).map(([key, value]) => `${key} ${String(value)}`);
  const names = new Set(all.map((one) => one.benchmark));
  return [...(names.size > 1 || telling.length === 0 ? [benchmark] : []), ...telling].join(", ");
}

function fitOf({ benchmark, common, quantity, points }: Series, unit: string): CurveFit {
  const sizes = [...group(points.filter(isPlain), ({ x }) => x)].toSorted(([a], [b]) => a - b);
  const summed = sizes.map(([x, at]) => {
    const sorted = at.map(({ y }) => y).toSorted((a, b) => a - b);
    return { x, y: middle(sorted), low: sorted[0] ?? 0, high: sorted.at(-1) ?? 0, line: at[0]?.line ?? 1, noise: sorted.length < 2 ? 0.01 : Math.log((sorted.at(-1) ?? 1) / (sorted[0] ?? 1)) / 2 / Math.sqrt(sorted.length) };
  });
  const time = unit === "s";
  const fit = fitCurve(summed, time ? "latency-bandwidth" : "saturation", 1);
  const units = { x: "B", y: unit, "x/y": `B/${unit}`, "1": "1" } as const;
  return {
    id: "import", title: benchmark, benchmark, case: { ...common }, x: { name: "bytes", unit: "B" }, y: { name: time ? "time" : quantity, unit },
    model: fit.model, parameters: Object.fromEntries(fit.parameters.map(({ name, unit: of, value, low, high }) => [name, { value, low, high, unit: units[of] }])),
    points: summed.map(({ x, y, low, high, line }, at) => ({ x, y, min: low, p10: low, p90: high, line, quiet: true, ...(fit.excluded.has(at) ? { excluded: fit.excluded.get(at) ?? "" } : {}) })),
    curve: [...fit.curve], breaks: [...fit.breaks], candidates: [...fit.candidates], residuals: fit.residuals,
  };
}

function middle(sorted: readonly number[]): number {
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

function stepPicture({ points, rows }: Thinned): StepPicture | null {
  const plain = points.filter(isPlain).map(({ y }) => y).toSorted((a, b) => a - b);
  if (plain.length < 3) return null;
  const at = (share: number): number => plain[Math.min(plain.length - 1, Math.round(share * (plain.length - 1)))] ?? 0;
  return { kind: "steps", unit: "s", rows, points: thin(points), median: middle(plain), low: at(0.1), high: at(0.9) };
}

const mostSteps = 400;

/** Those that are marked stay. */
function thin(points: readonly PicturePoint[]): PicturePoint[] {
  const stride = Math.ceil(points.length / mostSteps);
  return points.filter((point, index) => index % stride === 0 || !isPlain(point)).slice(0, 2 * mostSteps);
}

function levelPicture(all: ReadonlyArray<{ readonly benchmark: string; readonly quantity: string; readonly of: Thinned }>): LevelPicture | null {
  const counted = [...group(all, ({ quantity }) => quantity)].toSorted(([, a], [, b]) => b.length - a.length);
  const [quantity, same] = counted[0] ?? [];
  if (quantity === undefined || same === undefined) return null;
  return {
    kind: "levels", quantity, unit: siOf(quantity),
    levels: same.slice(0, most.levels).map(({ benchmark, of }) => {
      const plain = of.points.some(isPlain) ? of.points.filter(isPlain) : of.points;
      const sorted = plain.map(({ y }) => y).toSorted((a, b) => a - b);
      return { name: benchmark, rows: of.rows, median: middle(sorted), low: sorted[0] ?? 0, high: sorted.at(-1) ?? 0, line: plain[0]?.line ?? 1 };
    }),
  };
}
