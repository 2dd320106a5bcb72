/**
 * One fit of a whole catalogue and its scores by protocol. Flagged rows are predicted and never learned from. Sources whose numbers are computed, not measured, are
 * fitted afterwards: they move what belongs to their own stack and nothing that others share.
 */
import type { Problem } from "../../../model/problems.ts";
import type { Applied, CatalogueCase, ReadCatalogue } from "../../readers/catalogue/case.ts";
import { makeFitProblem, type FitProblem, type FitRun } from "./problem.ts";
import { protocols, runProtocol, type FitProtocol, type Prediction, type ProtocolRun } from "./protocols.ts";
import { makeRuns, type CaseRun, type FitDocuments } from "./runs.ts";
import { seriesWeights, solve, usual, type Solution } from "./solve.ts";

/** What a fit needs of a case, whatever its network. */
export interface CorpusRun {
  readonly case: ProtocolRun["case"] & { readonly flags: readonly Applied[] };
  readonly run: FitRun;
}

export interface FittedRuns<Run extends CorpusRun = CaseRun> {
  readonly runs: readonly Run[];
  readonly problem: FitProblem;
  readonly solution: Solution;
  readonly predictions: Readonly<Partial<Record<FitProtocol, readonly Prediction[]>>>;
}

export interface FittedCatalogue {
  readonly measured: FittedRuns;
  readonly computed: FittedRuns | undefined;
  /** Cases that no program or document was found for. */
  readonly left: ReadonlyArray<{ readonly case: CatalogueCase; readonly problems: readonly Problem[] }>;
}

export type Progress = (what: string, done: number, of: number) => void;

/** `mayLearn`: cases that the fit may see, besides that flagged ones never inform it. */
export function fitCatalogue({ cases }: Pick<ReadCatalogue, "cases">, documents: FitDocuments, wanted: readonly FitProtocol[] = protocols, progress: Progress = () => {}, mayLearn: (one: CatalogueCase) => boolean = () => true): FittedCatalogue {
  const { runs, left } = makeRuns(cases, documents);
  const measured = runs.filter((one) => !one.case.computed);
  const computed = runs.filter((one) => one.case.computed);
  const fitted = fitRuns(measured, wanted, progress, ({ case: one }) => mayLearn(one));
  return { measured: fitted, computed: computed.length === 0 ? undefined : fitComputed(computed, fitted, wanted, progress), left };
}

/** The fit of measured runs and their predictions under each protocol. */
export function fitRuns<Run extends CorpusRun>(runs: readonly Run[], wanted: readonly FitProtocol[], progress: Progress = () => {}, mayLearn: (one: Run) => boolean = () => true): FittedRuns<Run> {
  const problem = makeFitProblem(runs.map(({ run }) => run));
  const learns = (at: number): boolean => runs[at]!.case.flags.length === 0 && mayLearn(runs[at]!);
  const solution = solve(problem, seriesWeights(problem, learns), new Float64Array(problem.effects.length), usual, (iteration) => progress("fit", iteration, usual.iterations));
  const scored = wanted.map((protocol) => [protocol, runProtocol(protocol, problem, runs, learns, solution, (done, of) => progress(protocol, done, of))] as const);
  return { runs, problem, solution, predictions: Object.fromEntries(scored) };
}

const apart: readonly FitProtocol[] = ["in-sample", "leave-one-series-out"];

function fitComputed(runs: readonly CaseRun[], measured: FittedRuns, wanted: readonly FitProtocol[], progress: Progress): FittedRuns {
  const problem = makeFitProblem(runs.map(({ run }) => run));
  const known = new Map(measured.problem.effects.map(({ key }, at) => [key, measured.solution.effects[at]!]));
  const start = Float64Array.from(problem.effects, ({ key }) => known.get(key) ?? 0);
  const only = new Set(problem.effects.flatMap(({ key }, at) => (runs.some(({ case: { stack } }) => key.endsWith(` stack ${stack}`)) ? [at] : [])));
  const options = { ...usual, only };
  const everyone = (): boolean => true;
  const solution = solve(problem, seriesWeights(problem, everyone), start, options, (iteration) => progress("fit of computed rows", iteration, usual.iterations));
  const scored = wanted.filter((protocol) => apart.includes(protocol)).map((protocol) => [protocol, runProtocol(protocol, problem, runs, everyone, solution, (done, of) => progress(`${protocol}, computed rows`, done, of), options)] as const);
  return { runs, problem, solution, predictions: Object.fromEntries(scored) };
}
