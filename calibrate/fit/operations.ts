/**
 * Rows of single operations (PyTorch's, or those of a library without a framework) -> a table of surfaces. A row's times are its median: training goes at
 * the pace of the usual call, not of the best. Rows that were not quiet are used like others; the noise of the surface tells.
 */
import { boundTime, featureNames, sizeBatchedProduct, sizeConvolution, sizeLinear, sizePointwise, type BoundRates, type OperationSizes } from "../../model/compute/operations.ts";
import type { OperationsCalibration, SurfaceDocument } from "../../model/schema/calibration.ts";
import { elementBytes, type Precision } from "../../model/schema/common.ts";
import type { MeasurementRow } from "../../model/schema/measurement.ts";
import { fitSurface, type SurfacePoint } from "./surface.ts";

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
/** Points beyond this make a fit slow and tell no more: the most spread out are kept. */
const mostPoints = 260;

export function fitOperations(rows: readonly MeasurementRow[], { device, precision, family, bounds }: OperationsTarget): OperationsBody {
  const groups = new Map<string, { operation: string; pass: SurfaceDocument["pass"]; points: SurfacePoint[] }>();
  for (const row of rows) {
    const found = sizesOf(row);
    if (!found) continue;
    const { sizes, pass } = found;
    const key = `${sizes.operation} ${pass}`;
    const group = groups.get(key) ?? { operation: sizes.operation, pass, points: [] };
    group.points.push({ features: sizes.features, bound_s: boundTime(sizes, bounds, elementBytes[precision]), time_s: row.time_s.median });
    groups.set(key, group);
  }
  const surfaces = [...groups.values()]
    .filter(({ points }) => new Set(points.map(({ features }) => features.join(" "))).size >= leastPoints)
    .toSorted((a, b) => (`${a.operation} ${a.pass}` < `${b.operation} ${b.pass}` ? -1 : 1))
    .map(({ operation, pass, points }) => fitSurface(operation, pass, featureNames(operation), thin(points)));
  return {
    scope: { kind: "operations", device, precision, ...(family === undefined ? {} : { family }) },
    method:
      "Gaussian process on log(time / bound) over log sizes, Matern 5/2, one length scale per size, by maximum a posteriori; bound: the slower of arithmetic and compulsory traffic. " +
      "Residuals: each point from the others. Common error: mean of the residuals' sum over the times, as of a network made of all points, taken as no less than 2 %.",
    bounds,
    commonError: commonErrorOf(surfaces),
    surfaces,
  };
}

/** Every n-th of the points in the order of their sizes, so that no region is emptied. */
function thin(points: readonly SurfacePoint[]): SurfacePoint[] {
  if (points.length <= mostPoints) return [...points];
  const ordered = points.toSorted((a, b) => a.time_s - b.time_s);
  return Array.from({ length: mostPoints }, (_, at) => ordered[Math.round((at * (ordered.length - 1)) / (mostPoints - 1))] as SurfacePoint);
}

/** Interpolation errors of different operations are independent and average out; what is left for a whole network is small, and not below what a machine repeats. */
function commonErrorOf(surfaces: readonly SurfaceDocument[]): number {
  const products = surfaces.filter(({ features }) => features.length > 1);
  const used = products.length > 0 ? products : surfaces;
  const mean = used.reduce((sum, { residuals }) => sum + residuals.median, 0) / Math.max(1, used.length);
  return Number(Math.max(0.02, mean / Math.sqrt(10)).toPrecision(3));
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
