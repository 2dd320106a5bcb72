/**
 * Writes a fit of collective times as a calibration document of scope "collective": parameters with standard errors, the times and what the fit makes of them
 * (the data of a residual plot), and what rules did. Rounded to what the fit can tell.
 */
import type { CollectiveCalibration } from "../../../model/schema/calibration.ts";
import type { PublishedSeries } from "../../../model/schema/series.ts";
import { parameterNames } from "./fit.ts";
import type { CollectiveFit, ParameterName, TimedCollective } from "./fit.ts";
import type { RuleHit } from "./rules.ts";

export interface FittedTimes {
  readonly id: string;
  readonly title: string;
  /** What was timed, as the document of published series says it. */
  readonly of: Pick<PublishedSeries, "library" | "machine" | "nodeLink" | "fabric" | "line" | "switched">;
  readonly note?: string;
  readonly from: CollectiveCalibration["from"];
  readonly rows: readonly TimedCollective[];
  readonly hits: readonly RuleHit[];
}

const unitOf: Readonly<Record<ParameterName, string | undefined>> = {
  start_s: "s", hop_s: "s", channelHop_s: "s", channelFill_bytes: "B", simpleHop_s: "s", lowLatencyShare: undefined, chunk_bytes: "B", rate_bytes_per_s: "B/s", ringStep_s: "s",
};
const round = (value: number, digits = 4): number => Number(value.toPrecision(digits));

export function describeCollectiveFit(times: FittedTimes, fit: CollectiveFit): CollectiveCalibration {
  const { id, title, of: { library, machine, nodeLink, fabric, line, switched }, note, from, rows, hits } = times;
  const shapes = new Map(rows.map(({ shape: { nodes, devicesPerNode } }) => [`${nodes} ${devicesPerNode}`, { nodes, devicesPerNode }]));
  const { n, median, p90, worst, bias } = fit.errors;
  return {
    $schema: "../schemas/calibration.schema.json",
    id,
    title,
    ...(note === undefined ? {} : { note }),
    scope: {
      kind: "collective",
      library,
      operation: rows[0]!.shape.operation,
      shapes: [...shapes.values()],
      ...(machine === undefined ? {} : { machine }),
      ...(nodeLink === undefined ? {} : { nodeLink }),
      ...(fabric === undefined ? {} : { fabric }),
      switched,
      ...(line === undefined ? {} : { line_bytes_per_s: line.value }),
    },
    method: "Two protocols over tree or ring (model/network/library/protocol-time.ts), maximum a posteriori on log time, soft-L1 of scale 0.1, Laplace covariance",
    from,
    rules: hits.map(({ rule, effect, bytes }) => ({ rule, effect, bytes: [...bytes] })),
    parameters: Object.fromEntries(
      parameterNames.map((name) => {
        const unit = unitOf[name];
        const informed = !fit.atPrior.includes(name);
        return [name, { value: round(fit.stack[name]), standardError: round(fit.standardErrors[name], 2), ...(unit === undefined ? {} : { unit }), ...(informed ? {} : { note: "near its prior: the times do not tell it" }) }];
      }),
    ),
    residuals: { n, median: round(median, 3), p90: round(p90, 3), worst: round(worst, 3), bias: round(bias, 3) },
    points: fit.residuals.map(({ nodes, bytes, measured_s, predicted_s }, index) => ({ nodes, bytes, form: rows[index]!.form, measured_s: round(measured_s, 6), predicted_s: round(predicted_s) })),
  };
}
