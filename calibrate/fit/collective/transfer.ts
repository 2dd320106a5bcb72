/**
 * Parameters of one series used on another: from few nodes to many, and from all-reduce to the other operations. Nothing of what is predicted takes part in
 * the fit. Intervals of the log error are not given: the parameters' covariance says nothing of a wrong form.
 */
import type { CollectiveCalibration } from "../../../model/schema/calibration.ts";
import { InputError, wrongValue } from "../../../model/problems.ts";
import type { PublishedScales } from "../../../model/schema/series.ts";
import { describeCollectiveFit } from "./document.ts";
import { errorsOf, fitCollective, residualsOf } from "./fit.ts";
import type { CollectiveFit, Residual, SeriesErrors, TimedCollective } from "./fit.ts";
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

type Scale = PublishedScales["scales"][number];
const timesOf = ({ sizes_bytes }: PublishedScales, { times_us }: Scale) => sizes_bytes.map((bytes, index) => ({ bytes, time_s: times_us[index]! * 1e-6 }));

/** The bandwidth that names ring or tree is that of the given scale alone: of one that informs the fit. */
export function rowsOfScale(series: PublishedScales, scale: Scale, namedBy: Scale = scale): TimedCollective[] {
  const shapeOf = (nodes: number) => ({ operation: "all-reduce" as const, nodes, devicesPerNode: series.devicesPerNode });
  const times = timesOf(series, scale);
  const forms = nameForms(shapeOf(scale.nodes), times, series.switched, { shape: shapeOf(namedBy.nodes), times: timesOf(series, namedBy) });
  return times.map(({ bytes, time_s }, index) => ({ shape: shapeOf(scale.nodes), form: forms[index]!, bytes, time_s }));
}

/** Each half of the sizes predicted by a fit of the other half: whether the parameters describe the series or only follow it. */
export function holdOut(rows: readonly TimedCollective[]): SeriesErrors {
  const sorted = rows.toSorted((a, b) => a.bytes - b.bytes);
  const half = (odd: number): TimedCollective[] => sorted.filter((_, index) => index % 2 === odd);
  return errorsOf([0, 1].flatMap((odd) => transferFit(half(1 - odd), half(odd)).residuals));
}

const informing = ({ scales }: PublishedScales): Scale[] => scales.filter(({ informs }) => informs).toSorted((a, b) => a.nodes - b.nodes);

/** Scales that inform the fit to one that does not: the goal of scale. */
export function transferScales(series: PublishedScales, toNodes: number): Transfer {
  const known = informing(series);
  const target = series.scales.find(({ nodes, informs }) => nodes === toNodes && !informs);
  if (target === undefined || known.length === 0) throw new InputError([wrongValue(`series/${series.id}: scales`, toNodes, "a number of nodes with times that do not inform the fit, beside some that do")]);
  return transferFit(known.flatMap((scale) => rowsOfScale(series, scale)), rowsOfScale(series, target, known.at(-1)));
}

/** Scales of the stack that informs, which are not in its fit. */
export function heldOutScales(series: PublishedScales): readonly Scale[] {
  const environments = new Set(informing(series).map(({ environment }) => environment));
  return series.scales.filter(({ informs, environment }) => !informs && environments.has(environment));
}

/** The fit of the scales that inform as a document; what it makes of the others stands in the note. */
export function describeScales(series: PublishedScales): CollectiveCalibration {
  const known = informing(series);
  const rows = known.flatMap((scale) => rowsOfScale(series, scale));
  const predicted = heldOutScales(series).map(({ nodes }) => `${nodes} nodes, which it has not seen, within ${(100 * transferScales(series, nodes).errors.worst).toFixed(1)} % at every size`);
  return describeCollectiveFit(
    {
      id: `collective-${series.id}`,
      title: `${series.title}, ${known.map(({ nodes }) => nodes).join(" and ")} nodes of ${series.devicesPerNode}, ${series.library}`,
      of: series,
      ...(predicted.length === 0 ? {} : { note: `Predicts ${predicted.join("; ")}` }),
      from: [{ file: series.file, published: `${series.published}, environment ${[...new Set(known.map(({ environment }) => environment))].join(" and ")}`, rows: rows.length }],
      rows,
      hits: [],
    },
    fitCollective(rows),
  );
}
