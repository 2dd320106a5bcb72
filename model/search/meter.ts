/** Step time and device memory of layouts, with the arrays they are written to and counts of how often each was asked. */
import { makeStepCosts } from "../cost/transformer/step-costs.ts";
import { parameterIndex as at } from "../cost/transformer/parameters.ts";
import { energyOfStep } from "../energy/search-power.ts";
import { resultLength, Result } from "../engine/pipeline/terms.ts";
import { timeAtCosts, timeProgram } from "../engine/pipeline/time-step.ts";
import { footprintColumns, memoryParts } from "../memory/columns.ts";
import { footprint, makeFootprint, stageFootprint } from "../memory/footprint.ts";
import { judgeFit } from "../memory/judge.ts";
import type { Layout } from "../plan/layout.ts";
import { buildTransformerProgram } from "../program/transformer/build.ts";
import { makeTransformerProgram } from "../program/transformer/columns.ts";
import type { Architecture } from "../workload/transformer/architecture.ts";
import type { RecipeCosts, SearchProblem } from "./problem.ts";

/** Parts of the memory that no micro-batch and no recomputation changes. */
const lasting = ["weights", "gradients", "optimizer", "gradientCopies", "narrowWeights", "unusedGradients", "workspace"] as const;
const lastingColumns = lasting.map((part) => memoryParts.indexOf(part));

export interface Meter {
  /** Of the layout last timed. */
  step_s: number;
  /** All micro-batches on the stages with messages, and with the bubble where more recomputation never makes that shorter; what no layout avoids. */
  passes_s: number;
  fixed_s: number;
  head_s: number;
  /** Products of the layers at their peak. */
  ideal_s: number;
  /** Of the step; 0 where no objective asks for it. */
  energy_J: number;
  /** Step over step without waiting for the slowest node. */
  slowest: number;
  /** Of the layout last weighed. */
  device_bytes: number;
  allocated_bytes: number;
  fits: boolean;
  times: number;
  footprints: number;
  time(layout: Layout): void;
  /** The same for a layout whose layers are not timed again soon: kept programs of others stay. */
  timeOnce(layout: Layout): void;
  weigh(layout: Layout): void;
  /** The least device memory of all layouts that differ from this one in micro-batch and recomputation; `fits` tells whether any can fit. */
  weighLasting(layout: Layout): number;
}

const haveEqualStages = ({ pipeline, split }: Layout, { layers, experts, encoderLayers, stateSpace, attention }: Architecture): boolean =>
  split === "even" && layers % pipeline === 0 && experts === null && encoderLayers === 0 && stateSpace === null && (attention.window === 0 || attention.fullEvery === 0);

/** Weight gradients of the slowest stage fill the bubble; another stage may become the slowest where stages differ. */
const fillsBubble = ({ schedule }: Layout): boolean => schedule === "zero-bubble" || schedule === "dualpipe";

export function makeMeter({ architecture, memory, reserve = 0, objective, pareto, power }: SearchProblem, { hardware, values }: RecipeCosts): Meter {
  const model = [objective, ...(pareto ?? [])].includes("energy") ? power : undefined;
  const out = new Float64Array(resultLength);
  const costs = makeStepCosts(hardware, values);
  const program = makeTransformerProgram();
  const into = makeFootprint();
  const scratch = makeFootprint();
  const capacity_bytes = hardware.memory_bytes;
  const fits = (allocated: number, device: number): boolean => device <= capacity_bytes * (1 - reserve) && judgeFit(allocated, device, capacity_bytes) !== "does not fit";
  const meter: Meter = {
    step_s: 0, passes_s: 0, fixed_s: 0, head_s: 0, ideal_s: 0, energy_J: 0, slowest: 1, device_bytes: 0, allocated_bytes: 0, fits: false, times: 0, footprints: 0,
    time(layout) {
      timeAtCosts(architecture, layout, costs, out);
      read(layout);
    },
    timeOnce(layout) {
      timeProgram(buildTransformerProgram(architecture, layout, program), layout, hardware, values, out);
      read(layout);
    },
    weigh(layout) {
      meter.allocated_bytes = footprint(architecture, layout, memory, into, scratch);
      meter.device_bytes = into[footprintColumns.device] as number;
      meter.fits = fits(meter.allocated_bytes, meter.device_bytes);
      meter.footprints++;
    },
    weighLasting(layout) {
      let least = 0;
      meter.fits = true;
      for (const stage of layout.pipeline > 1 ? [0, layout.pipeline - 1] : [0]) {
        stageFootprint(architecture, layout, memory, stage, into);
        let allocated = 0;
        for (const column of lastingColumns) allocated += into[column] as number;
        const beside = (into[footprintColumns.device] as number) - (into[footprintColumns.allocated] as number) * memory.reservedShare;
        const device = allocated * memory.reservedShare + beside;
        if (!fits(allocated, device)) meter.fits = false;
        least = Math.max(least, device);
      }
      return least;
    },
  };
  return meter;

  function read(layout: Layout): void {
    const step_s = out[Result.step] as number;
    meter.step_s = step_s;
    meter.passes_s = (out[Result.passes] as number) - (fillsBubble(layout) && !haveEqualStages(layout, architecture) ? (out[Result.bubble] as number) : 0);
    meter.fixed_s = out[Result.fixed] as number;
    meter.head_s = out[Result.head] as number;
    meter.ideal_s = out[Result.ideal] as number;
    meter.energy_J = model === undefined ? 0 : energyOfStep(model, out, layout.pipeline, values[at.memoryShare] as number, layout.devices);
    meter.slowest = step_s / (step_s - (out[Result.jitter] as number));
    meter.times++;
  }
}
