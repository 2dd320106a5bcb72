/** Points of networks made of layers for the page and the record of a fit: transformer/parity.ts makes columns of them. */
import type { FittedRuns } from "../transformer/fit-catalogue.ts";
import type { ParityRow } from "../transformer/parity.ts";
import { networkTitle, seenElsewhere } from "./names.ts";
import type { LayerRun } from "./runs.ts";

export function layerRows({ runs }: Pick<FittedRuns<LayerRun>, "runs">): ParityRow[] {
  const twice = seenElsewhere(runs);
  return runs.map(({ case: one }): ParityRow => {
    const { id, series, title, model, device, machine, flags, layout, plan, remark, measured } = one;
    const cause = remark?.reason ?? (twice.has(id) ? "not known" : "its release of the framework occurs in no other series");
    return { id, series, title, family: networkTitle(model), network: "layers", device, machine, precision: plan.precision, devices: layout.devices, layout: describeStep(one), cause, measured_s: measured.step_s, flags };
  });
}

function describeStep({ layout, plan, stack }: LayerRun["case"]): string {
  const { samplesPerDevice } = layout;
  const passes = plan.accumulation > 1 ? [`in ${plan.accumulation} passes`] : [];
  return [`${samplesPerDevice} ${samplesPerDevice === 1 ? "sample" : "samples"} a device`, ...passes, plan.precision, plan.place === "memory" ? "samples in memory" : "samples read", stack].join(", ");
}
