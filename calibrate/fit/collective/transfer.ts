/**
 * Parameters of one series used on another: from few nodes to many, and from all-reduce to the other operations. Nothing of what is predicted takes part in
 * the fit. Intervals of the log error are not given: the parameters' covariance says nothing of a wrong form.
 */
import type { CollectiveCalibration } from "../../../model/schema/calibration.ts";
import { describeCollectiveFit } from "./document.ts";
import { errorsOf, fitCollective, residualsOf } from "./fit.ts";
import type { CollectiveFit, Residual, SeriesErrors, TimedCollective } from "./fit.ts";
import { polaris, polarisDevicesPerNode } from "./polaris.ts";
import type { PublishedTimes } from "./polaris.ts";
import { nameForms } from "./series.ts";

export interface Transfer {
  readonly fit: CollectiveFit;
  readonly residuals: readonly Residual[];
  readonly errors: SeriesErrors;
}

export function transferFit(from: readonly TimedCollective[], to: readonly TimedCollective[]): Transfer {
  const fit = fitCollective(from);
  const residuals = residualsOf(to, fit.stack);
  return { fit, residuals, errors: errorsOf(residuals) };
}

/** Polaris has no switch in its nodes. The bandwidth that names ring or tree is that of the given series alone: of the nodes that inform the fit. */
export function polarisRows(series: PublishedTimes, namedBy: PublishedTimes = series): TimedCollective[] {
  const shapeOf = (nodes: number) => ({ operation: "all-reduce" as const, nodes, devicesPerNode: polarisDevicesPerNode });
  const forms = nameForms(shapeOf(series.nodes), series.times, false, { shape: shapeOf(namedBy.nodes), times: namedBy.times });
  return series.times.map(({ bytes, time_s }, index) => ({ shape: shapeOf(series.nodes), form: forms[index]!, bytes, time_s }));
}

/** Each half of the sizes predicted by a fit of the other half: whether the parameters describe the series or only follow it. */
export function holdOut(rows: readonly TimedCollective[]): SeriesErrors {
  const sorted = rows.toSorted((a, b) => a.bytes - b.bytes);
  const half = (odd: number): TimedCollective[] => sorted.filter((_, index) => index % 2 === odd);
  return errorsOf([0, 1].flatMap((odd) => transferFit(half(1 - odd), half(odd)).residuals));
}

/** The goal of scale: 2 and 8 nodes inform, 256 nodes are predicted. */
export function transferPolaris(toNodes = 256): Transfer {
  const [two, eight] = [polaris.find(({ nodes }) => nodes === 2)!, polaris.find(({ nodes }) => nodes === 8)!];
  const target = polaris.find(({ nodes }) => nodes === toNodes)!;
  return transferFit([...polarisRows(two), ...polarisRows(eight)], polarisRows(target, eight));
}

/** The fit of 2 and 8 nodes as a document; what it makes of 256 nodes stands in the note. */
export function describePolaris(): CollectiveCalibration {
  const rows = polaris.filter(({ nodes }) => nodes <= 8).flatMap((series) => polarisRows(series));
  const { fit, errors } = transferPolaris();
  return describeCollectiveFit(
    {
      id: "collective-polaris",
      title: "A100 Polaris, Slingshot 11, 2 and 8 nodes of 4, nccl",
      library: "nccl",
      note: `Predicts 256 nodes, which it has not seen, within ${(100 * errors.worst).toFixed(1)} % at every size`,
      from: [{ file: "results_polaris", published: "argonne-lcf/alcf-nccl-tests @385be33, environment 4", rows: rows.length }],
      rows,
      hits: [],
    },
    fit,
  );
}
