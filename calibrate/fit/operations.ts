/**
 * Rows of single operations (PyTorch's, or those of a library without a framework) -> a table of surfaces. A row's time is its median: training goes at
 * the pace of the usual call, not of the best. Rows that were not quiet are used like others; the noise of the surface tells. An operation that was timed at
 * one size alone has no surface: its name is in the method.
 */
import { boundTime, featureNames, sizeBatchedProduct, sizeConvolution, sizeLinear, sizePointwise, type BoundRates, type OperationSizes } from "../../model/compute/operations.ts";
import type { OperationsCalibration, SurfaceDocument } from "../../model/schema/calibration.ts";
import { elementBytes, type Precision } from "../../model/schema/common.ts";
import type { MeasurementRow } from "../../model/schema/measurement.ts";
import { commonErrorOf, leastCommonError, type GroupedPoint } from "./common-error.ts";
import { fitSurface } from "./surface.ts";

export interface OperationsTarget {
  readonly device: string;
  readonly precision: Precision;
  /** Stack family whose operations were timed. */
  readonly family?: string;
  readonly bounds: BoundRates;
}

export type OperationsBody = Pick<OperationsCalibration, "scope" | "method" | "bounds" | "commonError" | "surfaces">;

/** A surface needs this many different sizes; fewer say nothing of a course. */
const leastPoints = 2;
/** More points make a fit slow (its cost is their cube) and tell no more. */
const mostPoints = 260;

/** Not of a network: what a step costs besides its operations, and samples. */
const beside: ReadonlySet<string> = new Set(["empty-step", "empty-ddp-step", "decode"]);

interface Group {
  readonly operation: string;
  readonly pass: SurfaceDocument["pass"];
  readonly points: GroupedPoint[];
}

export function fitOperations(rows: readonly MeasurementRow[], { device, precision, family, bounds }: OperationsTarget): OperationsBody {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const found = sizesOf(row);
    if (!found) continue;
    const { sizes, pass } = found;
    const key = `${sizes.operation} ${pass}`;
    const group = groups.get(key) ?? { operation: sizes.operation, pass, points: [] };
    const network = row.case["network"];
    group.points.push({ features: sizes.features, bound_s: boundTime(sizes, bounds, elementBytes[precision]), time_s: row.time_s.median, ...(typeof network === "string" ? { group: network } : {}) });
    groups.set(key, group);
  }
  const ordered = [...groups.values()].toSorted((a, b) => (`${a.operation} ${a.pass}` < `${b.operation} ${b.pass}` ? -1 : 1));
  const hasCourse = ({ points }: Group): boolean => new Set(points.map(({ features }) => features.join(" "))).size >= leastPoints;
  const fitted = ordered.filter(hasCourse).map(({ operation, pass, points }) => {
    const kept = thin(points);
    return { surface: fitSurface(operation, pass, featureNames(operation), kept), points: kept };
  });
  const single = ordered.filter((group) => !hasCourse(group)).map(({ operation, pass }) => `${operation} ${pass}`);
  return {
    scope: { kind: "operations", device, precision, ...(family === undefined ? {} : { family }) },
    method:
      "Gaussian process on log(time / bound) over log sizes, Matern 5/2, one length scale per size, by maximum a posteriori; bound: the slower of arithmetic and compulsory traffic, and a call's own. " +
      "Residuals: each point from the others. Common error: of the time of a network's operations, or of a fifth of all, predicted from the rest; " +
      `no less than ${leastCommonError * 100} %.${single.length > 0 ? ` Left out, timed at one size alone: ${single.join(", ")}.` : ""}`,
    bounds,
    commonError: commonErrorOf(fitted.filter(({ surface }) => !beside.has(surface.operation))),
    surfaces: fitted.map(({ surface }) => surface),
  };
}

/** Evenly over the measured times, so that no region is emptied. */
function thin<T extends { readonly time_s: number }>(points: readonly T[]): T[] {
  if (points.length <= mostPoints) return [...points];
  const ordered = points.toSorted((a, b) => a.time_s - b.time_s);
  return Array.from({ length: mostPoints }, (_, at) => ordered[Math.round((at * (ordered.length - 1)) / (mostPoints - 1))] as T);
}

interface Found {
  readonly sizes: OperationSizes;
  readonly pass: SurfaceDocument["pass"];
}

const passes: ReadonlySet<string> = new Set(["forward", "backward", "data-gradient", "weight-gradient", "update"]);

/** What a row times, as a prediction would ask for it; undefined where a table has no use for it. */
function sizesOf({ benchmark, case: given }: MeasurementRow): Found | undefined {
  const number = (key: string): number => Number(given[key]);
  if (benchmark === "torch-step") return valid({ sizes: sizePointwise(String(given["what"]), number("tensors")), pass: "forward" });
  if (benchmark === "loader") return valid({ sizes: sizePointwise("decode", number("bytes")), pass: "forward" });
  if (benchmark === "gemm") return valid({ sizes: sizeLinear(number("m"), number("k"), number("n")), pass: "forward" });
  const operation = benchmark === "convolution" ? "convolution" : String(given["operation"]);
  const pass = String(given["pass"]);
  if ((benchmark !== "convolution" && benchmark !== "torch-operation") || !passes.has(pass)) return undefined;
  return valid({ sizes: sizeOf(operation, number), pass: pass as SurfaceDocument["pass"] });
}

function sizeOf(operation: string, number: (key: string) => number): OperationSizes {
  switch (operation) {
    case "linear": return sizeLinear(number("rows"), number("inner"), number("columns"));
    case "batched-product": return sizeBatchedProduct(number("matrices"), number("rows"), number("inner"), number("columns"));
    case "convolution":
    case "transposed-convolution": return sizeFilter(operation === "transposed-convolution", number);
    default: return sizePointwise(operation, number("elements"));
  }
}

/** Rows give the input's size; padding is "same", so that an edge of the output is the input's over the stride, rounded up. */
function sizeFilter(transposed: boolean, number: (key: string) => number): OperationSizes {
  const stride = number("stride");
  const inSize = [number("height"), number("width")];
  const outSize = inSize.map((edge) => (transposed ? edge * stride : Math.ceil(edge / stride)));
  const kernel = [number("kernel"), number("kernel")];
  return sizeConvolution({ batch: number("batch"), inChannels: number("inChannels"), outChannels: number("outChannels"), inSize, outSize, kernel, stride, dilation: 1, groups: 1, transposed });
}

const valid = (found: Found): Found | undefined => (found.sizes.features.every((value) => value > 0 && Number.isFinite(value)) ? found : undefined);
