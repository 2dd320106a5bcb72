/**
 * Fits the convolution constants of one device and precision to single-kernel times, on the logarithm of time, and reports how well:
 * per row, per pass, on the sum of all times, and on rows left out (by kernel shape, and by whole application).
 * Two scatters come from the residuals: one independent per operation, one common to a whole network on this device.
 */
import { timeConvolution } from "../../model/compute/convolution.ts";
import type { ComputeDevice, ConvolutionConstants, ConvolutionOptions, ConvolutionShape, Pass } from "../../model/compute/convolution.ts";
import { median, summariseErrors } from "./errors.ts";
import type { ErrorSummary } from "./errors.ts";
import { constantPriors, isInformed } from "./convolution-priors.ts";
import { fitLeastSquares } from "./least-squares.ts";

export interface ConvolutionRow {
  readonly application: string;
  readonly shape: ConvolutionShape;
  readonly pass: Pass;
  readonly time_s: number;
}

export interface ConvolutionSetup {
  readonly device: ComputeDevice;
  /** How the table was measured: what the library chose from and whether the times hold layout copies. */
  readonly options: ConvolutionOptions;
}

export interface FittedConstant {
  readonly name: keyof ConvolutionConstants;
  readonly value: number;
  /** Of the natural logarithm; the prior's where the table says nothing on it. */
  readonly standardError: number;
  readonly informed: boolean;
}

export interface ConvolutionFit {
  readonly constants: ConvolutionConstants;
  readonly fitted: readonly FittedConstant[];
  readonly overall: ErrorSummary;
  readonly byPass: Readonly<Record<Pass, ErrorSummary>>;
  /** Error of each application's summed time, fitted with all rows and with that application left out. */
  readonly byApplication: readonly { readonly application: string; readonly sumError: number; readonly sumErrorLeftOut: number }[];
  readonly crossValidated: ErrorSummary;
  readonly operationScatter: number;
  readonly commonScatter: number;
  readonly converged: boolean;
}

const passes: readonly Pass[] = ["forward", "data-gradient", "weight-gradient"];
const folds = 8;
const firstNoise = 0.2;
/** Below this the few applications of a table cannot tell a common error from none. */
const leastCommonScatter = 0.03;
/** A median absolute deviation times this estimates a standard deviation. */
const medianToDeviation = 1.4826;

/** What a benchmark of the call would show: the kernel and the copies the library makes around it. */
export function predictRow(row: ConvolutionRow, constants: ConvolutionConstants, setup: ConvolutionSetup): number {
  const time = timeConvolution(row.shape, row.pass, setup.device, constants, setup.options);
  return time.time_s + time.copies_s;
}

export function fitConvolution(rows: readonly ConvolutionRow[], setup: ConvolutionSetup): ConvolutionFit {
  const first = fitConstants(rows, setup, firstNoise);
  const noise = medianToDeviation * median(first.residuals.map(Math.abs));
  const fit = fitConstants(rows, setup, noise, first.logs);
  const predicted = rows.map((row) => predictRow(row, fit.constants, setup));

  const summarise = (keep: (row: ConvolutionRow) => boolean, times: readonly number[]): ErrorSummary => {
    const kept = rows.flatMap((row, index) => (keep(row) ? [{ predicted: times[index]!, measured: row.time_s }] : []));
    return summariseErrors(kept);
  };
  const byPass = Object.fromEntries(passes.map((pass) => [pass, summarise((row) => row.pass === pass, predicted)])) as Record<Pass, ErrorSummary>;

  const leaveOut = (keyOf: (row: ConvolutionRow) => string): number[] => {
    const times = rows.map(() => Number.NaN);
    for (const key of new Set(rows.map(keyOf))) {
      const { constants } = fitConstants(rows.filter((row) => keyOf(row) !== key), setup, noise, fit.logs);
      for (const [index, row] of rows.entries()) if (keyOf(row) === key) times[index] = predictRow(row, constants, setup);
    }
    return times;
  };
  const shapes = [...new Set(rows.map(nameShape))];
  const foldOf = new Map(shapes.map((shape, index) => [shape, String(index % folds)]));
  const leftOutByShape = leaveOut((row) => foldOf.get(nameShape(row))!);
  const applications = [...new Set(rows.map((row) => row.application))];
  const leftOutByApplication = applications.length > 1 ? leaveOut((row) => row.application) : leftOutByShape;
  const byApplication = applications.map((application) => ({
    application,
    sumError: summarise((row) => row.application === application, predicted).sumError,
    sumErrorLeftOut: summarise((row) => row.application === application, leftOutByApplication).sumError,
  }));

  const operationScatter = medianToDeviation * median(rows.map((row, index) => Math.abs(Math.log(leftOutByShape[index]! / row.time_s))));
  return {
    constants: fit.constants,
    fitted: fit.fitted,
    overall: summarise(() => true, predicted),
    byPass,
    byApplication,
    crossValidated: summarise(() => true, leftOutByShape),
    operationScatter,
    commonScatter: estimateCommonScatter(rows, byApplication, operationScatter),
    converged: fit.converged,
  };
}

