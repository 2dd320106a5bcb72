/** Titles of the calibration page, each computed from the numbers that its panel draws. */
import type { CurveFit, HostCalibration, OperationsCalibration, SurfaceDocument } from "../../../model/schema/calibration.ts";
import { numberWord, percent } from "../format.ts";
import { residualAt, sizeOf, unitOfY } from "./fit-curve.ts";
import { showPlace, showSi } from "./si.ts";

const fitting = (...sentences: string[]): string => sentences.find((sentence) => sentence.length <= 65) ?? sentences.at(-1) ?? "";
const lower = (word: string) => word.charAt(0).toLowerCase() + word.slice(1);
const places: Readonly<Record<string, string>> = { depth: "depths", row: "rows", tensors: "counts" };
const off = (fraction: number) => percent(fraction, 2);

const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[Math.ceil(sorted.length / 2) - 1] ?? 0) + (sorted[Math.floor(sorted.length / 2)] ?? 0)) / 2;
};

/** "Two regimes", "One latency and one bandwidth", with the verb's number. */
function curveWords(model: string): { words: string; plural: boolean } {
  const [, many, kind] = /^(\d+) (regimes|levels)/.exec(model) ?? [];
  if (many !== undefined) return { words: `${numberWord(Number(many))} ${kind}`, plural: true };
  const known: Readonly<Record<string, { words: string; plural: boolean }>> = {
    constant: { words: "One value", plural: false },
    "one level": { words: "One level", plural: false },
    "latency and bandwidth": { words: "One latency and one bandwidth", plural: true },
    saturation: { words: "One curve of saturation", plural: false },
    "saturation with a power": { words: "Saturation with a power", plural: false },
  };
  return known[model] ?? { words: model.charAt(0).toUpperCase() + model.slice(1), plural: false };
}

export function fitFinding(fit: CurveFit): string {
  const { words, plural } = curveWords(fit.model);
  const { n, median } = fit.residuals;
  const all = fit.points.length;
  const noun = places[fit.x.name] ?? "sizes";
  const [only] = fit.points;
  if (all === 1 && only) return `${showSi(only.y, unitOfY(fit))} from one row: nothing checks it`;
  const size = sizeOf(fit);
  if (n <= size) return fitting(`${numberWord(n)} ${noun} fix ${lower(numberWord(size))} ${size === 1 ? "parameter" : "parameters"}: nothing checks them`);
  const many = n === all ? `all ${n} ${noun}` : `${n} of ${all} ${noun}`;
  if (median > 0.1) return fitting(`${words} ${plural ? "miss" : "misses"} ${many} by a median of ${off(median)}`, `${words} ${plural ? "miss" : "misses"} by a median of ${off(median)}`);
  return fitting(`${words} ${plural ? "fit" : "fits"} ${many} to a median of ${off(median)}`, `${words} ${plural ? "fit" : "fits"} ${many} to ${off(median)}`);
}

export function residualFinding(fit: CurveFit): string {
  const kept = fit.points.filter(({ excluded }) => excluded === undefined).flatMap((point) => {
    const residual = residualAt(fit, point);
    return residual === null ? [] : [{ point, residual }];
  });
  const [worst] = kept.toSorted((a, b) => Math.abs(b.residual) - Math.abs(a.residual));
  if (kept.length < 2 || worst === undefined) return "One point: no residual to read";
  const simplest = fit.candidates.filter(({ model }) => model !== fit.model).toSorted((a, b) => a.parameters - b.parameters)[0];
  const here = `The worst point is ${off(Math.abs(worst.residual))} off, at ${showPlace(worst.point.x, fit.x.unit)}`;
  return simplest !== undefined && simplest.parameters < sizeOf(fit) && simplest.worst > 1.5 * fit.residuals.worst ? fitting(`${here}; ${lower(curveWords(simplest.model).words)}: ${off(simplest.worst)}`, here) : fitting(here);
}

export function candidatesFinding(fit: CurveFit): string {
  const ordered = fit.candidates.toSorted((a, b) => a.bic - b.bic);
  const [best, second] = ordered;
  if (best === undefined || second === undefined) return "No other curve could be tried on so few points";
  const apart = second.bic - best.bic;
  const { words, plural } = curveWords(best.model);
  return apart < 2 ? fitting(`${words} and ${lower(curveWords(second.model).words)} explain it alike`, "Two curves explain it alike") : fitting(`${words} ${plural ? "win" : "wins"} over ${lower(curveWords(second.model).words)}`, `${words} ${plural ? "win" : "wins"}`);
}

/** Parameters whose interval is narrower than a tenth of the value. */
export function parametersFinding(fit: CurveFit): string {
  const all = Object.values(fit.parameters);
  const firm = all.filter(({ value, low, high }) => (high - low) / 2 <= 0.1 * Math.abs(value)).length;
  if (all.length === 1) return firm === 1 ? "Its value is known to 10 % or better" : "Its value is not known to 10 %";
  return firm === all.length ? `All ${all.length} parameters are known to 10 % or better` : firm === 0 ? `None of ${all.length} parameters is known to 10 %` : `${firm} of ${all.length} parameters ${firm === 1 ? "is" : "are"} known to 10 % or better`;
}

export function hostFinding({ fits }: Pick<HostCalibration, "fits">): string {
  if (fits.length === 0) return "Nothing could be fitted";
  const checked = fits.filter((fit) => fit.residuals.n > sizeOf(fit));
  if (checked.length === 0) return `${fits.length === 1 ? "One curve" : `${fits.length} curves`}, none with more points than parameters`;
  const half = off(medianOf(checked.map(({ residuals }) => residuals.median)));
  return checked.length === 1 ? `One curve can be checked: it fits to ${half}` : `Half of ${checked.length} curves fit to ${half} or better`;
}

export function operationsFinding({ surfaces }: Pick<OperationsCalibration, "surfaces">): string {
  const half = medianOf(surfaces.map(({ residuals }) => residuals.median));
  const [worst] = surfaces.toSorted((a, b) => b.residuals.median - a.residuals.median);
  const first = surfaces.length === 1 ? `One operation is known to ${off(half)}` : `Half of ${surfaces.length} operations are known to ${off(half)}`;
  return worst === undefined ? "No operations" : fitting(`${first}; ${operationName(worst)} to ${off(worst.residuals.median)}`, first);
}

export const operationName = ({ operation, pass }: Pick<SurfaceDocument, "operation" | "pass">): string => `${operation.replaceAll("-", " ")}, ${pass.replaceAll("-", " ")}`;

export function surfaceFinding(surface: SurfaceDocument): string {
  const { n, median, worst } = surface.residuals;
  const name = operationName(surface);
  return fitting(`${name.charAt(0).toUpperCase()}${name.slice(1)}: ${off(median)} from ${n} neighbours, worst ${off(worst)}`, `${off(median)} from ${n} neighbours, worst ${off(worst)}`);
}

export function skippedFinding(skipped: HostCalibration["skipped"], reasons: number): string {
  if (skipped.length === 0) return "Nothing was left out";
  const what = skipped.length === 1 ? "One benchmark was" : `${numberWord(skipped.length)} benchmarks were`;
  return `${what} left out, for ${reasons === 1 ? "one reason" : `${lower(numberWord(reasons))} reasons`}`;
}
