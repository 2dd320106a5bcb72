/**
 * A step of a transformer by events on devices that are not equal: in every replica of the pipeline each stage computes at the pace of the slowest of its ranks, and the
 * gradients' sum waits for the slowest replica. Ranks are numbered tensor first, then context, data and pipeline, as Megatron-LM does. Replicas with the same paces are
 * simulated once. What devices exchange is not slower; the jitter of equal nodes is the closed form's.
 */
import type { TransformerHardware, TransformerValues } from "../../../cost/transformer/parameters.ts";
import type { Layout } from "../../../plan/layout.ts";
import { buildTransformerProgram } from "../../../program/transformer/build.ts";
import type { Architecture } from "../../../workload/transformer/architecture.ts";
import { Result } from "../terms.ts";
import { timeProgram } from "../time-step.ts";
import { simulatePipeline, type PipelineWork } from "./simulate.ts";
import { pipelineWork } from "./simulate-step.ts";

const compute = [Result.ideal, Result.inefficiency, Result.memory, Result.launch, Result.head] as const;

/** A function from the time of each device's work over the mean's to the step. */
export function simulateTransformerFleet(architecture: Architecture, layout: Layout, hardware: TransformerHardware, values: TransformerValues): (slowdowns: Float64Array) => number {
  const program = buildTransformerProgram(architecture, layout);
  const result = timeProgram(program, layout, hardware, values);
  const at = (term: number) => result[term] as number;
  const work = pipelineWork(program, layout, hardware, values);
  const rest_s = at(Result.step) - at(Result.jitter) - at(Result.passes);
  const equalJitter = 1 + at(Result.jitter) / (at(Result.step) - at(Result.jitter));
  const passes_s = at(Result.passes) - at(Result.bubble) - at(Result.messages);
  const share = compute.reduce((sum, term) => sum + at(term), 0) / passes_s;
  const { pipeline, data } = layout;
  const within = layout.tensor * layout.context;
  const known = new Map<string, number>();
  return (slowdowns) => {
    let most = 0;
    for (let replica = 0; replica < data; replica++) {
      const paces = Array.from({ length: pipeline }, (_, stage) => {
        let slowest = 0;
        for (let rank = 0; rank < within; rank++) slowest = Math.max(slowest, slowdowns[(stage * data + replica) * within + rank] as number);
        return slowest;
      });
      const key = paces.map((pace) => pace.toPrecision(6)).join(" ");
      const before = known.get(key);
      const step_s = before ?? simulatePipeline(slowed(work, paces, share)).makespan_s + rest_s + at(Result.optimizer) * (Math.max(...paces) - 1);
      if (before === undefined) known.set(key, step_s);
      if (step_s > most) most = step_s;
    }
    return most * equalJitter;
  };
}

/** `share`: of a stage's time, what its devices compute. */
function slowed(work: PipelineWork, paces: readonly number[], share: number): PipelineWork {
  const longer = (times: Float64Array) => times.map((time, place) => time * (1 + share * ((paces[place % work.stages] as number) - 1)));
  return { ...work, forward_s: longer(work.forward_s), data_s: longer(work.data_s), weight_s: longer(work.weight_s) };
}