/** Takes applications from another table of the same kernels, for tables without that column. Rows the other lacks keep "". */
export function labelApplications<Row extends ConvolutionRow>(rows: readonly Row[], reference: readonly ConvolutionRow[]): Row[] {
  const waiting = new Map<string, string[]>();
  const keyOf = (row: ConvolutionRow): string => `${row.pass} ${nameShape(row)}`;
  for (const row of reference) waiting.set(keyOf(row), [...(waiting.get(keyOf(row)) ?? []), row.application]);
  return rows.map((row) => ({ ...row, application: waiting.get(keyOf(row))?.shift() ?? "" }));
}

function nameShape({ shape }: ConvolutionRow): string {
  return [shape.batch, shape.inChannels, shape.outChannels, ...shape.inSize, ...shape.kernel, shape.stride, ...shape.outSize].join(" ");
}

/**
 * Error common to the operations of a network: the spread of the applications' sums beyond what independent errors of their kernels explain.
 * An application counts by its number of different kernels, as one with two is not like a network; the same kernel at another batch errs alike.
 */
function estimateCommonScatter(
  rows: readonly ConvolutionRow[],
  applications: readonly { readonly application: string; readonly sumError: number }[],
  operationScatter: number,
): number {
  const spread: number[] = [];
  const independent: number[] = [];
  for (const { application, sumError } of applications) {
    const kernels = new Map<string, number>();
    for (const row of rows) {
      if (row.application !== application) continue;
      const kernel = `${row.pass} ${nameShape({ ...row, shape: { ...row.shape, batch: 1 } })}`;
      kernels.set(kernel, (kernels.get(kernel) ?? 0) + row.time_s);
    }
    const times = [...kernels.values()];
    const share = Math.hypot(...times) / times.reduce((sum, time) => sum + time, 0);
    for (let kernel = 0; kernel < times.length; kernel += 1) {
      spread.push(Math.abs(Math.log1p(sumError)));
      independent.push(share * operationScatter);
    }
  }
  return Math.sqrt(Math.max(leastCommonScatter ** 2, (medianToDeviation * median(spread)) ** 2 - median(independent) ** 2));
}

interface ConstantsFit {
  readonly constants: ConvolutionConstants;
  readonly fitted: readonly FittedConstant[];
  readonly logs: readonly number[];
  readonly residuals: readonly number[];
  readonly converged: boolean;
}

function fitConstants(rows: readonly ConvolutionRow[], setup: ConvolutionSetup, noise: number, start?: readonly number[]): ConstantsFit {
  const informed = constantPriors.filter((prior) => isInformed(prior, setup.options));
  const toConstants = (logs: ArrayLike<number>): ConvolutionConstants => {
    const values: Record<string, number> = {};
    for (const prior of constantPriors) values[prior.name] = prior.mean;
    for (const [index, prior] of informed.entries()) values[prior.name] = Math.exp(logs[index]!);
    return values as unknown as ConvolutionConstants;
  };
  const result = fitLeastSquares({
    priors: informed.map(({ mean, sd }) => ({ mean: Math.log(mean), sd })),
    count: rows.length,
    noise,
    ...(start ? { start } : {}),
    residuals: (logs, out) => {
      const constants = toConstants(logs);
      for (const [index, row] of rows.entries()) out[index] = Math.log(predictRow(row, constants, setup) / row.time_s);
    },
  });
  const constants = toConstants(result.parameters);
  const fitted = constantPriors.map((prior): FittedConstant => {
    const index = informed.indexOf(prior);
    const standardError = index < 0 ? prior.sd : Math.sqrt(result.covariance[index]![index]!);
    return { name: prior.name, value: constants[prior.name], standardError, informed: index >= 0 };
  });
  return { constants, fitted, logs: result.parameters, residuals: result.residuals, converged: result.converged };
}
