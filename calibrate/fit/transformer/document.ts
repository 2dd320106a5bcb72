/** A fit of a catalogue as a calibration document: the effects that runs inform, their errors and how they hang together, and the series that moved each. */
import { domainValues } from "../../../model/predict/transformer/open-spread.ts";
import type { CorpusCalibration } from "../../../model/schema/calibration.ts";
import { domainOf } from "../../../model/uncertainty/domain.ts";
import { substitute } from "./cholesky.ts";
import type { CorpusRun, FittedRuns } from "./fit-catalogue.ts";
import { denseRun, sparseRun } from "./runs.ts";
import { linearise, seriesWeights, usual, weightOf } from "./solve.ts";

/** An effect whose error is this share of its prior's says nothing that the document did not. */
const informed = 0.97;
const fewest = 0.05;
const mostSeries = 6;
const always = 2;

const round = (value: number, digits = 4): number => Number(value.toPrecision(digits));

export function describeTransformerCorpus(head: Head, fitted: FittedRuns): CorpusCalibration {
  return { ...describeCorpus(head, "transformer", denseRun.discrepancy, fitted, ({ case: { architecture, layout } }) => domainValues(architecture, layout)), noiseWithExperts: sparseRun.discrepancy };
}

type Head = Pick<CorpusCalibration, "id" | "title" | "from">;

export function describeCorpus<Run extends CorpusRun>(head: Head, workload: CorpusCalibration["scope"]["workload"], noise: number, { runs, problem, solution }: FittedRuns<Run>, valuesOf: (run: Run) => Parameters<typeof domainOf>[0][number]): CorpusCalibration {
  const { active, factor, effects } = solution;
  const covariances = active.length === 0 ? [] : Array.from(active, (_, at) => columnOf(factor, active.length, at));
  const sdOf = (at: number): number => Math.sqrt(covariances[at]![at]!);
  const told = [...active.keys()].filter((at) => sdOf(at) < informed * problem.effects[active[at]!]!.sd).toSorted((a, b) => (problem.effects[active[a]!]!.key < problem.effects[active[b]!]!.key ? -1 : 1));
  const moved = seriesOf(runs, problem, effects);
  return {
    ...head,
    scope: { kind: "corpus", workload },
    method: "maximum a posteriori over all scopes at once: log-normal priors of documents, Student-like loss, damped Gauss-Newton steps on the logarithm of time, Laplace covariance",
    noise,
    robust: usual.robust,
    runs: runs.filter((one) => one.case.flags.length === 0).length,
    domain: domainOf(runs.filter((one) => one.case.flags.length === 0).map(valuesOf)),
    learned: [...new Set(runs.flatMap((one) => (one.case.flags.length === 0 ? [one.case.series] : [])))].toSorted(),
    effects: told.map((at) => {
      const effect = active[at]!;
      const { key, sd } = problem.effects[effect]!;
      const [parameter = key, ...scope] = key.split(" ");
      return { parameter, scope: scope.join(" ") || "all", factor: round(Math.exp(effects[effect]!)), standardError: round(sdOf(at)), prior: round(sd), series: moved(effect) };
    }),
    covariance: told.map((row, i) => told.slice(0, i + 1).map((column) => round(covariances[row]![column]!, 3))),
  };
}

function columnOf(factor: Float64Array, size: number, at: number): Float64Array {
  const unit = new Float64Array(size);
  unit[at] = 1;
  substitute(factor, size, unit);
  return unit;
}

/** Series by their share of what the data say of an effect. */
function seriesOf(runs: readonly CorpusRun[], problem: FittedRuns["problem"], effects: Float64Array): (effect: number) => string[] {
  const weights = seriesWeights(problem, (at) => runs[at]!.case.flags.length === 0);
  const { slopes, residuals } = linearise(problem, effects);
  return (effect) => {
    const information = new Map<string, number>();
    let total = 0;
    problem.runs.forEach((run, at) => {
      const place = run.effects.indexOf(effect);
      if (place < 0 || weights[at] === 0) return;
      const share = weightOf(weights[at]!, residuals[at]!, run.run.noise, usual.robust) * slopes[at]![place]! ** 2;
      total += share;
      information.set(run.run.series, (information.get(run.run.series) ?? 0) + share);
    });
    const ordered = [...information].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return ordered.filter(([, share], place) => place < always || share >= fewest * total).slice(0, mostSeries).map(([series]) => series);
  };
}
