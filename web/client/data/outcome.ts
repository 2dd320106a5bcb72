/** One answer of the model for the page: prediction, knobs, published points in SI. Pure, so that tests compute it without a worker. */
import { knobs, predictSafely, resolveScenario } from "../../../model/index.ts";
import type { Problem } from "../../../model/problems.ts";
import type { Library, Scenario, Selection } from "../../../model/scenario.ts";
import { metrics } from "../../../model/schema/run.ts";
import { parseQuantity } from "../../../model/units.ts";
import { isDeviceCalibration } from "../../../model/schema/calibration.ts";
import type { DeviceChoice, KernelTable, Outcome, Published } from "../protocol.ts";
import { chooseDevices } from "./devices.ts";

export type Computed = { outcome: Omit<Outcome, "elapsed_ms">; problems?: undefined } | { outcome?: undefined; problems: readonly Problem[] };

export function computeOutcome(library: Library, selection: Selection, choice: DeviceChoice): Computed {
  const resolved = resolveScenario(library, selection);
  if (!resolved.scenario) return { problems: resolved.problems };
  const { scenario } = resolved;
  const perNode = scenario.machine.node.devices.value;
  const total = scenario.machine.nodes.value * perNode;
  const devices = "only" in choice ? choice.only : chooseDevices(scenario.run, perNode, total, choice.include);
  const result = predictSafely(library, selection, { devices });
  if (!result.prediction) return { problems: result.problems };
  return { outcome: { prediction: result.prediction, knobs: knobs(scenario), published: publishedOf(scenario), kernels: kernelsOf(scenario), definitions: scenario.run?.definitions ?? [], total } };
}

/** Tables of the device in the plan's precision, or of the device whose kernels stand in for its own. */
function kernelsOf({ calibrations, device, plan }: Scenario): KernelTable[] {
  const tables = calibrations.filter(isDeviceCalibration).filter(({ scope }) => scope.precision === plan.precision);
  const own = tables.filter(({ scope }) => scope.device === device.id);
  const standIn = own.length > 0 ? undefined : device.kernelsLike?.device;
  return (standIn === undefined ? own : tables.filter(({ scope }) => scope.device === standIn)).map((table) => {
    const { median } = table.residuals;
    return { title: table.title, rows: table.rows.used, sources: [...new Set(table.from.map(({ source }) => source))], medianError: typeof median === "number" ? median : null, standIn: standIn ?? null };
  });
}

export function publishedOf({ run }: Pick<Scenario, "run">): Published[] {
  if (run === null) return [];
  return run.points.flatMap((point) => {
    const parse = (text: string | undefined): number | undefined => {
      const parsed = text === undefined ? undefined : parseQuantity(text, metrics[point.metric]);
      return parsed?.ok ? parsed.value : undefined;
    };
    const value = parse(point.value);
    if (value === undefined) return [];
    const [low, high] = [parse(point.low), parse(point.high)];
    return [{
      run: run.id, point: point.id, devices: point.devices, metric: point.metric, dimension: metrics[point.metric], value, text: point.value, how: point.how, use: point.use,
      source: point.source ?? run.source ?? "", overridden: Object.keys(point.overrides ?? {}).length > 0,
      ...(low !== undefined ? { low } : {}), ...(high !== undefined ? { high } : {}), ...(point.note !== undefined ? { note: point.note } : {}),
    }];
  });
}
